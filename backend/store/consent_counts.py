"""Counts how OAuth attempts ended, by day: completed, refused, never returned.

Only counts are kept, for a month: a row for each day, member, purpose and outcome.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.ids import WorkspaceId
from backend.domain.oauth.funnel import GONE, Ended, WayEnd
from backend.store.models import ConsentCount, OAuthAttempt

KEPT_FOR = timedelta(days=30)
NOBODY = 0
"""The id where no workspace or member is known: somebody who was about to sign in."""


def count(session: Session, ends: Mapping[WayEnd, int], now: datetime) -> None:
    """Add to today's counts, and delete old ones."""
    if not ends:
        return
    session.execute(delete(ConsentCount).where(ConsentCount.day < (now - KEPT_FOR).date()))
    statement = insert(ConsentCount).values(
        [
            {
                "day": now.date(),
                "workspace_id": end.workspace_id or NOBODY,
                "member_id": end.member_id or NOBODY,
                "purpose": end.purpose,
                "outcome": end.outcome,
                "seen": seen,
                "last_at": now,
            }
            for end, seen in ends.items()
        ]
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["day", "workspace_id", "member_id", "purpose", "outcome"],
            set_={"seen": ConsentCount.seen + statement.excluded.seen, "last_at": now},
        )
    )


def last(session: Session, purpose: str, outcome: str) -> datetime | None:
    """When a way for this purpose last ended like this."""
    query = select(func.max(ConsentCount.last_at)).where(
        ConsentCount.purpose == purpose, ConsentCount.outcome == outcome
    )
    return session.scalar(query)


def latest(session: Session, purpose: str) -> str | None:
    """How a way for this purpose ended last."""
    query = select(ConsentCount.outcome).where(ConsentCount.purpose == purpose)
    return session.scalar(query.order_by(ConsentCount.last_at.desc()).limit(1))


def drop_attempts(session: Session, *, before: datetime, now: datetime) -> None:
    """Delete attempts that ended before this moment; those from which nobody returned are
    counted.
    """
    dropped = session.execute(
        delete(OAuthAttempt)
        .where(OAuthAttempt.expires_at < before)
        .returning(
            OAuthAttempt.workspace_id,
            OAuthAttempt.member_id,
            OAuthAttempt.purpose,
            OAuthAttempt.used_at,
        )
    )
    gone = Counter(
        WayEnd(workspace_id=workspace_id, member_id=member_id, purpose=purpose, outcome=GONE)
        for workspace_id, member_id, purpose, used_at in dropped
        if used_at is None
    )
    count(session, gone, now)


def ended(
    session: Session,
    purposes: Collection[str],
    *,
    workspace_id: WorkspaceId | None,
    since: datetime,
    now: datetime,
) -> Sequence[Ended]:
    """The outcomes of these attempts since then, in one workspace or in all, including expired ones
    that are not swept yet.
    """
    counted = select(
        ConsentCount.member_id,
        ConsentCount.outcome,
        func.sum(ConsentCount.seen),
        func.max(ConsentCount.last_at),
    ).where(ConsentCount.purpose.in_(purposes), ConsentCount.day >= since.date())
    lying = select(
        func.coalesce(OAuthAttempt.member_id, NOBODY),
        func.count(),
        func.max(OAuthAttempt.expires_at),
    ).where(
        OAuthAttempt.purpose.in_(purposes),
        OAuthAttempt.used_at.is_(None),
        OAuthAttempt.expires_at < now,
    )
    if workspace_id is not None:
        counted = counted.where(ConsentCount.workspace_id == workspace_id)
        lying = lying.where(OAuthAttempt.workspace_id == workspace_id)
    counted = counted.group_by(ConsentCount.member_id, ConsentCount.outcome)
    lying = lying.group_by(OAuthAttempt.member_id)
    return [
        *(Ended(*row) for row in session.execute(counted)),
        *(Ended(member, GONE, seen, at) for member, seen, at in session.execute(lying)),
    ]
