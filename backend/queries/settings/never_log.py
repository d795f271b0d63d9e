"""The never-log lists (M1), and what one of their entries would have kept out lately.

Coverage is decided by the capture rule itself on stored mail, and reveals nothing of mail that this
reader may not read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.capture.blocklist import Entry, EntryKind, NeverLog, blocked, never_log
from backend.domain.ids import ConversationId, MemberId, MessageId
from backend.domain.mail.address import address_key
from backend.domain.mail.envelope import Envelope
from backend.domain.people.actor import Actor
from backend.domain.people.visibility import Hidden
from backend.domain.summaries.administration import CoveredMail, NeverLogLine, NeverLogReach
from backend.store import choices
from backend.store.choices import never_log_entry
from backend.store.conversation_access import access_to, conversations_by_id, holders_of
from backend.store.message_sight import in_timeline
from backend.store.models import (
    Conversation,
    Mailbox,
    Message,
    MessageCopy,
    NeverLogEntry,
    Participant,
)

REACH = timedelta(days=30)
LOOKED_AT = 20_000
"""Messages checked, newest first."""

SHOWN = 50
TOGETHER = 500
"""Messages whose readers are looked up in one statement."""

BLOCK = 2_000
"""Rows in memory at a time."""


@dataclass(frozen=True, slots=True)
class RecentMail:
    """A stored message; `people` are role and address of everybody on it."""

    message_id: MessageId
    conversation_id: ConversationId
    subject: str
    sender: str
    sent_at: datetime
    people: Sequence[tuple[str, str]]


def never_log_view(deps: Deps, actor: Actor) -> tuple[NeverLogLine, ...]:
    """The workspace's entries and the reader's own."""
    with deps.store.begin(actor.workspace_id) as session:
        return tuple(_line(*found) for found in choices.never_log(session, actor.member_id))


def reach_of(deps: Deps, actor: Actor, entry_id: int) -> NeverLogReach:
    """An entry with the mail of the last 30 days that it covers. Raises NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        row, added_by = never_log_entry(session, actor, entry_id)
        kind = row.kind
        entries = never_log([Entry(kind, row.value)])
        looked_at, covered = 0, list[CoveredMail]()
        mails = _recent_mail(
            session,
            since=deps.now() - REACH,
            owner=actor.member_id if row.member_id is not None else None,
            most=LOOKED_AT,
        )
        for together in _blocks(mails):
            looked_at += len(together)
            met = [mail for mail in together if _covers(entries, mail)]
            covered += _readable(actor, session, met, kind)
        return NeverLogReach(
            line=_line(row, added_by),
            days=REACH.days,
            number=len(covered),
            newest=tuple(sorted(covered, key=lambda mail: mail.sent_at, reverse=True)[:SHOWN]),
            partial=looked_at == LOOKED_AT,
        )


def _blocks(mails: Iterator[RecentMail]) -> Iterator[list[RecentMail]]:
    while together := list(islice(mails, TOGETHER)):
        yield together


def _covers(entries: NeverLog, mail: RecentMail) -> bool:
    def keys(wanted: str) -> tuple[str, ...]:
        return tuple(address_key(address) for role, address in mail.people if role == wanted)

    sender = next(iter(keys("from")), None)
    envelope = Envelope(
        sender or None, to=keys("to"), cc=keys("cc"), bcc=keys("bcc"), reply_to=keys("reply_to")
    )
    return blocked(envelope, mail.subject, entries) is not None


def _readable(
    actor: Actor, session: Session, mails: Sequence[RecentMail], kind: EntryKind
) -> list[CoveredMail]:
    """Those this reader may know of. Words are matched only where the reader may read the
    subject.
    """
    ids = list({mail.conversation_id for mail in mails})
    holders = holders_of(session, ids)
    rows = conversations_by_id(session, ids)
    found = []
    for mail in mails:
        access = access_to(actor, rows[mail.conversation_id], holders.get(mail.conversation_id, ()))
        subject = not isinstance(access, Hidden) and access.level.shows_subject
        if isinstance(access, Hidden) or (kind is EntryKind.SUBJECT and not subject):
            continue
        found.append(
            CoveredMail(
                conversation_id=mail.conversation_id,
                subject=mail.subject if subject else None,
                sender=mail.sender,
                sent_at=mail.sent_at,
            )
        )
    return found


def _line(row: NeverLogEntry, added_by: str | None) -> NeverLogLine:
    """An entry as it is shown."""
    return NeverLogLine(
        id=row.id,
        kind=row.kind,
        value=row.value,
        mine=row.member_id is not None,
        added_by=added_by,
        added_at=row.added_at,
    )


def _recent_mail(
    session: Session, *, since: datetime, owner: MemberId | None, most: int
) -> Iterator[RecentMail]:
    """The newest messages in the timeline, up to a limit: of everybody, or of a member's mailbox.

    Conversations are read in index order, newest first.
    """
    people = (
        select(func.json_agg(func.json_build_array(Participant.role, Participant.address)))
        .where(Participant.message_id == Message.id)
        .correlate(Message)
        .scalar_subquery()
    )
    query = (
        select(
            Message.id,
            Message.conversation_id,
            Message.subject,
            func.coalesce(func.nullif(Message.sender_name, ""), Message.sender_address),
            Message.sent_at,
            people,
        )
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.last_message_at >= since, Message.sent_at >= since, in_timeline())
        .order_by(Conversation.last_message_at.desc(), Conversation.id.desc(), Message.id.desc())
        .limit(most)
    )
    if owner is not None:
        copy = select(MessageCopy.message_id).join(Mailbox, Mailbox.id == MessageCopy.mailbox_id)
        copy = copy.where(MessageCopy.message_id == Message.id, Mailbox.owner_id == owner)
        query = query.where(copy.correlate(Message).exists())
    for row in session.execute(query.execution_options(yield_per=BLOCK)):
        message_id, conversation_id, subject, sender, sent_at, on_it = row
        yield RecentMail(
            message_id=MessageId(message_id),
            conversation_id=ConversationId(conversation_id),
            subject=subject,
            sender=sender,
            sent_at=sent_at,
            people=[(role, address) for role, address in on_it or ()],
        )
