"""The two halves of every way to Google: go there with a fresh state, come back with a code.

Shared by signing in and by connecting a mailbox, which differ in the scopes and in what they do
with the grant.
"""

import base64
from dataclasses import dataclass

from backend.domain.actor import Actor
from backend.errors import AuthenticationFailed, InputError, MailboxBlocked
from backend.google.oauth import Grant, Way
from backend.services.deps import Deps
from backend.store import attempts
from backend.store.attempts import Attempt, attempt_context
from backend.store.sealing import NONCE_SIZE

NOT_TRUSTED = frozenset({"admin_policy_enforced", "org_internal"})
"""What Google says when the administrator of a domain has not allowed an app."""


@dataclass(frozen=True, kw_only=True)
class Journey:
    """Why somebody is sent to Google, and where to go afterwards."""

    way: Way
    return_to: str
    login_hint: str | None = None


def leave(deps: Deps, journey: Journey, actor: Actor | None) -> str:
    """The address of Google's consent page, with a state that works once."""
    state, nonce = token(deps), token(deps)
    consent = deps.google.oauth.consent(
        journey.way, state=state, nonce=nonce, login_hint=journey.login_hint
    )
    attempt = Attempt(
        purpose=journey.way.purpose,
        workspace_id=actor.workspace_id if actor else None,
        member_id=actor.member_id if actor else None,
        sealed_verifier=deps.sealer.seal(
            consent.verifier, context=attempt_context(state), nonce=deps.random_bytes(NONCE_SIZE)
        ),
        nonce=nonce,
        wanted=journey.login_hint,
        return_to=local_path(journey.return_to),
    )
    with deps.store.begin_global() as session:
        attempts.remember(session, state, attempt, deps.now())
    return consent.url


def come_back(deps: Deps, *ways: Way, state: str, code: str, error: str) -> tuple[Attempt, Grant]:
    """What was begun, and what the person granted. Raises when refused, reused or too late."""
    with deps.store.begin_global() as session:
        attempt = attempts.take(session, state, [way.purpose for way in ways], deps.now())
    if attempt is None:
        raise AuthenticationFailed(
            "This way back from Google was used already or took longer than ten minutes. "
            "Start again."
        )
    if error in NOT_TRUSTED:
        raise MailboxBlocked(
            "Your Google Workspace administrator has not allowed Rapport yet, so nobody of your "
            "domain can connect. Ask them to set it to Trusted under Security, API controls, "
            "Manage third-party app access. Then connect again."
        )
    if error or not code:
        raise InputError("You did not press Allow at Google, so nothing was connected.")
    verifier = deps.sealer.open(attempt.sealed_verifier, context=attempt_context(state))
    way = next(way for way in ways if way.purpose == attempt.purpose)
    grant = deps.google.oauth.exchange(code, way, verifier=verifier, nonce=attempt.nonce)
    return attempt, grant


def token(deps: Deps) -> str:
    """An unguessable text for URLs."""
    return base64.urlsafe_b64encode(deps.random_bytes(32)).rstrip(b"=").decode()


def local_path(path: str) -> str:
    """A path of our own to return to; anything that could lead elsewhere becomes the start page.

    >>> local_path("/pending?x=1"), local_path("//evil.example/"), local_path("https://evil")
    ('/pending?x=1', '/', '/')
    """
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path
    return path if safe and path.isprintable() else "/"
