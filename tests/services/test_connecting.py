"""Connecting a mailbox and ending the connection, with the real consent page in between."""

import pytest

from backend.domain.oauth.scopes import CONSENT_TEXTS, GMAIL_SCOPES
from backend.errors import (
    AuthenticationFailed,
    Conflict,
    ConsentRefused,
    InputError,
    NotAllowed,
    ScopeMissing,
)
from backend.services import connecting, seeding
from backend.store.sealing import Sealer
from tests.support.decisions import give_role, turn_gmail_off
from tests.support.office import ANA, DANA, KEY, KIM, ROBIN, Office, allow

CONNECTED = "SELECT count(*) FROM mailboxes WHERE connected_at IS NOT NULL"
BOX = "SELECT state, sealed_token IS NOT NULL, refused_at IS NOT NULL FROM mailboxes WHERE id = %s"


def back(office: Office, email: str = ROBIN, **how: object) -> dict[str, str]:
    """What comes back from Google for this member."""
    url = connecting.begin(office.deps, office.actor(email), return_to="/settings/email")
    return allow(url, email, **how)  # type: ignore[arg-type]


@pytest.mark.contract("V-27")
def test_before_the_workspace_switch_nobody_connects(quiet_office: Office) -> None:
    office = quiet_office
    answer = back(office)
    turn_gmail_off(office)
    with pytest.raises(NotAllowed, match="An admin turns it on"):
        connecting.begin(office.deps, office.actor(), return_to="/")
    with pytest.raises(NotAllowed, match="An admin turns it on"):
        connecting.finish(office.deps, office.actor(), **answer)
    assert office.rows("SELECT state FROM mailboxes") == []


def saved(office: Office, answer: dict[str, str], email: str = ROBIN) -> connecting.Connected:
    """Back from Google for the first time, and confirmed under the member's name."""
    actor = office.actor(email)
    arrived = connecting.finish(office.deps, actor, **answer)
    assert isinstance(arrived, connecting.Unconfirmed)
    name = actor.name
    return connecting.confirm(office.deps, actor, state=arrived.state, display_name=name)


@pytest.mark.contract("V-25")
def test_the_token_is_sealed_and_the_way_back_is_ours(quiet_office: Office) -> None:
    office = quiet_office
    connected = saved(office, back(office))
    assert connected.return_to == "/settings/email"
    mailbox_id = connected.mailbox_id
    sealed = office.value("SELECT sealed_token FROM mailboxes")
    clear = Sealer([KEY]).open(sealed, context=f"mailbox-token:{mailbox_id}")
    assert clear.encode() not in sealed
    assert clear not in office.dump()
    assert office.value("SELECT email FROM mailboxes") == ROBIN
    noted = "SELECT subject FROM audit_log WHERE action = 'mailbox.connected'"
    assert office.rows(noted) == [(f"mailbox:{mailbox_id}",)]


@pytest.mark.contract("H-10")
@pytest.mark.parametrize("scope", GMAIL_SCOPES)
def test_an_unticked_permission_is_named(quiet_office: Office, scope: str) -> None:
    office = quiet_office
    with pytest.raises(ScopeMissing, match=CONSENT_TEXTS[scope]) as refused:
        office.connect(ROBIN, untick=(scope,))
    assert refused.value.scopes == (scope,)
    assert office.rows("SELECT id FROM mailboxes WHERE sealed_token IS NOT NULL") == []


@pytest.mark.contract("S-2")
def test_before_an_admin_of_the_domain_allows_the_app_that_is_the_reason(
    quiet_office: Office,
) -> None:
    office = quiet_office
    state = back(office)["state"]
    refused = {"state": state, "code": "", "error": "admin_policy_enforced"}
    with pytest.raises(ConsentRefused, match="administrator has not allowed Rapport yet"):
        connecting.finish(office.deps, office.actor(), **refused)
    assert office.rows("SELECT id FROM mailboxes WHERE sealed_token IS NOT NULL") == []


@pytest.mark.contract("S-4", "K-3")
def test_each_member_authorises_a_mailbox_of_their_own(quiet_office: Office) -> None:
    office = quiet_office
    robin = office.connected(ROBIN)
    own = (
        "SELECT email, state, sealed_token IS NOT NULL FROM mailboxes WHERE state <> 'unconnected'"
    )
    assert office.rows(own) == [(ROBIN, "live", True)]
    kim = office.connected(KIM)
    assert sorted(office.rows(own)) == [(KIM, "live", True), (ROBIN, "live", True)]
    sealed = {token for (token,) in office.rows("SELECT sealed_token FROM mailboxes")}
    assert len(sealed - {None}) == 2
    connecting.disconnect(office.deps, office.actor(KIM), mailbox_id=kim)
    assert office.rows(BOX, robin)[0][:2] == ("live", True)


def test_cancelling_at_google_is_said_plainly(quiet_office: Office) -> None:
    with pytest.raises(ConsentRefused, match="did not press Allow"):
        quiet_office.connect(ROBIN, cancel=True)


