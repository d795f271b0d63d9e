"""Google's refusals, named as what they are: on signing in, on connecting, in the log, in the
counts.

Where Google keeps the person on a page of its own, the explanation is on ours before they leave.
"""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from werkzeug.test import TestResponse

from backend.console.sessions import COOKIE
from backend.domain.oauth.refusals import WHERE_NOBODY_RETURNS, refusal_for
from backend.google.oauth import CONNECT, CONNECTING
from backend.queries.installation_checks import ways_to_google
from backend.services import oauth_flow
from tests.console.conftest import Visitor, at, member, visitor, words
from tests.support.company import ANA, KIM, ROBIN, Company, allow

TOKEN = "/token"
AWAY = "You left for Google and did not come back?"
SHOWN = [one.code for one in WHERE_NOBODY_RETURNS if one.code != "not_a_test_user"]
BROUGHT_BACK = ["server_error", "temporarily_unavailable", "access_denied", "admin_policy_enforced"]
AT_THE_TOKEN_ENDPOINT: list[tuple[int, str, int]] = [
    (401, "invalid_client", 1),
    (400, "invalid_grant", 1),
    (400, "redirect_uri_mismatch", 1),
    (500, "server_error", 2),
    (503, "temporarily_unavailable", 2),
]
CONNECTED = "SELECT state, last_error FROM mailboxes"


def fault(company: Company, kind: str, match: object = None, **more: object) -> None:
    wanted = {"kind": kind, "match": match, **more}
    company.simulator.post("/simulator/faults", wanted)


def refuse(company: Company, error: str, *, returns: bool = False, user: str = "") -> None:
    """Let Google refuse on its page, or when it sends people back."""
    match = {"user": user} if user else {"path": "/o/oauth2"}
    fault(company, "consent_refused", match, params={"error": error, "returns": returns})


def sign_in_fails(company: Company) -> TestResponse:
    somebody = visitor(company)
    begun = somebody.get("/signin/google?next=/pending")
    assert AWAY in somebody.page("/signin")
    back = allow(begun.headers["Location"], ROBIN)
    return somebody.client.get("/signin/callback", query_string=back)


def logged(text: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == "google_refused"]


