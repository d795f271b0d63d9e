"""When a mail that is only being written would leave, asked of the same forecast as real ones."""

from datetime import datetime
from uuid import UUID

from backend.domain.actor import Actor
from backend.domain.forecast import Forecast, forecast
from backend.domain.forecast_text import civil, explain
from backend.domain.ids import MailboxId
from backend.domain.reasons import Reason
from backend.domain.send_facts import Letter
from backend.services.deps import Deps
from backend.store import mailboxes
from backend.store.outbox.gate import passage
from backend.store.outbox.rows import letter_of, scheduled

IMAGINED = UUID(int=0)
"""The id of the mail that does not exist yet; no real one has it."""

LOST = "It would wait behind so much mail that no moment can be named yet."


def foresee(deps: Deps, actor: Actor, *, due_at: datetime | None) -> str:
    """One line: when it would leave from the reader's mailbox, and why then."""
    now = deps.now()
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = mailboxes.of_member(session, actor.member_id)
        if mailbox is None:
            return "Connect your Gmail first."
        way = passage(session, mailbox.id, now)
        waiting = [letter_of(row) for row in scheduled(session, MailboxId(mailbox.id))]
    letter = Letter(id=IMAGINED, due_at=max(due_at or now, now))
    planned = forecast([*waiting, letter], way.gate, now, rules=way.rules)
    found = next((one for one in planned if one.id == IMAGINED), None)
    return _line(found, now, actor.time_zone) if found else LOST


def _line(found: Forecast, now: datetime, zone: str) -> str:
    if found.leaves_at is None:
        return explain(found, zone).sentence
    if found.leaves_at <= now:
        return "Leaves now: inside your window and under the limits."
    when = f"Leaves {civil(found.leaves_at, zone)}."
    if found.reason is Reason.NOT_DUE:
        return f"{when} On the date chosen for it."
    return f"{when} {explain(found, zone).sentence}"
