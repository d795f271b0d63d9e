"""The two halves of every OAuth flow: redirect to Google with a fresh state, callback with a code.

Shared by signing in and by connecting a mailbox, which differ in the scopes and in what they do
with the grant. Outcomes are logged and counted: a refusal on Google's own page is visible here only
as somebody who does not return.
"""

import base64
from dataclasses import dataclass

import structlog

from backend.deps import Deps
from backend.domain.oauth.funnel import ARRIVED, WayEnd
from backend.domain.oauth.refusals import TOO_LATE, readable, refusal_for, refused
from backend.domain.people.actor import Actor
from backend.errors import AuthenticationFailed, ConsentRefused
from backend.google.oauth import Grant, Way
from backend.store import attempts, consent_counts
from backend.store.attempts import Attempt, attempt_context
from backend.store.sealing import NONCE_SIZE

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Journey:
    """Why somebody is sent to Google, and where to go afterwards."""

    way: Way
    return_to: str
    login_hint: str | None = None


def leave(deps: Deps, journey: Journey, actor: Actor | None) -> str:
    """The address of Google's consent page, with a single-use state."""
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
    """The attempt, and the grant.

    Raises ConsentRefused when Google refused, AuthenticationFailed when reused or too late.
    """
    attempt = _begun(deps, ways, state)
    try:
        if error or not code:
            raise refused(error or "access_denied")
        verifier = deps.sealer.open(attempt.sealed_verifier, context=attempt_context(state))
        way = next(way for way in ways if way.purpose == attempt.purpose)
        grant = deps.google.oauth.exchange(code, way, verifier=verifier, nonce=attempt.nonce)
    except ConsentRefused as refusal:
        tell(attempt, refusal.code, at="callback" if error else "token endpoint")
        count(deps, attempt, refusal.code)
        raise
    count(deps, attempt, ARRIVED)
    return attempt, grant


def tell(attempt: Attempt, code: str, *, at: str) -> None:
    """Log a refusal with Google's code, and nothing secret."""
    log.warning(
        "google_refused",
        code=readable(code),
        mender=refusal_for(code).mender,
        at=at,
        purpose=attempt.purpose,
        workspace_id=attempt.workspace_id,
        member_id=attempt.member_id,
    )


def count(deps: Deps, attempt: Attempt, outcome: str) -> None:
    """Count the outcome of an attempt."""
    end = WayEnd(
        workspace_id=attempt.workspace_id,
        member_id=attempt.member_id,
        purpose=attempt.purpose,
        outcome=outcome,
    )
    with deps.store.begin_global() as session:
        consent_counts.count(session, {end: 1}, deps.now())


def wanted_path(deps: Deps, state: str) -> str:
    """The path that the attempt of this state was for, whatever its outcome."""
    with deps.store.begin_global() as session:
        return attempts.return_to(session, state)


def token(deps: Deps) -> str:
    """An unguessable token for URLs."""
    return base64.urlsafe_b64encode(deps.random_bytes(32)).rstrip(b"=").decode()


def local_path(path: str) -> str:
    """A path of our own to return to; anything that could lead elsewhere becomes the home page.

    >>> local_path("/pending?x=1"), local_path("//evil.example/"), local_path("https://evil")
    ('/pending?x=1', '/', '/')
    """
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path
    return path if safe and path.isprintable() else "/"


def _begun(deps: Deps, ways: tuple[Way, ...], state: str) -> Attempt:
    """The attempt of this state, valid once and for ten minutes."""
    with deps.store.begin_global() as session:
        attempt = attempts.take(session, state, [way.purpose for way in ways], deps.now())
        late = None if attempt else attempts.close_late(session, state, deps.now())
    if attempt is not None:
        return attempt
    if late is not None:
        tell(late, TOO_LATE.code, at="callback")
        count(deps, late, TOO_LATE.code)
    raise AuthenticationFailed(TOO_LATE.told(as_admin=False))
