"""Signed-in browsers: rows found by the hash of a cookie's value, never by the value."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import cast, delete, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from backend.domain.ids import MemberId, WorkspaceId
from backend.store.models import WebSession


def find(session: Session, token_hash: bytes, now: datetime) -> WebSession | None:
    """The session with this hash, unless it has expired."""
    query = select(WebSession).where(
        WebSession.token_hash == token_hash, WebSession.expires_at > now
    )
    return session.scalars(query).one_or_none()


def save(
    session: Session,
    token_hash: bytes,
    data: dict[str, object],
    *,
    begun: datetime,
    expires: datetime,
) -> None:
    """Upsert a session's data and end; its beginning is kept."""
    row = {"token_hash": token_hash, "data": data, "created_at": begun, "expires_at": expires}
    statement = insert(WebSession).values(row)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[WebSession.token_hash],
            set_={"data": statement.excluded.data, "expires_at": statement.excluded.expires_at},
        )
    )


def remove(session: Session, token_hash: bytes) -> None:
    """Delete one session."""
    session.execute(delete(WebSession).where(WebSession.token_hash == token_hash))


def of_member(
    session: Session, workspace_id: WorkspaceId, member_id: MemberId, now: datetime
) -> Sequence[WebSession]:
    """The sessions of a member in a workspace, the one used last first."""
    query = (
        select(WebSession)
        .where(
            WebSession.data["who"] == cast([workspace_id, member_id], JSONB),
            WebSession.expires_at > now,
        )
        .order_by(WebSession.expires_at.desc())
    )
    return session.scalars(query).all()


def sweep(session: Session, now: datetime) -> None:
    """Delete the sessions that have ended."""
    session.execute(delete(WebSession).where(WebSession.expires_at <= now))
