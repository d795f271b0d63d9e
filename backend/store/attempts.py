"""Ways to Google that were begun: kept by the hash of their state, used once, for ten minutes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from backend.store.models import OAuthAttempt

LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One attempt. `sealed_verifier` opens with the context `attempt_context(state)`."""

    purpose: str
    workspace_id: int | None
    member_id: int | None
    sealed_verifier: bytes
    nonce: str
    return_to: str


def remember(session: Session, state: str, attempt: Attempt, now: datetime) -> None:
    """Keep an attempt, and drop those that are long over."""
    session.execute(delete(OAuthAttempt).where(OAuthAttempt.expires_at < now - LIFETIME))
    session.add(
        OAuthAttempt(
            state_hash=state_hash(state),
            purpose=attempt.purpose,
            workspace_id=attempt.workspace_id,
            member_id=attempt.member_id,
            sealed_verifier=attempt.sealed_verifier,
            nonce=attempt.nonce,
            return_to=attempt.return_to,
            expires_at=now + LIFETIME,
        )
    )


def take(session: Session, state: str, purpose: str, now: datetime) -> Attempt | None:
    """The attempt of this state, once: a second use finds nothing."""
    query = (
        update(OAuthAttempt)
        .where(
            OAuthAttempt.state_hash == state_hash(state),
            OAuthAttempt.purpose == purpose,
            OAuthAttempt.used_at.is_(None),
            OAuthAttempt.expires_at > now,
        )
        .values(used_at=now)
        .returning(OAuthAttempt)
    )
    row = session.scalars(query).one_or_none()
    if row is None:
        return None
    return Attempt(
        purpose=row.purpose,
        workspace_id=row.workspace_id,
        member_id=row.member_id,
        sealed_verifier=row.sealed_verifier,
        nonce=row.nonce,
        return_to=row.return_to,
    )


def state_hash(state: str) -> bytes:
    """What is stored of a state."""
    return hashlib.sha256(state.encode()).digest()


def attempt_context(state: str) -> str:
    """What the PKCE verifier of this state is sealed to."""
    return f"oauth-attempt:{state_hash(state).hex()}"
