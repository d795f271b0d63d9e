"""Asking a person for permission: the authorisation-code flow with PKCE, and what came back.

One OAuth client serves sign-in (identity scopes) and Gmail (offline access). Scopes may be
unticked one by one, so the caller compares `Grant.scopes` with what it needs.
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import requests

from backend.domain.oauth.refusals import refused
from backend.domain.oauth.scopes import AUTH, GMAIL_SCOPES
from backend.errors import AuthenticationFailed, ConsentRefused, ProviderUnavailable
from backend.google.deadlines import timed, timed_session
from backend.google.roots import Roots
from backend.google.signing_keys import SigningKeys
from backend.google.tokens import claims_for

if TYPE_CHECKING:
    from google_auth_oauthlib.flow import Flow

IDENTITY_SCOPES = (
    "openid",
    AUTH + "userinfo.email",
    AUTH + "userinfo.profile",
)
MAILBOX_SCOPES = (*IDENTITY_SCOPES, *GMAIL_SCOPES)
TIMEOUT = 10
"""Seconds for one call to the token endpoint."""

SECOND_TRY_AFTER = 0.3
"""Seconds after which a token endpoint that did not answer properly is asked once more."""


@dataclass(frozen=True)
class Way:
    """A consent flow: the scopes it asks for, and the path it returns to."""

    purpose: str
    scopes: tuple[str, ...]
    callback: str


SIGN_IN = Way("sign-in", IDENTITY_SCOPES, "/signin/callback")
CONNECT = Way("connect", MAILBOX_SCOPES, "/mailbox/callback")
MOVE = Way("move", MAILBOX_SCOPES, "/mailbox/callback")
"""Connect another mailbox to replace the previous one."""

SHARE = Way("share", MAILBOX_SCOPES, "/mailbox/callback")
"""Connect a shared mailbox, which belongs to no member."""

CONNECTING = (CONNECT.purpose, MOVE.purpose, SHARE.purpose)
SIGNING_IN = (SIGN_IN.purpose,)
"""The purposes of ways to Google, as attempts are counted."""


@dataclass(frozen=True)
class Consent:
    """A consent page to visit, and the PKCE verifier to keep until the person comes back."""

    url: str
    verifier: str


@dataclass(frozen=True)
class Grant:
    """What a person granted. `refresh_token` is None when Google gave none again; `hosted_domain`
    is the company that runs the account, if one does.
    """

    sub: str
    email: str
    name: str
    scopes: frozenset[str]
    refresh_token: str | None
    hosted_domain: str = ""


@dataclass(frozen=True)
class OAuthClient:
    """One OAuth client of ours at Google."""

    client_id: str
    client_secret: str
    public_url: str
    roots: Roots
    keys: SigningKeys

    def consent(
        self, way: Way, *, state: str, nonce: str, login_hint: str | None = None
    ) -> Consent:
        """The consent page for `way`. Asking for Gmail asks for a refresh token as well."""
        flow = self._flow(way)
        options: dict[str, str] = {"state": state, "nonce": nonce}
        if way is not SIGN_IN:
            # The chooser, too, or a browser with several accounts takes the one it likes (K-9).
            options |= {"access_type": "offline", "prompt": "select_account consent"}
        else:
            options["prompt"] = "select_account"
        if login_hint:
            options["login_hint"] = login_hint
        url, _ = flow.authorization_url(**options)
        return Consent(url=str(url), verifier=str(flow.code_verifier))

    def exchange(self, code: str, way: Way, *, verifier: str, nonce: str) -> Grant:
        """Turn the code of the redirect into a grant. A code works once.

        Raises ConsentRefused with Google's code; a transient failure is retried once first.
        """
        try:
            token = self._redeemed(code, way, verifier)
        except ConsentRefused as first:
            if not first.passes:
                raise
            threading.Event().wait(SECOND_TRY_AFTER)
            token = self._redeemed_after(first, code, way, verifier)
        claims = self._claims(str(token.get("id_token", "")), nonce)
        refresh = token.get("refresh_token")
        return Grant(
            sub=str(claims["sub"]),
            email=str(claims.get("email", "")),
            name=str(claims.get("name") or claims.get("email", "")),
            scopes=granted(token.get("scope", "")),
            refresh_token=str(refresh) if refresh else None,
            hosted_domain=str(claims.get("hd") or ""),
        )

    def _redeemed(self, code: str, way: Way, verifier: str) -> Mapping[str, object]:
        """One call of the token endpoint."""
        from oauthlib.oauth2 import MissingTokenError, OAuth2Error  # noqa: PLC0415 - as in _flow

        flow = self._flow(way)
        flow.code_verifier = verifier
        timed(flow.oauth2session, TIMEOUT)
        flow.oauth2session.register_compliance_hook("access_token_response", look_for_trouble)
        try:
            token: Mapping[str, object] = flow.fetch_token(code=code, timeout=TIMEOUT)
        except MissingTokenError as error:  # a proxy answered in Google's place
            raise refused("unreachable") from error
        except OAuth2Error as error:
            raise refused(str(error.error or "")) from error
        except requests.RequestException as error:
            raise refused("unreachable") from error
        return token

    def _redeemed_after(
        self, first: ConsentRefused, code: str, way: Way, verifier: str
    ) -> Mapping[str, object]:
        """The retry. A code that is used up by now was used by the first call, whose answer was
        lost: not the person's fault.
        """
        try:
            return self._redeemed(code, way, verifier)
        except ConsentRefused as second:
            raise (first if second.code == "invalid_grant" else second) from second

    def revoke(self, refresh_token: str) -> None:
        """Revoke the whole grant, best effort: the token is deleted here in any case."""
        try:
            with timed_session(TIMEOUT) as session:
                session.post(self.roots.revoke, data={"token": refresh_token}, timeout=TIMEOUT)
        except requests.RequestException:
            return

    def _flow(self, way: Way) -> "Flow":
        # Rarely needed and big: a web process does without until somebody signs in.
        from google_auth_oauthlib.flow import Flow  # noqa: PLC0415

        config = {
            "web": {
                "client_id": self.client_id,
                "client_secret": self.client_secret,
                "auth_uri": self.roots.consent,
                "token_uri": self.roots.token,
            }
        }
        return Flow.from_client_config(
            config,
            scopes=list(way.scopes),
            redirect_uri=self.public_url + way.callback,
            autogenerate_code_verifier=True,
        )

    def _claims(self, token: str, nonce: str) -> Mapping[str, object]:
        try:
            claims = claims_for(self.client_id, token, self.keys)
        except AuthenticationFailed as error:
            raise refused("unverified") from error
        except ProviderUnavailable as error:
            raise refused("unreachable") from error
        if claims.get("nonce") != nonce:
            raise refused("unverified")
        return claims


def look_for_trouble(answer: requests.Response) -> requests.Response:
    """Distinguish a failing token endpoint, whatever it wrote, from one that refuses."""
    if answer.status_code < 500 and answer.status_code != 429:
        return answer
    try:
        code = json.loads(answer.content)["error"]
    except (ValueError, KeyError, TypeError):
        code = ""
    error = refused(code if isinstance(code, str) else "")
    raise error if error.passes else refused("server_error")


def granted(scope: object) -> frozenset[str]:
    """The scopes of a token answer, which is a string or a list."""
    items = scope if isinstance(scope, list) else str(scope).split()
    return frozenset(str(item) for item in items)
