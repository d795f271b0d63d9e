"""OAuth attempts: stored by the hash of their state, used once, for ten minutes.

A grant may stay sealed with its attempt until the person confirms it.
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
    """Store an attempt, and delete expired ones."""
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
    """Delete expired attempts, even when nobody begins another one."""
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
    """The expired attempt of somebody who came back late, once: they no longer count as missing."""
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
    """The path that the attempt of this state was for, used or not; empty when unknown."""
    query = select(OAuthAttempt.return_to).where(OAuthAttempt.state_hash == state_hash(state))
    return session.scalar(query) or ""


def is_away(
    session: Session, member_id: MemberId, purposes: Collection[str], now: datetime
) -> bool:
    """Whether this member recently left for Google and has not returned."""
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
    """Keep the sealed grant for its person, as long as an attempt lasts."""
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
    """Delete an attempt with its grant. Of two concurrent callers, one gets True."""
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
    """The stored form of a state."""
    return hashlib.sha256(state.encode()).digest()


def attempt_context(state: str) -> str:
    """The context to which the PKCE verifier of this state is sealed."""
    return f"oauth-attempt:{state_hash(state).hex()}"


def grant_context(state: str) -> str:
    """The context to which an unconfirmed grant is sealed."""
    return f"oauth-grant:{state_hash(state).hex()}"