@pytest.mark.parametrize("code", BROUGHT_BACK)
def test_what_comes_back_is_told_at_sign_in(
    quiet_company: Company, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    company, refusal = quiet_company, refusal_for(code)
    refuse(company, code, returns=True)
    answer = sign_in_fails(company)
    assert answer.status_code == (503 if refusal.passes else 401)
    assert refusal.told(as_admin=False) in words(answer)
    assert refusal.told(as_admin=True) in words(answer)
    assert AWAY not in words(answer)
    assert "/signin/google?next=/pending" in answer.get_data(as_text=True)
    (line,) = logged(capsys.readouterr().out)
    assert (line["code"], line["at"], line["purpose"]) == (code, "callback", "sign-in")
    assert line["mender"] == refusal.mender.value


@pytest.mark.parametrize(("status", "code", "calls"), AT_THE_TOKEN_ENDPOINT)
def test_what_the_token_endpoint_answers_is_told_at_both_doors(
    quiet_company: Company,
    robin: Visitor,
    status: int,
    code: str,
    calls: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    company, refusal = quiet_company, refusal_for(code)
    params = {"code": status, "reason": code}
    fault(company, "status", TOKEN, params=params, times=2 * calls)
    assert refusal.told(as_admin=False) in words(sign_in_fails(company))
    begun = robin.get("/connect/google")
    back = allow(at(begun), ROBIN)
    answer = robin.client.get("/mailbox/callback", query_string=back)
    assert answer.status_code == (503 if refusal.passes else 409)
    assert refusal.told(as_admin=False) in words(answer)
    assert company.rows("SELECT state FROM mailboxes WHERE sealed_token IS NOT NULL") == []
    for line in logged(out := capsys.readouterr().out):
        assert (line["code"], line["at"]) == (code, "token endpoint")
    assert back["code"] not in out
    assert back["state"] not in out


def test_an_admin_reads_what_an_admin_does(quiet_company: Company) -> None:
    ana = member(quiet_company, ANA)
    fault(quiet_company, "status", TOKEN, params={"code": 401, "reason": "invalid_client"})
    answer = ana.back_from_google(ana.get("/connect/google"), ANA)
    assert "RAPPORT_GOOGLE_CLIENT_SECRET" in words(answer)


def test_a_secret_that_is_really_wrong_is_told_as_that(quiet_company: Company) -> None:
    company = quiet_company
    oauth = replace(company.deps.google.oauth, client_secret="of another client")
    wrong = replace(company.deps, google=replace(company.deps.google, oauth=oauth))
    somebody = visitor(company, wrong)
    back = allow(somebody.get("/signin/google").headers["Location"], ROBIN)
    answer = somebody.client.get("/signin/callback", query_string=back)
    assert "Google does not accept Rapport's own credentials" in words(answer)


@pytest.mark.parametrize("kind", ["status", "drop_before", "rst"])
def test_one_passing_trouble_at_the_token_endpoint_is_not_seen(
    quiet_company: Company, kind: str
) -> None:
    params = {"code": 503} if kind == "status" else {}
    fault(quiet_company, kind, TOKEN, params=params)
    assert visitor(quiet_company).sign_in(ROBIN).get("/why").status_code == 200


def test_a_passing_trouble_leaves_a_mailbox_as_it_is(
    quiet_company: Company, connected: Visitor
) -> None:
    before = quiet_company.rows(CONNECTED)
    refuse(quiet_company, "temporarily_unavailable", returns=True)
    answer = connected.back_from_google(connected.get("/connect/google"), ROBIN)
    assert "Try again" in words(answer)
    assert 'href="/connect/google"' in answer.get_data(as_text=True)
    assert quiet_company.rows(CONNECTED) == before


@pytest.mark.parametrize("code", SHOWN)
def test_what_google_shows_on_its_own_page_is_told_before_anybody_leaves(
    quiet_company: Company, robin: Visitor, code: str
) -> None:
    before = robin.page("/connect")
    assert refusal_for(code).on_googles_page in before
    assert refusal_for(code).told(as_admin=False) in before
    for page in ("/settings/email", "/mailboxes/new/gmail"):
        assert refusal_for(code).on_googles_page in robin.page(page)
    assert refusal_for(code).on_googles_page in visitor(quiet_company).page("/signin")
    refuse(quiet_company, code, user=ROBIN)
    shown = press_allow(at(robin.get("/connect/google")), ROBIN)
    assert f"Error {shown.status_code}: {code}" in shown.text


def press_allow(url: str, email: str) -> requests.Response:
    """What Google shows after an account was chosen."""
    asked = dict(parse_qsl(urlsplit(url).query))
    form = {**asked, "email": email, "decision": "allow"}
    return requests.post(url.partition("?")[0], data=form, timeout=20)


def test_who_left_and_did_not_return_reads_it_when_they_try_again(
    quiet_company: Company, robin: Visitor
) -> None:
    quiet_company.connected(KIM)
    assert "What Google may show" not in robin.page("/connect")
    assert at(robin.get("/connect/google")).startswith(quiet_company.simulator.root)
    again = robin.page("/connect")
    assert "You went to Google and did not come back" in again
    assert AWAY in robin.page("/settings/email")


def test_ways_that_nobody_came_back_from_are_counted_and_shown(
    quiet_company: Company, ana: Visitor, robin: Visitor
) -> None:
    company = quiet_company
    own = company.actor(ANA).workspace_id
    robin.get("/connect/google")
    assert ways_to_google(company.deps, CONNECTING, own).gone == 0
    eleven = company.later(minutes=11)
    assert ways_to_google(eleven.deps, CONNECTING, own).gone == 1
    later = company.later(minutes=25)
    oauth_flow.leave(
        later.deps,
        oauth_flow.Journey(way=CONNECT, return_to="/"),
        company.actor(KIM),
    )
    assert company.value("SELECT count(*) FROM oauth_attempts") == 1  # Robin's was dropped
    ways = ways_to_google(later.deps, CONNECTING, own)
    assert (ways.gone, ways.arrived) == (1, 0)
    assert ways.left == {company.actor(ROBIN).member_id}
    shown = visitor(company, later.deps)
    cookie = ana.client.get_cookie(COOKIE)
    assert cookie is not None
    shown.client.set_cookie(COOKIE, cookie.value)
    page = shown.page("/setup")
    assert "1 left for Google and did not come back" in page
    assert f"{ROBIN} · Left for Google and did not come back" in page
