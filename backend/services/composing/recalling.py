"""The seconds in which a mail that shall leave at once can be taken back (undo send).

Separate because writing, sending now and releasing all wait for them. The mail simply has a later
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
from backend.store.models import PendingMessage, TeamMember
from backend.store.outbox.rows import Because, move


def put_date(
    session: Session, actor: Actor, row: PendingMessage, asked: datetime | None, now: datetime
) -> None:
    """Let the mail leave when it was asked to, but not before its author could take it back. What
    the rules promised for an earlier date is dropped.
    """
    seconds = session.scalar(
        select(TeamMember.undo_seconds).where(TeamMember.id == actor.member_id)
    )
    undo_until = now + timedelta(seconds=seconds or 0)
    row.due_at = row.not_before = max(asked or now, undo_until)
    row.undo_until = undo_until if row.due_at == undo_until > now else None


def nth_nonce(nonce: str, nth: int) -> str:
    """The mark of each mail that one click queued, the first of them being number 0."""
    return f"{nonce} {nth}" if nth else nonce


def together(session: Session, row: PendingMessage) -> Sequence[PendingMessage]:
    """The mails that the same click queued, one to each, as far as they still wait: locked."""
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
    """Take a mail back that has not left yet. Raises Conflict when it waits for a person anyway."""
    if row.state != PendingState.SCHEDULED:
        raise Conflict("This email does not leave by itself, so there is nothing to take back.")
    row.undo_until = None
    because = Because(Reason.TAKEN_BACK)
    move(session, row, PendingState.HELD, now=deps.now(), because=because, by=actor.member_id)
