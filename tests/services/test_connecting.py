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
from tests.support.company import ANA, DANA, KEY, KIM, ROBIN, Company, allow
from tests.support.decisions import give_role, turn_gmail_off

CONNECTED = "SELECT count(*) FROM mailboxes WHERE connected_at IS NOT NULL"
BOX = "SELECT state, sealed_token IS NOT NULL, refused_at IS NOT NULL FROM mailboxes WHERE id = %s"


def back(company: Company, email: str = ROBIN, **how: object) -> dict[str, str]:
    """What comes back from Google for this member."""
    url = connecting.begin(company.deps, company.actor(email), return_to="/settings/email")
    return allow(url, email, **how)  # type: ignore[arg-type]


@pytest.mark.contract("V-27")
def test_before_the_workspace_switch_nobody_connects(quiet_company: Company) -> None:
    company = quiet_company
    answer = back(company)
    turn_gmail_off(company)
    with pytest.raises(NotAllowed, match="An admin turns it on"):
        connecting.begin(company.deps, company.actor(), return_to="/")
    with pytest.raises(NotAllowed, match="An admin turns it on"):
        connecting.finish(company.deps, company.actor(), **answer)
    assert company.rows("SELECT state FROM mailboxes") == []


def saved(company: Company, answer: dict[str, str], email: str = ROBIN) -> connecting.Connected:
    """Back from Google for the first time, and confirmed under the member's name."""
    actor = company.actor(email)
    arrived = connecting.finish(company.deps, actor, **answer)
    assert isinstance(arrived, connecting.Unconfirmed)
    name = actor.name
    return connecting.confirm(company.deps, actor, state=arrived.state, display_name=name)


@pytest.mark.contract("V-25")
def test_the_token_is_sealed_and_the_way_back_is_ours(quiet_company: Company) -> None:
    company = quiet_company
    connected = saved(company, back(company))
    assert connected.return_to == "/settings/email"
    mailbox_id = connected.mailbox_id
    sealed = company.value("SELECT sealed_token FROM mailboxes")
    clear = Sealer([KEY]).open(sealed, context=f"mailbox-token:{mailbox_id}")
    assert clear.encode() not in sealed
    assert clear not in company.dump()
    assert company.value("SELECT email FROM mailboxes") == ROBIN
    noted = "SELECT subject FROM audit_log WHERE action = 'mailbox.connected'"
    assert company.rows(noted) == [(f"mailbox:{mailbox_id}",)]


@pytest.mark.contract("H-10")
@pytest.mark.parametrize("scope", GMAIL_SCOPES)
def test_an_unticked_permission_is_named(quiet_company: Company, scope: str) -> None:
    company = quiet_company
    with pytest.raises(ScopeMissing, match=CONSENT_TEXTS[scope]) as refused:
        company.connect(ROBIN, untick=(scope,))
    assert refused.value.scopes == (scope,)
    assert company.rows("SELECT id FROM mailboxes WHERE sealed_token IS NOT NULL") == []


@pytest.mark.contract("S-2")
def test_before_an_admin_of_the_domain_allows_the_app_that_is_the_reason(
    quiet_company: Company,
) -> None:
    company = quiet_company
    state = back(company)["state"]
    refused = {"state": state, "code": "", "error": "admin_policy_enforced"}
    with pytest.raises(ConsentRefused, match="administrator has not allowed Rapport yet"):
        connecting.finish(company.deps, company.actor(), **refused)
    assert company.rows("SELECT id FROM mailboxes WHERE sealed_token IS NOT NULL") == []


@pytest.mark.contract("S-4", "K-3")
def test_each_member_authorises_a_mailbox_of_their_own(quiet_company: Company) -> None:
    company = quiet_company
    robin = company.connected(ROBIN)
    own = (
        "SELECT email, state, sealed_token IS NOT NULL FROM mailboxes WHERE state <> 'unconnected'"
    )
    assert company.rows(own) == [(ROBIN, "live", True)]
    kim = company.connected(KIM)
    assert sorted(company.rows(own)) == [(KIM, "live", True), (ROBIN, "live", True)]
    sealed = {token for (token,) in company.rows("SELECT sealed_token FROM mailboxes")}
    assert len(sealed - {None}) == 2
    connecting.disconnect(company.deps, company.actor(KIM), mailbox_id=kim)
    assert company.rows(BOX, robin)[0][:2] == ("live", True)


def test_cancelling_at_google_is_said_plainly(quiet_company: Company) -> None:
    with pytest.raises(ConsentRefused, match="did not press Allow"):
        quiet_company.connect(ROBIN, cancel=True)


def test_a_way_back_works_once_for_ten_minutes_and_for_its_own_member(
    quiet_company: Company,
) -> None:
    company = quiet_company
    answer = back(company)
    with pytest.raises(NotAllowed, match="somebody else"):
        connecting.finish(company.deps, company.actor(KIM), **answer)
    with pytest.raises(AuthenticationFailed, match="used already"):
        connecting.finish(company.deps, company.actor(), **answer)
    late, answer = company.later(minutes=11), back(company)
    with pytest.raises(AuthenticationFailed, match="ten minutes"):
        connecting.finish(late.deps, company.actor(), **answer)
    with pytest.raises(AuthenticationFailed):
        connecting.finish(company.deps, company.actor(), state="forged", code="x")


