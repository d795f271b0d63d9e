"""When a message being written would leave, by the same forecast as for real ones."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import MailboxId, PendingId
from backend.domain.people.actor import Actor
from backend.domain.reasons import Reason
from backend.domain.sending.due_dates import date_wrong
from backend.domain.sending.forecast import Forecast, civil, explain, forecast
from backend.domain.sending.rule import Letter
from backend.queries.pending.lines import pending_lines
from backend.store import mailboxes
from backend.store.outbox.gate import sender_limits
from backend.store.outbox.rows import letter_of, scheduled
from backend.store.pending_access import is_private, one

IMAGINED = PendingId(UUID(int=0))
"""The id of the message that does not exist yet; no real one has it."""

LOST = "It would wait behind so much mail that no moment can be named yet."


def foresee(
    deps: Deps, actor: Actor, *, due_at: datetime | None, instead_of: PendingId | None = None
) -> str:
    """One line: when it would leave, and why then. It leaves from the reader's mailbox, or replaces
    a pending message in that one's mailbox; without a date it keeps that one's date.
    """
    now = deps.now()
    if due_at is not None and (wrong := date_wrong(due_at, now)):
        return wrong["due_at"]
    with deps.store.begin(actor.workspace_id) as session:
        if due_at is None and (stored := _stored_line(session, actor, instead_of, now)):
            return stored
        mailbox_id = _mailbox(session, actor, instead_of)
        if mailbox_id is None:
            return "Connect your Gmail first."
        way = sender_limits(session, mailbox_id, now)
        others = [row for row in scheduled(session, mailbox_id) if row.id != instead_of]
        waiting = [letter_of(row) for row in others]
    letter = Letter(id=IMAGINED, due_at=max(due_at or now, now))
    planned = forecast([*waiting, letter], way.gate, now, rules=way.rules)
    found = next((one for one in planned if one.id == IMAGINED), None)
    return _line(found, now, actor.time_zone) if found else LOST


def _stored_line(
    session: Session, actor: Actor, pending_id: PendingId | None, now: datetime
) -> str | None:
    row = one(session, pending_id) if pending_id else None
    if row is None or is_private(actor, row):
        return None
    line = pending_lines(actor, session, [row], now=now)[0]
    at = civil(line.leaves_at, actor.time_zone) if line.leaves_at else ""
    return f"{line.before_time} {at}. {line.why}" if at else line.why


def _mailbox(session: Session, actor: Actor, instead_of: PendingId | None) -> MailboxId | None:
    row = one(session, instead_of) if instead_of else None
    if row is not None and not is_private(actor, row):
        return row.message.mailbox_id
    own = mailboxes.of_member(session, actor.member_id)
    return own.id if own else None


def _line(found: Forecast, now: datetime, zone: str) -> str:
    if found.leaves_at is None:
        return explain(found, zone).sentence
    if found.leaves_at <= now:
        return "Leaves now: inside the sending window and under the limits."
    when = f"Leaves {civil(found.leaves_at, zone)}."
    if found.reason is Reason.NOT_DUE:
        return f"{when} On the date chosen for it."
    return f"{when} {explain(found, zone).sentence}"
