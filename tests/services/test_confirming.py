"""Nothing is connected before its person has seen the authorised address and saved it."""

import pytest
import requests

from backend.domain.oauth.scopes import READ
from backend.errors import AuthenticationFailed, InputError, NotAllowed
from backend.services import connecting
from backend.services.settings import add_alias
from tests.support.company import ANA, DANA, KIM, PUBLIC_URL, ROBIN, Company, allow
from tests.support.decisions import choose
from tests.support.simulator import CLIENT_ID

HELD = "SELECT count(*) FROM oauth_attempts WHERE sealed_grant IS NOT NULL"
TOKENS = "SELECT count(*) FROM mailboxes WHERE sealed_token IS NOT NULL"


def arrive(company: Company, account: str, *, wanted: str = "") -> connecting.Unconfirmed:
    """Robin comes back from Google, where this account was chosen."""
    actor = company.actor()
    url = connecting.begin(company.deps, actor, return_to="/", address=wanted)
    arrived = connecting.finish(company.deps, actor, **allow(url, account))
    assert isinstance(arrived, connecting.Unconfirmed)
    return arrived


def still_granted(company: Company, account: str) -> bool:
    """Whether Google remembers what this account allowed: then it asks nothing again."""
    question = {
        "client_id": CLIENT_ID,
        "redirect_uri": f"{PUBLIC_URL}/mailbox/callback",
        "response_type": "code",
        "scope": READ,
        "login_hint": account,
    }
    page = f"{company.simulator.root}/o/oauth2/v2/auth"
    answer = requests.get(page, params=question, allow_redirects=False, timeout=20)
    return answer.status_code == 302


@pytest.mark.contract("K-7", "K-21", "S-7")
def test_the_address_is_shown_and_only_saving_connects_it(quiet_company: Company) -> None:
    company, actor = quiet_company, quiet_company.actor()
    company.receives(**{"from": DANA})
    arrived = arrive(company, ROBIN)
    shown = connecting.unconfirmed(company.deps, actor, state=arrived.state)
    assert (shown.email, shown.warning) == (ROBIN, "")
    company.later(minutes=5).sweep()
    assert company.value(TOKENS) == 0
    assert company.value("SELECT count(*) FROM messages") == 0
    connecting.confirm(company.deps, actor, state=arrived.state, display_name="Robin")
    company.work()
    assert company.rows("SELECT email, state FROM mailboxes") == [(ROBIN, "live")]
    assert company.value("SELECT count(*) FROM messages") == 1
    assert company.value(HELD) == 0


@pytest.mark.contract("K-6", "K-7", "V-43", "V-44")
def test_a_group_cannot_sign_in_and_whoever_did_instead_is_named(quiet_company: Company) -> None:
    company, actor = quiet_company, quiet_company.actor()
    group = "success@lumenworks.example"
    arrived = arrive(company, ROBIN, wanted=group)
    shown = connecting.unconfirmed(company.deps, actor, state=arrived.state)
    assert shown.email == ROBIN
    assert f"You set out to connect {group}" in shown.warning
    assert f"signed in to Google as {ROBIN}" in shown.warning
    assert "credentials of its own" in shown.warning


@pytest.mark.contract("K-6", "V-43", "V-44", "D-16")
def test_an_alias_is_refused_before_google_is_asked(quiet_company: Company) -> None:
    company = quiet_company
    box = company.connected(KIM)
    alias = "k@lumenworks.example"
    add_alias(company.deps, company.actor(ANA), mailbox_id=box, address=alias)
    attempts = company.value("SELECT count(*) FROM oauth_attempts")
    with pytest.raises(InputError) as refused:
        connecting.begin(
            company.deps, company.actor(), return_to="/", address="K@lumenworks.example"
        )
    assert f"is an alias of {KIM}" in refused.value.fields["address"]
    assert "credentials of its own" in refused.value.fields["address"]
    with pytest.raises(InputError, match="Nothing was connected"):
        connecting.begin(company.deps, company.actor(), return_to="/", address="success team")
    assert company.value("SELECT count(*) FROM oauth_attempts") == attempts


def test_the_wrong_mailbox_is_refused_and_google_told_so(quiet_company: Company) -> None:
    company, actor = quiet_company, quiet_company.actor()
    arrived = arrive(company, ANA)
    assert (
        "signed in to Google as ana@"
        in connecting.unconfirmed(company.deps, actor, state=arrived.state).warning
    )
    assert still_granted(company, ANA)
    connecting.refuse(company.deps, actor, state=arrived.state)
    assert not still_granted(company, ANA)
    assert (company.value(HELD), company.value(TOKENS)) == (0, 0)
    with pytest.raises(AuthenticationFailed, match="answered already"):
        connecting.confirm(company.deps, actor, state=arrived.state, display_name="Ana")


def test_a_grant_that_a_mailbox_lives_on_is_not_given_back(quiet_company: Company) -> None:
    company = quiet_company
    company.connected(ANA)
    company.connect(ROBIN)
    with pytest.raises(InputError, match="different Google account"):
        company.connect(ROBIN, google_account=ANA)
    assert still_granted(company, ANA)
    with pytest.raises(InputError, match="different Google account"):
        company.connect(ROBIN, google_account=KIM)
    assert not still_granted(company, KIM)


def test_only_its_own_member_confirms_within_ten_minutes(quiet_company: Company) -> None:
    company, actor = quiet_company, quiet_company.actor()
    arrived = arrive(company, ROBIN)
    with pytest.raises(AuthenticationFailed):
        connecting.confirm(
            company.deps, company.actor(KIM), state=arrived.state, display_name="Robin"
        )
    late = company.later(minutes=11)
    with pytest.raises(AuthenticationFailed, match="ten minutes"):
        connecting.confirm(late.deps, actor, state=arrived.state, display_name="Robin")
    assert company.value(TOKENS) == 0


@pytest.mark.contract("K-12")
def test_a_display_name_is_entered_for_the_address(quiet_company: Company) -> None:
    company, actor = quiet_company, quiet_company.actor()
    arrived = arrive(company, ROBIN)
    for wrong in ("  ", "x" * 101, "Robin\nBcc: all@else.example"):
        with pytest.raises(InputError) as refused:
            connecting.confirm(company.deps, actor, state=arrived.state, display_name=wrong)
        assert "name" in refused.value.fields["display_name"]
    connecting.confirm(company.deps, actor, state=arrived.state, display_name=" Lumen Success ")
    assert company.value("SELECT display_name FROM mailboxes") == "Lumen Success"


@pytest.mark.contract("D-20", "K-4")
def test_where_only_admins_connect_a_member_is_told_so(quiet_company: Company) -> None:
    company, actor = quiet_company, quiet_company.actor()
    arrived = arrive(company, ROBIN)
    choose(company, "mailbox.connect.own", "admin")
    with pytest.raises(NotAllowed, match="Only admins can connect a mailbox"):
        connecting.begin(company.deps, actor, return_to="/")
    with pytest.raises(NotAllowed, match="Only admins can connect a mailbox"):
        connecting.confirm(company.deps, actor, state=arrived.state, display_name="Robin")
    assert "Only admins" in connecting.may_connect(company.deps, actor)
    assert connecting.may_connect(company.deps, company.actor(ANA)) == ""
    assert company.connect(ANA)


def test_connecting_twice_before_anything_is_read_starts_one_import(quiet_company: Company) -> None:
    company = quiet_company
    company.connect(ROBIN)
    company.connect(ROBIN)
    assert company.value("SELECT count(*) FROM import_runs") == 1
