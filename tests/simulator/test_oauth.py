"""Consent, tokens and keys (infra.md §4.2), with Google's own libraries on the other side."""

import base64
import hashlib
import secrets
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from google.auth.transport.requests import Request
from google.oauth2 import id_token
from google_auth_oauthlib.flow import Flow

from backend.simulator.config import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET
from tests.simulator.google import GMAIL, KIM, ROBIN, Google

CALLBACK = "http://127.0.0.1:8000/oauth/callback"
IDENTITY = "openid https://www.googleapis.com/auth/userinfo.email"
PAIR = (DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET)


def asking(**changes: str) -> dict[str, str]:
    usual = {
        "client_id": DEFAULT_CLIENT_ID,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": f"{IDENTITY} {GMAIL}readonly {GMAIL}send",
        "state": "s-1",
        "access_type": "offline",
    }
    return {name: value for name, value in (usual | changes).items() if value}


def allow(
    google: Google, *, email: str = ROBIN, granted: str = "all", **changes: str
) -> dict[str, str]:
    """Press Allow; the parameters the client gets back."""
    asked = asking(**changes)
    ticked = (asked["scope"] if granted == "all" else granted).split()
    form = {**asked, "email": email, "decision": "allow", "granted": ticked}
    answer = requests.post(
        f"{google.root}/o/oauth2/v2/auth", data=form, allow_redirects=False, timeout=5
    )
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].startswith(CALLBACK)
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def redeem(google: Google, code: str, **changes: Any) -> requests.Response:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    auth = changes.pop("auth", PAIR)
    return requests.post(f"{google.root}/token", data=form | changes, auth=auth, timeout=5)


def profile(google: Google, token: str) -> int:
    bearer = {"Authorization": f"Bearer {token}"}
    url = f"{google.root}/gmail/v1/users/me/profile"
    return requests.get(url, headers=bearer, timeout=5).status_code