@pytest.mark.contract("V-33")
@pytest.mark.contract("D-15")
def test_one_profile_has_one_google_account(quiet_company: Company) -> None:
    company = quiet_company
    company.connect(ROBIN)
    with pytest.raises(InputError, match="different Google account"):
        company.connect(ROBIN, google_account=ANA)
    assert company.rows("SELECT email FROM mailboxes") == [(ROBIN,)]


@pytest.mark.contract("K-11")
@pytest.mark.contract("D-28")
def test_one_google_account_is_connected_in_one_place(quiet_company: Company) -> None:
    company = quiet_company
    company.connect(ROBIN)
    elsewhere = seeding.seed(
        company.deps,
        {
            "workspace": {"name": "Elsewhere", "domain": "elsewhere.example"},
            "people": [{"email": "rob@elsewhere.example", "name": "Rob", "role": "admin"}],
            "accounts": [],
            "contacts": [],
        },
    )
    assert elsewhere != company.actor().workspace_id
    rob = company.actor("rob@elsewhere.example")
    url = connecting.begin(company.deps, rob, return_to="/")
    with pytest.raises(Conflict, match="already connected"):
        connecting.finish(company.deps, rob, **allow(url, ROBIN))
    assert company.value(CONNECTED) == 1


@pytest.mark.contract("K-11")
def test_of_two_who_confirm_one_google_account_one_gets_it(quiet_company: Company) -> None:
    company, answers = quiet_company, {}
    for email in (ROBIN, KIM):
        url = connecting.begin(company.deps, company.actor(email), return_to="/")
        answer = allow(url, ANA)
        arrived = connecting.finish(company.deps, company.actor(email), **answer)
        assert arrived == connecting.Unconfirmed(answer["state"])
        answers[email] = {"state": answer["state"], "display_name": "Ana"}
    connecting.confirm(company.deps, company.actor(ROBIN), **answers[ROBIN])
    with pytest.raises(Conflict, match="already connected"):
        connecting.confirm(company.deps, company.actor(KIM), **answers[KIM])
    assert company.value(CONNECTED) == 1
    company.work()
    assert company.value("SELECT state FROM mailboxes WHERE connected_at IS NOT NULL") == "live"


@pytest.mark.contract("K-32", "K-33", "K-36", "H-25", "H-26")
@pytest.mark.contract("V-35")
@pytest.mark.contract("V-36")
@pytest.mark.contract("D-21")
@pytest.mark.contract("H-38")
@pytest.mark.contract("H-39")
def test_disconnecting_keeps_history_and_brings_nothing_new(quiet_company: Company) -> None:
    company = quiet_company
    company.receives(**{"from": DANA})
    box = company.connected()
    connecting.disconnect(company.deps, company.actor(), mailbox_id=box)
    company.receives(**{"from": DANA})
    company.later(minutes=20).sweep()
    assert company.value("SELECT count(*) FROM messages") == 1
    assert company.rows(BOX, box) == [("disconnected", False, False)]
    company.connected()
    assert company.rows(BOX, box) == [("live", True, False)]
    company.later(minutes=20).sweep()
    assert company.value("SELECT count(*) FROM messages") == 2


def test_only_the_owner_or_an_admin_disconnects(quiet_company: Company) -> None:
    company = quiet_company
    box = company.connect(ROBIN)
    give_role(company, KIM, "member")
    with pytest.raises(NotAllowed):
        connecting.disconnect(company.deps, company.actor(KIM), mailbox_id=box)
    give_role(company, KIM, "admin")
    connecting.disconnect(company.deps, company.actor(KIM), mailbox_id=box)
    assert company.rows(BOX, box) == [("disconnected", False, False)]


@pytest.mark.contract("K-31", "K-34")
def test_revoked_elsewhere_counts_after_the_second_refusal(quiet_company: Company) -> None:
    company = quiet_company
    box = company.connected()
    company.simulator.post("/simulator/faults", {"kind": "token_revoke", "match": {"user": ROBIN}})
    first = company.later(minutes=16)
    first.sweep()
    assert company.rows(BOX, box) == [("live", True, True)]
    company.later(minutes=16, seconds=30).sweep()
    assert company.rows(BOX, box) == [("live", True, True)]
    company.later(minutes=18).sweep()
    assert company.rows(BOX, box) == [("disconnected", False, False)]
    assert "Connect it again" in company.value("SELECT last_error FROM mailboxes")
    assert company.value("SELECT cursor IS NOT NULL FROM mailboxes")


def test_a_token_endpoint_that_fails_is_no_refusal(quiet_company: Company) -> None:
    company = quiet_company
    box = company.connected()
    company.deps.google.cache.forget(box)
    fault = {"kind": "status", "match": "/token", "params": {"code": 503}, "times": 20}
    company.simulator.post("/simulator/faults", fault)
    for minutes in (16, 18, 20):
        company.later(minutes=minutes).sweep()
    assert company.rows(BOX, box) == [("live", True, False)]
