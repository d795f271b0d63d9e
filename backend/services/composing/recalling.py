"""The seconds in which a message that leaves at once can be taken back (undo send).

Writing, sending now and releasing all wait for them. The message just has a later
due time, so that sending knows nothing of it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.people.actor import Actor
from backend.domain.reasons import Reason
from backend.domain.sending.pending import PendingState
from backend.errors import Conflict
from backend.services.transitions import Because, move
from backend.store.models import PendingMessage, TeamMember


def put_date(
    session: Session, actor: Actor, row: PendingMessage, asked: datetime | None, now: datetime
) -> None:
    """Set the requested date, but not before the author could take it back. Promises for an earlier
    date are dropped.
    """
    seconds = session.scalar(
        select(TeamMember.undo_seconds).where(TeamMember.id == actor.member_id)
    )
    undo_until = now + timedelta(seconds=seconds or 0)
    row.due_at = row.not_before = max(asked or now, undo_until)
    row.undo_until = undo_until if row.due_at == undo_until > now else None


def nth_nonce(nonce: str, nth: int) -> str:
    """The nonce of each message that one click queued, counted from 0."""
    return f"{nonce} {nth}" if nth else nonce


def together(session: Session, row: PendingMessage) -> Sequence[PendingMessage]:
    """The messages that the same click queued, one per recipient, if they still wait: locked."""
    first = (row.nonce or "").partition(" ")[0]
    query = (
        select(PendingMessage)
        .where(
            PendingMessage.author_id == row.author_id,
            or_(
                PendingMessage.nonce == first,
                PendingMessage.nonce.startswith(first + " ", autoescape=True),
            ),
            PendingMessage.state == PendingState.SCHEDULED,
            PendingMessage.undo_until == row.undo_until,
        )
        .order_by(PendingMessage.id)
        .with_for_update()
    )
    return session.scalars(query).all()


def hold(session: Session, deps: Deps, actor: Actor, row: PendingMessage) -> None:
    """Hold a message that has not left yet. Raises Conflict when it is on hold already."""
    if row.state != PendingState.SCHEDULED:
        raise Conflict("This email does not leave by itself, so there is nothing to take back.")
    row.undo_until = None
    because = Because(Reason.TAKEN_BACK)
    move(session, row, PendingState.HELD, now=deps.now(), because=because, by=actor.member_id)