def test_googles_own_flow_goes_through(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    client = {
        "client_id": DEFAULT_CLIENT_ID,
        "client_secret": DEFAULT_CLIENT_SECRET,
        "auth_uri": f"{google.root}/o/oauth2/v2/auth",
        "token_uri": f"{google.root}/token",
    }
    scopes = asking()["scope"].split()
    flow: Any = Flow.from_client_config({"web": client}, scopes, redirect_uri=CALLBACK)
    url, state = flow.authorization_url(access_type="offline", prompt="consent")
    asked = dict(parse_qsl(urlsplit(url).query))
    assert asked["code_challenge_method"] == "S256"
    answer = allow(google, **asked)
    assert answer["state"] == state
    flow.fetch_token(code=answer["code"])
    assert flow.credentials.refresh_token
    flow.credentials.refresh(Request())
    assert profile(google, flow.credentials.token) == 200
    flow.oauth2session.close()


def test_the_id_token_verifies_against_the_served_keys(google: Google) -> None:
    code = allow(google, nonce="n-7")["code"]
    token = redeem(google, code).json()["id_token"]
    claims = id_token.verify_token(
        token,
        Request(),
        audience=DEFAULT_CLIENT_ID,
        certs_url=f"{google.root}/oauth2/v1/certs",
    )
    assert claims["iss"] == "https://accounts.google.com"
    assert (claims["email"], claims["email_verified"]) == (ROBIN, True)
    assert (claims["hd"], claims["nonce"]) == ("lumenworks.example", "n-7")
    keys = google.get("/oauth2/v3/certs")["keys"]
    assert keys[0]["kid"] in google.get("/oauth2/v1/certs")


def test_discovery_names_these_addresses(google: Google) -> None:
    described = google.get("/.well-known/openid-configuration")
    assert described["issuer"] == "https://accounts.google.com"
    assert described["token_endpoint"] == f"{google.root}/token"
    assert described["jwks_uri"] == f"{google.root}/oauth2/v3/certs"


def test_a_code_works_once(google: Google) -> None:
    code = allow(google)["code"]
    assert redeem(google, code).status_code == 200
    again = redeem(google, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"auth": (DEFAULT_CLIENT_ID, "wrong")}, 401, "invalid_client"),
        ({"auth": ("nobody", "x")}, 401, "invalid_client"),
        ({"redirect_uri": "http://127.0.0.1:1/other"}, 400, "redirect_uri_mismatch"),
        ({"code": "4/none"}, 400, "invalid_grant"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_a_wrong_redemption_is_refused_in_googles_shape(
    google: Google, changes: dict[str, Any], status: int, error: str
) -> None:
    code = allow(google)["code"]
    answer = redeem(google, changes.pop("code", code), **changes)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"]


def test_the_client_may_name_itself_in_the_body(google: Google) -> None:
    code = allow(google)["code"]
    named = {"client_id": DEFAULT_CLIENT_ID, "client_secret": DEFAULT_CLIENT_SECRET}
    assert redeem(google, code, auth=None, **named).status_code == 200


@pytest.mark.parametrize(("verifier", "status"), [("right", 200), ("wrong", 400), ("", 400)])
def test_the_verifier_must_fit_its_challenge(google: Google, verifier: str, status: int) -> None:
    word = secrets.token_urlsafe(48)
    digest = hashlib.sha256(word.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    code = allow(google, code_challenge=challenge, code_challenge_method="S256")["code"]
    given = {"right": word, "wrong": "x" * 50, "": ""}[verifier]
    assert redeem(google, code, code_verifier=given).status_code == status


def test_an_unticked_box_is_not_granted(google: Google) -> None:
    answer = allow(google, granted=f"{GMAIL}readonly")
    assert f"{GMAIL}send" not in answer["scope"]
    token = redeem(google, answer["code"]).json()
    assert set(token["scope"].split()) == {*IDENTITY.split(), f"{GMAIL}readonly"}
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    url = f"{google.root}/gmail/v1/users/me/messages/send"
    refused = requests.post(url, json={}, headers=bearer, timeout=5)
    assert refused.status_code == 403
    reason = refused.json()["error"]["details"][0]["reason"]
    assert reason == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"


@pytest.mark.parametrize(
    ("changes", "first", "second"),
    [
        ({}, True, False),
        ({"prompt": "consent"}, True, True),
        ({"access_type": "online"}, False, False),
    ],
    ids=["only at the first consent", "each time with prompt=consent", "never online"],
)
def test_when_a_refresh_token_is_given(
    google: Google, changes: dict[str, str], *, first: bool, second: bool
) -> None:
    for expected in (first, second):
        answer = redeem(google, allow(google, **changes)["code"]).json()
        assert ("refresh_token" in answer) is expected


def test_granted_scopes_can_be_included(google: Google) -> None:
    allow(google, scope=f"{IDENTITY} {GMAIL}readonly")
    answer = allow(google, scope=f"{GMAIL}send", include_granted_scopes="true")
    assert set(answer["scope"].split()) == {*IDENTITY.split(), f"{GMAIL}readonly", f"{GMAIL}send"}


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoking_either_token_ends_both(google: Google, which: str) -> None:
    tokens = redeem(google, allow(google)["code"]).json()
    assert profile(google, tokens["access_token"]) == 200
    url = f"{google.root}/revoke"
    assert requests.post(url, data={"token": tokens[which]}, timeout=5).status_code == 200
    assert profile(google, tokens["access_token"]) == 401
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    answer = requests.post(f"{google.root}/token", data=form, auth=PAIR, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    again = requests.post(url, data={"token": tokens[which]}, timeout=5)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_token")


def test_an_access_token_expires_and_a_refresh_gives_another(google: Google) -> None:
    tokens = redeem(google, allow(google)["code"]).json()
    google.post("/simulator/clock", {"ahead_seconds": 3700})
    assert profile(google, tokens["access_token"]) == 401
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    fresh = requests.post(f"{google.root}/token", data=form, auth=PAIR, timeout=5).json()
    assert "refresh_token" not in fresh
    assert profile(google, fresh["access_token"]) == 200


def test_a_refresh_can_be_refused_on_demand(google: Google) -> None:
    tokens = redeem(google, allow(google)["code"]).json()
    google.fault("invalid_grant", match={"user": ROBIN})
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    statuses = [
        requests.post(f"{google.root}/token", data=form, auth=PAIR, timeout=5).status_code
        for _ in range(2)
    ]
    assert statuses == [400, 200]


@pytest.mark.parametrize(
    ("path", "code", "error"),
    [("/token", 503, "temporarily_unavailable"), ("/oauth2/v1/certs", 500, "internal_failure")],
)
def test_the_account_servers_can_be_down(google: Google, path: str, code: int, error: str) -> None:
    google.fault("status", match=path, params={"code": code})
    google.fault("status", params={"code": 429})  # aimed at nothing: for Gmail only
    answer = requests.request("POST" if path == "/token" else "GET", google.root + path, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (code, error)
    assert requests.get(f"{google.root}/oauth2/v1/certs", timeout=5).status_code == 200


def test_the_token_endpoint_can_be_cut_off(google: Google) -> None:
    google.fault("drop_before", match="/token")
    with pytest.raises(requests.ConnectionError):
        requests.post(f"{google.root}/token", timeout=5)


def test_userinfo_and_tokeninfo_tell_who_it_is(google: Google) -> None:
    token = redeem(google, allow(google, email=KIM)["code"]).json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    told = requests.get(f"{google.root}/v1/userinfo", headers=bearer, timeout=5).json()
    assert told["email"] == KIM
    info = google.get("/tokeninfo", access_token=token)
    assert (info["sub"], info["aud"]) == (told["sub"], DEFAULT_CLIENT_ID)
    assert requests.get(f"{google.root}/v1/userinfo", timeout=5).status_code == 401


def test_a_cold_token_opens_nothing(google: Google) -> None:
    assert profile(google, "ya29.unknown") == 401


def test_another_persons_mailbox_is_closed(google: Google) -> None:
    bearer = {"Authorization": f"Bearer {google.token(ROBIN)}"}
    url = f"{google.root}/gmail/v1/users/{KIM}/profile"
    assert requests.get(url, headers=bearer, timeout=5).status_code == 403
