"""How completely each mailbox is known, how late anything of it is, and what to do about it.

Separate from the mailbox's own line, which stands around every page and must stay cheap.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.domain.summaries.health import MailboxHealth
from backend.domain.summaries.mailbox import MailboxState, MailboxSummary
from backend.domain.sync.polling import BECAUSE
from backend.services.showing.mailbox_rows import mailbox_summaries
from backend.store import health as rows
from backend.store.mailbox_lists import MailboxRow
from backend.store.models import ImportRun, Mailbox

LATE = timedelta(minutes=15)
"""A mail that should have left longer ago is counted as overdue."""

ADVICE: Mapping[MailboxState, str] = {
    MailboxState.UNCONNECTED: "Its owner connects it under Settings, Email settings.",
    MailboxState.DELAYED: "It catches up by itself. If it stays so for an hour, tell an admin.",
    MailboxState.BLOCKED: (
        "If an administrator of Google Workspace does not allow it, set Rapport to Trusted under "
        "Security, API controls. Rapport asks again every hour by itself."
    ),
    MailboxState.DISCONNECTED: "Its owner connects it again under Settings, Email settings.",
}
NOT_YET = "Not asked for yet"


def mailbox_health(
    session: Session, found: Sequence[MailboxRow], now: datetime
) -> tuple[MailboxHealth, ...]:
    """The mailboxes, with a fixed number of queries however many there are."""
    ids = [row.mailbox.id for row in found]
    decided = rows.decided_by_mailbox(session, ids)
    since = rows.waiting_since(session, ids)
    compared = rows.last_comparisons(session, ids)
    overdue = rows.overdue(session, ids, now - LATE)
    return tuple(
        _line(
            row.mailbox,
            summary,
            decided=decided.get(row.mailbox.id, 0),
            waiting_since=since.get(row.mailbox.id),
            compared=compared.get(row.mailbox.id),
            overdue=overdue.get(row.mailbox.id, 0),
        )
        for row, summary in zip(found, mailbox_summaries(session, found, now), strict=True)
    )


def _line(
    mailbox: Mailbox,
    summary: MailboxSummary,
    *,
    decided: int,
    waiting_since: datetime | None,
    compared: ImportRun | None,
    overdue: int,
) -> MailboxHealth:
    push = mailbox.watch_error or ("" if mailbox.watch_expires_at else NOT_YET)
    if mailbox.poll_because is not None and mailbox.watch_error is None:
        push = BECAUSE[mailbox.poll_because]
    return MailboxHealth(
        mailbox=summary,
        decided=decided,
        push=push,
        push_until=None if push else mailbox.watch_expires_at,
        polled_closely_since=mailbox.poll_since,
        waiting_since=waiting_since,
        compared=compared.scanned if compared else 0,
        compared_at=compared.finished_at if compared else None,
        trouble=summary.explanation or "",
        trouble_at=mailbox.last_error_at if summary.explanation else None,
        advice="" if summary.owner_left else ADVICE.get(summary.state, ""),
        overdue=overdue,
    )