def test_a_way_back_works_once_for_ten_minutes_and_for_its_own_member(
    quiet_office: Office,
) -> None:
    office = quiet_office
    answer = back(office)
    with pytest.raises(NotAllowed, match="somebody else"):
        connecting.finish(office.deps, office.actor(KIM), **answer)
    with pytest.raises(AuthenticationFailed, match="used already"):
        connecting.finish(office.deps, office.actor(), **answer)
    late, answer = office.later(minutes=11), back(office)
    with pytest.raises(AuthenticationFailed, match="ten minutes"):
        connecting.finish(late.deps, office.actor(), **answer)
    with pytest.raises(AuthenticationFailed):
        connecting.finish(office.deps, office.actor(), state="forged", code="x")


@pytest.mark.contract("V-33")
@pytest.mark.contract("D-15")
def test_one_profile_has_one_google_account(quiet_office: Office) -> None:
    office = quiet_office
    office.connect(ROBIN)
    with pytest.raises(InputError, match="different Google account"):
        office.connect(ROBIN, google_account=ANA)
    assert office.rows("SELECT email FROM mailboxes") == [(ROBIN,)]


@pytest.mark.contract("K-11")
@pytest.mark.contract("D-28")
def test_one_google_account_is_connected_in_one_place(quiet_office: Office) -> None:
    office = quiet_office
    office.connect(ROBIN)
    elsewhere = seeding.seed(
        office.deps,
        {
            "workspace": {"name": "Elsewhere", "domain": "elsewhere.example"},
            "people": [{"email": "rob@elsewhere.example", "name": "Rob", "role": "admin"}],
            "accounts": [],
            "contacts": [],
        },
    )
    assert elsewhere != office.actor().workspace_id
    rob = office.actor("rob@elsewhere.example")
    url = connecting.begin(office.deps, rob, return_to="/")
    with pytest.raises(Conflict, match="already connected"):
        connecting.finish(office.deps, rob, **allow(url, ROBIN))
    assert office.value(CONNECTED) == 1


@pytest.mark.contract("K-11")
def test_of_two_who_confirm_one_google_account_one_gets_it(quiet_office: Office) -> None:
    office, answers = quiet_office, {}
    for email in (ROBIN, KIM):
        url = connecting.begin(office.deps, office.actor(email), return_to="/")
        answer = allow(url, ANA)
        arrived = connecting.finish(office.deps, office.actor(email), **answer)
        assert arrived == connecting.Unconfirmed(answer["state"])
        answers[email] = {"state": answer["state"], "display_name": "Ana"}
    connecting.confirm(office.deps, office.actor(ROBIN), **answers[ROBIN])
    with pytest.raises(Conflict, match="already connected"):
        connecting.confirm(office.deps, office.actor(KIM), **answers[KIM])
    assert office.value(CONNECTED) == 1
    office.work()
    assert office.value("SELECT state FROM mailboxes WHERE connected_at IS NOT NULL") == "live"


@pytest.mark.contract("K-32", "K-33", "K-36", "H-25", "H-26")
@pytest.mark.contract("V-35")
@pytest.mark.contract("V-36")
@pytest.mark.contract("D-21")
@pytest.mark.contract("H-38")
@pytest.mark.contract("H-39")
def test_disconnecting_keeps_history_and_brings_nothing_new(quiet_office: Office) -> None:
    office = quiet_office
    office.receives(**{"from": DANA})
    box = office.connected()
    connecting.disconnect(office.deps, office.actor(), mailbox_id=box)
    office.receives(**{"from": DANA})
    office.later(minutes=20).sweep()
    assert office.value("SELECT count(*) FROM messages") == 1
    assert office.rows(BOX, box) == [("disconnected", False, False)]
    office.connected()
    assert office.rows(BOX, box) == [("live", True, False)]
    office.later(minutes=20).sweep()
    assert office.value("SELECT count(*) FROM messages") == 2


def test_only_the_owner_or_an_admin_disconnects(quiet_office: Office) -> None:
    office = quiet_office
    box = office.connect(ROBIN)
    give_role(office, KIM, "member")
    with pytest.raises(NotAllowed):
        connecting.disconnect(office.deps, office.actor(KIM), mailbox_id=box)
    give_role(office, KIM, "admin")
    connecting.disconnect(office.deps, office.actor(KIM), mailbox_id=box)
    assert office.rows(BOX, box) == [("disconnected", False, False)]


@pytest.mark.contract("K-31", "K-34")
def test_revoked_elsewhere_counts_after_the_second_refusal(quiet_office: Office) -> None:
    office = quiet_office
    box = office.connected()
    office.simulator.post("/simulator/faults", {"kind": "token_revoke", "match": {"user": ROBIN}})
    first = office.later(minutes=16)
    first.sweep()
    assert office.rows(BOX, box) == [("live", True, True)]
    office.later(minutes=16, seconds=30).sweep()
    assert office.rows(BOX, box) == [("live", True, True)]
    office.later(minutes=18).sweep()
    assert office.rows(BOX, box) == [("disconnected", False, False)]
    assert "Connect it again" in office.value("SELECT last_error FROM mailboxes")
    assert office.value("SELECT cursor IS NOT NULL FROM mailboxes")


def test_a_token_endpoint_that_fails_is_no_refusal(quiet_office: Office) -> None:
    office = quiet_office
    box = office.connected()
    office.deps.google.cache.forget(box)
    fault = {"kind": "status", "match": "/token", "params": {"code": 503}, "times": 20}
    office.simulator.post("/simulator/faults", fault)
    for minutes in (16, 18, 20):
        office.later(minutes=minutes).sweep()
    assert office.rows(BOX, box) == [("live", True, False)]
