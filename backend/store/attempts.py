"""Ways to Google that were begun: kept by the hash of their state, used once, for ten minutes.

What somebody granted may stay with its way, sealed, until that person has confirmed it.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.domain.ids import MemberId, WorkspaceId
from backend.store.consent_counts import drop_attempts
from backend.store.models import OAuthAttempt

LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One attempt. `sealed_verifier` and `sealed_grant` open with the contexts of its state.
    `wanted` is the address that was to be connected.
    """

    purpose: str
    workspace_id: WorkspaceId | None
    member_id: MemberId | None
    sealed_verifier: bytes
    nonce: str
    return_to: str
    wanted: str | None = None
    sealed_grant: bytes | None = None


def remember(session: Session, state: str, attempt: Attempt, now: datetime) -> None:
    """Keep an attempt, and drop those that are long over."""
    sweep(session, now)
    session.add(
        OAuthAttempt(
            state_hash=state_hash(state),
            purpose=attempt.purpose,
            workspace_id=attempt.workspace_id,
            member_id=attempt.member_id,
            sealed_verifier=attempt.sealed_verifier,
            nonce=attempt.nonce,
            wanted=attempt.wanted,
            return_to=attempt.return_to,
            expires_at=now + LIFETIME,
        )
    )


def sweep(session: Session, now: datetime) -> None:
    """Drop those that are long over, though nobody begins another one."""
    drop_attempts(session, before=now - LIFETIME, now=now)


def take(session: Session, state: str, purposes: Collection[str], now: datetime) -> Attempt | None:
    """The attempt of this state, once: a second use finds nothing."""
    query = (
        update(OAuthAttempt)
        .where(
            OAuthAttempt.state_hash == state_hash(state),
            OAuthAttempt.purpose.in_(purposes),
            OAuthAttempt.used_at.is_(None),
            OAuthAttempt.expires_at > now,
        )
        .values(used_at=now)
        .returning(OAuthAttempt)
    )
    row = session.scalars(query).one_or_none()
    return _attempt(row) if row else None


def close_late(session: Session, state: str, now: datetime) -> Attempt | None:
    """The attempt of somebody who came back after its time, once: nobody is missed any more."""
    query = (
        update(OAuthAttempt)
        .where(
            OAuthAttempt.state_hash == state_hash(state),
            OAuthAttempt.used_at.is_(None),
            OAuthAttempt.expires_at <= now,
        )
        .values(used_at=OAuthAttempt.expires_at)
        .returning(OAuthAttempt)
    )
    row = session.scalars(query).one_or_none()
    return _attempt(row) if row else None


def return_to(session: Session, state: str) -> str:
    """Where somebody wanted to go who came back by this state, used or not; empty when unknown."""
    query = select(OAuthAttempt.return_to).where(OAuthAttempt.state_hash == state_hash(state))
    return session.scalar(query) or ""


def is_away(
    session: Session, member_id: MemberId, purposes: Collection[str], now: datetime
) -> bool:
    """Whether this member went to Google of late and has not come back since."""
    newest = (
        select(OAuthAttempt.used_at.is_(None))
        .where(
            OAuthAttempt.member_id == member_id,
            OAuthAttempt.purpose.in_(purposes),
            OAuthAttempt.expires_at > now - LIFETIME,
        )
        .order_by(OAuthAttempt.expires_at.desc())
        .limit(1)
    )
    return bool(session.scalar(newest))


def keep_grant(session: Session, state: str, sealed: bytes, now: datetime) -> None:
    """Let what was granted wait for its person, for as long as a way to Google lasts."""
    session.execute(
        update(OAuthAttempt)
        .where(OAuthAttempt.state_hash == state_hash(state))
        .values(sealed_grant=sealed, expires_at=now + LIFETIME)
    )


def waiting(session: Session, state: str, now: datetime) -> Attempt | None:
    """The attempt whose grant waits to be confirmed."""
    row = session.scalar(
        select(OAuthAttempt).where(
            OAuthAttempt.state_hash == state_hash(state),
            OAuthAttempt.sealed_grant.is_not(None),
            OAuthAttempt.expires_at > now,
        )
    )
    return _attempt(row) if row else None


def forget(session: Session, state: str) -> bool:
    """Drop an attempt with its grant. Of two who ask, one is told that it was there."""
    query = (
        delete(OAuthAttempt)
        .where(OAuthAttempt.state_hash == state_hash(state))
        .returning(OAuthAttempt.purpose)
    )
    return session.scalar(query) is not None


def _attempt(row: OAuthAttempt) -> Attempt:
    return Attempt(
        purpose=row.purpose,
        workspace_id=row.workspace_id,
        member_id=row.member_id,
        sealed_verifier=row.sealed_verifier,
        nonce=row.nonce,
        return_to=row.return_to,
        wanted=row.wanted,
        sealed_grant=row.sealed_grant,
    )


def state_hash(state: str) -> bytes:
    """What is stored of a state."""
    return hashlib.sha256(state.encode()).digest()


def attempt_context(state: str) -> str:
    """What the PKCE verifier of this state is sealed to."""
    return f"oauth-attempt:{state_hash(state).hex()}"


def grant_context(state: str) -> str:
    """What a grant that waits for its confirmation is sealed to."""
    return f"oauth-grant:{state_hash(state).hex()}"
