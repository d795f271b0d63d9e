"""Finds out whether a doubtful message left, by looking in SENT mail, never by sending again.

Our store comes first, then history from before the attempt, then the newest of the SENT label; no
search, whose index lags. Two clean looks, minutes apart, are needed before a message may be queued
again.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.capture.smart_bcc import COPY
from backend.domain.ids import MailboxId, MailboxKey, PendingId, WorkspaceId
from backend.domain.mail.labels import Label
from backend.domain.reasons import Reason
from backend.domain.sending.pending import IN_DOUBT, PendingState
from backend.domain.sending.rule import SendKind
from backend.errors import HistoryExpired, MailboxTrouble, MessageGone, TryLater
from backend.google.apis import Access
from backend.google.posting import SentIds
from backend.jobs import JobName
from backend.rate_limit import pacer
from backend.services.planning import replan
from backend.services.sending import outcome
from backend.services.transitions import Because, move
from backend.services.troubles import note_refusal
from backend.store import credentials
from backend.store.models import Message, MessageCopy, PendingMessage
from backend.store.outbox.rows import locked, note_step

if TYPE_CHECKING:
    from backend.google.gmail import GmailMailbox

log = structlog.get_logger(__name__)

SECOND_LOOK = timedelta(minutes=5)
"""Time between a clean look and the second one."""

LOOK_LATER = timedelta(minutes=2)
"""Time until a look that could not finish is retried."""

LABEL_REACH = 200
"""Newest SENT messages checked when history no longer reaches back."""

MOST_AT_ONCE = 50
"""Doubtful messages of one mailbox that are looked for together."""

SEND_ID = "x-rapport-send-id"
NEGATIVES_NEEDED = 2
QUEUED_AGAIN = frozenset({SendKind.AUTOMATED, SendKind.BULK})
"""Kinds that go back into the queue; a hand-written message waits for its author to decide."""


def settle_doubts(deps: Deps, workspace_id: WorkspaceId, mailbox_id: MailboxId) -> None:
    """Look for every doubtful message of a mailbox whose look is due."""
    with deps.store.begin(workspace_id) as session:
        rows = doubtful(session, deps, mailbox_id)
        found = known_copies(session, mailbox_id, [row.id for row in rows])
    missing = [row for row in rows if row.id not in found]
    if missing:
        try:
            found |= look_in_gmail(deps, workspace_id, mailbox_id, missing)
        except (MailboxTrouble, TryLater) as error:
            log.warning("look_failed", mailbox_id=mailbox_id, why=type(error).__name__)
            if isinstance(error, MailboxTrouble):
                note_refusal(deps, MailboxKey(workspace_id, mailbox_id), error)
            look_later(deps, workspace_id, missing)
            rows = [row for row in rows if row.id in found]
    for row in rows:
        settle(deps, workspace_id, row, found.get(row.id))
    if rows:
        with deps.store.begin(workspace_id) as session:
            replan(session, mailbox_id, deps.now())
    if found:  # the copies in SENT mail are fetched and linked
        deps.jobs.enqueue(JobName.SYNC_MAILBOX, workspace_id, mailbox_id)


def settle(deps: Deps, workspace_id: WorkspaceId, row: PendingMessage, ids: SentIds | None) -> None:
    """Record the outcome of a look for one message."""
    if ids is None:
        not_found(deps, workspace_id, row)
        return
    left_at = row.attempted_at
    outcome.sent(deps, workspace_id, row.id, ids, left_at=left_at)


def doubtful(session: Session, deps: Deps, mailbox_id: MailboxId) -> list[PendingMessage]:
    """Rows in doubt whose lease or waiting time is over. A worker that crashed left them
    `sending`.
    """
    query = (
        select(PendingMessage)
        .where(
            PendingMessage.mailbox_id == mailbox_id,
            PendingMessage.state.in_(list(IN_DOUBT)),
            PendingMessage.lease_until <= deps.now(),
        )
        .order_by(PendingMessage.attempted_at)
        .limit(MOST_AT_ONCE)
    )
    return list(session.scalars(query))


def known_copies(
    session: Session, mailbox_id: MailboxId, ids: list[PendingId]
) -> dict[PendingId, SentIds]:
    """Doubtful messages whose SENT copy sync has stored already."""
    query = (
        select(Message.send_id, MessageCopy.gmail_id, MessageCopy.thread_id)
        .join(MessageCopy, MessageCopy.message_id == Message.id)
        .where(
            Message.send_id.in_(ids),
            MessageCopy.mailbox_id == mailbox_id,
            MessageCopy.gmail_id.not_like(f"{COPY}%"),
        )
    )
    return {
        send_id: SentIds(gmail_id, thread_id)
        for send_id, gmail_id, thread_id in session.execute(query)
        if send_id is not None
    }


def look_in_gmail(
    deps: Deps, workspace_id: WorkspaceId, mailbox_id: MailboxId, rows: list[PendingMessage]
) -> dict[PendingId, SentIds]:
    """Which of the rows have a SENT copy in the mailbox now."""
    with deps.store.begin(workspace_id) as session:
        token = credentials.refresh_token(session, deps.sealer, mailbox_id)
    gmail = deps.google.mailbox(Access(mailbox_id, token), pacer(deps, mailbox_id))
    wanted = {str(row.id): row.id for row in rows}
    found: dict[PendingId, SentIds] = {}
    for gmail_id, thread_id in candidates(gmail, earliest(rows)):
        try:
            headers = gmail.headers(gmail_id, ["X-Rapport-Send-Id"])
        except MessageGone:
            continue
        send_id = wanted.get(headers.get(SEND_ID, "").strip())
        if send_id is not None:
            found[send_id] = SentIds(gmail_id, thread_id)
        if len(found) == len(wanted):
            break
    return found


def earliest(rows: list[PendingMessage]) -> int | None:
    """The history id to read from to cover every attempt; None when one of them has none."""
    starts = [row.before_cursor for row in rows]
    known = [int(start) for start in starts if start is not None]
    return min(known) if len(known) == len(starts) else None


def candidates(gmail: "GmailMailbox", start: int | None) -> Iterator[tuple[str, str]]:
    """Messages that may be ours, newest first: from history if it reaches back, else from SENT."""
    if start is not None:
        try:
            sent = list(sent_since(gmail, start))
        except HistoryExpired:
            pass
        else:
            yield from reversed(sent)
            return
    yield from gmail.list_ids(label=Label.SENT).ids[:LABEL_REACH]


def sent_since(gmail: "GmailMailbox", start: int) -> Iterator[tuple[str, str]]:
    """Everything that became SENT since then, once each."""
    seen: set[str] = set()
    page = None
    while True:
        history = gmail.history(start, page=page)
        for record in history.records:
            labelled = (one.message for one in record.labels_added if Label.SENT in one.labels)
            added = (one for one in record.added if Label.SENT in one.labels)
            for message in (*added, *labelled):
                if message.gmail_id not in seen:
                    seen.add(message.gmail_id)
                    yield message.gmail_id, message.thread_id
        page = history.next_page_token
        if page is None:
            return


def not_found(deps: Deps, workspace_id: WorkspaceId, seen: PendingMessage) -> None:
    """A clean look without the message: look once more, then queue again or ask the author."""
    with deps.store.begin(workspace_id) as session:
        row = locked(session, seen.id)
        if row.state not in IN_DOUBT or row.attempts != seen.attempts:
            return  # the look says nothing of an attempt that came after it
        if row.lease_until is None or row.lease_until > deps.now():
            return  # somebody else has looked just now, and two looks lie minutes apart
        row.negatives += 1
        row.looked_at = deps.now()
        if row.state == PendingState.SENDING:
            move(session, row, PendingState.UNKNOWN, now=deps.now())
        if row.negatives < NEGATIVES_NEEDED:
            row.lease_until = deps.now() + SECOND_LOOK
            note_step(session, row, now=deps.now(), detail="not in SENT mail, looking once more")
            return
        give_back(session, row, deps.now())


def give_back(session: Session, row: PendingMessage, now: datetime) -> None:
    """Looked for twice, absent twice: it did not leave."""
    row.negatives, row.lease_until, row.mime = 0, None, None
    if row.kind in QUEUED_AGAIN:
        move(session, row, PendingState.SCHEDULED, now=now)
        return
    move(session, row, PendingState.HELD, now=now, because=Because(Reason.UNCONFIRMED))


def look_later(deps: Deps, workspace_id: WorkspaceId, rows: list[PendingMessage]) -> None:
    """The mailbox could not be read: the messages stay in doubt."""
    with deps.store.begin(workspace_id) as session:
        for one in rows:
            row = locked(session, one.id)
            if row.state in IN_DOUBT and row.attempts == one.attempts:
                row.lease_until = deps.now() + LOOK_LATER
