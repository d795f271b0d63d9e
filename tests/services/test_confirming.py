"""Nothing is connected before its person has seen the authorised address and saved it."""

import pytest
import requests

from backend.domain.oauth.scopes import READ
from backend.errors import AuthenticationFailed, InputError, NotAllowed
from backend.services import connecting
from backend.services.settings import add_alias
from tests.support.decisions import choose
from tests.support.office import ANA, DANA, KIM, PUBLIC_URL, ROBIN, Office, allow
from tests.support.simulator import CLIENT_ID

HELD = "SELECT count(*) FROM oauth_attempts WHERE sealed_grant IS NOT NULL"
TOKENS = "SELECT count(*) FROM mailboxes WHERE sealed_token IS NOT NULL"


def arrive(office: Office, account: str, *, wanted: str = "") -> connecting.Unconfirmed:
    """Robin comes back from Google, where this account was chosen."""
    actor = office.actor()
    url = connecting.begin(office.deps, actor, return_to="/", address=wanted)
    arrived = connecting.finish(office.deps, actor, **allow(url, account))
    assert isinstance(arrived, connecting.Unconfirmed)
    return arrived


def still_granted(office: Office, account: str) -> bool:
    """Whether Google remembers what this account allowed: then it asks nothing again."""
    question = {
        "client_id": CLIENT_ID,
        "redirect_uri": f"{PUBLIC_URL}/mailbox/callback",
        "response_type": "code",
        "scope": READ,
        "login_hint": account,
    }
    page = f"{office.simulator.root}/o/oauth2/v2/auth"
    answer = requests.get(page, params=question, allow_redirects=False, timeout=20)
    return answer.status_code == 302


@pytest.mark.contract("K-7", "K-21", "S-7")
def test_the_address_is_shown_and_only_saving_connects_it(quiet_office: Office) -> None:
    office, actor = quiet_office, quiet_office.actor()
    office.receives(**{"from": DANA})
    arrived = arrive(office, ROBIN)
    shown = connecting.unconfirmed(office.deps, actor, state=arrived.state)
    assert (shown.email, shown.warning) == (ROBIN, "")
    office.later(minutes=5).sweep()
    assert office.value(TOKENS) == 0
    assert office.value("SELECT count(*) FROM messages") == 0
    connecting.confirm(office.deps, actor, state=arrived.state, display_name="Robin")
    office.work()
    assert office.rows("SELECT email, state FROM mailboxes") == [(ROBIN, "live")]
    assert office.value("SELECT count(*) FROM messages") == 1
    assert office.value(HELD) == 0


@pytest.mark.contract("K-6", "K-7", "V-43", "V-44")
def test_a_group_cannot_sign_in_and_whoever_did_instead_is_named(quiet_office: Office) -> None:
    office, actor = quiet_office, quiet_office.actor()
    group = "success@lumenworks.example"
    arrived = arrive(office, ROBIN, wanted=group)
    shown = connecting.unconfirmed(office.deps, actor, state=arrived.state)
    assert shown.email == ROBIN
    assert f"You set out to connect {group}" in shown.warning
    assert f"signed in to Google as {ROBIN}" in shown.warning
    assert "credentials of its own" in shown.warning


@pytest.mark.contract("K-6", "V-43", "V-44", "D-16")
def test_an_alias_is_refused_before_google_is_asked(quiet_office: Office) -> None:
    office = quiet_office
    box = office.connected(KIM)
    alias = "k@lumenworks.example"
    add_alias(office.deps, office.actor(ANA), mailbox_id=box, address=alias)
    attempts = office.value("SELECT count(*) FROM oauth_attempts")
    with pytest.raises(InputError) as refused:
        connecting.begin(office.deps, office.actor(), return_to="/", address="K@lumenworks.example")
    assert f"is an alias of {KIM}" in refused.value.fields["address"]
    assert "credentials of its own" in refused.value.fields["address"]
    with pytest.raises(InputError, match="Nothing was connected"):
        connecting.begin(office.deps, office.actor(), return_to="/", address="success team")
    assert office.value("SELECT count(*) FROM oauth_attempts") == attempts


def test_the_wrong_mailbox_is_refused_and_google_told_so(quiet_office: Office) -> None:
    office, actor = quiet_office, quiet_office.actor()
    arrived = arrive(office, ANA)
    assert (
        "signed in to Google as ana@"
        in connecting.unconfirmed(office.deps, actor, state=arrived.state).warning
    )
    assert still_granted(office, ANA)
    connecting.refuse(office.deps, actor, state=arrived.state)
    assert not still_granted(office, ANA)
    assert (office.value(HELD), office.value(TOKENS)) == (0, 0)
    with pytest.raises(AuthenticationFailed, match="answered already"):
        connecting.confirm(office.deps, actor, state=arrived.state, display_name="Ana")


def test_a_grant_that_a_mailbox_lives_on_is_not_given_back(quiet_office: Office) -> None:
    office = quiet_office
    office.connected(ANA)
    office.connect(ROBIN)
    with pytest.raises(InputError, match="different Google account"):
        office.connect(ROBIN, google_account=ANA)
    assert still_granted(office, ANA)
    with pytest.raises(InputError, match="different Google account"):
        office.connect(ROBIN, google_account=KIM)
    assert not still_granted(office, KIM)


def test_only_its_own_member_confirms_within_ten_minutes(quiet_office: Office) -> None:
    office, actor = quiet_office, quiet_office.actor()
    arrived = arrive(office, ROBIN)
    with pytest.raises(AuthenticationFailed):
        connecting.confirm(
            office.deps, office.actor(KIM), state=arrived.state, display_name="Robin"
        )
    late = office.later(minutes=11)
    with pytest.raises(AuthenticationFailed, match="ten minutes"):
        connecting.confirm(late.deps, actor, state=arrived.state, display_name="Robin")
    assert office.value(TOKENS) == 0


@pytest.mark.contract("K-12")
def test_a_display_name_is_entered_for_the_address(quiet_office: Office) -> None:
    office, actor = quiet_office, quiet_office.actor()
    arrived = arrive(office, ROBIN)
    for wrong in ("  ", "x" * 101, "Robin\nBcc: all@else.example"):
        with pytest.raises(InputError) as refused:
            connecting.confirm(office.deps, actor, state=arrived.state, display_name=wrong)
        assert "name" in refused.value.fields["display_name"]
    connecting.confirm(office.deps, actor, state=arrived.state, display_name=" Lumen Success ")
    assert office.value("SELECT display_name FROM mailboxes") == "Lumen Success"


@pytest.mark.contract("D-20", "K-4")
def test_where_only_admins_connect_a_member_is_told_so(quiet_office: Office) -> None:
    office, actor = quiet_office, quiet_office.actor()
    arrived = arrive(office, ROBIN)
    choose(office, "mailbox.connect.own", "admin")
    with pytest.raises(NotAllowed, match="Only admins can connect a mailbox"):
        connecting.begin(office.deps, actor, return_to="/")
    with pytest.raises(NotAllowed, match="Only admins can connect a mailbox"):
        connecting.confirm(office.deps, actor, state=arrived.state, display_name="Robin")
    assert "Only admins" in connecting.may_connect(office.deps, actor)
    assert connecting.may_connect(office.deps, office.actor(ANA)) == ""
    assert office.connect(ANA)


def test_connecting_twice_before_anything_is_read_starts_one_import(quiet_office: Office) -> None:
    office = quiet_office
    office.connect(ROBIN)
    office.connect(ROBIN)
    assert office.value("SELECT count(*) FROM import_runs") == 1
