"""Maps the messages of one conversation: people, files, and log state."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.domain.ids import MemberId, MessageId
from backend.domain.mail.labels import whereabouts
from backend.domain.people.actor import Actor
from backend.domain.sending.delivery_report import Outcome
from backend.domain.summaries.log_state import log_summary
from backend.domain.summaries.mail import AttachmentLine, FailureLine, LogSummary, MessageView
from backend.domain.writing.attachments import SHOWN, content_type, name_of, what_it_is
from backend.queries.conversations.answering import AnswersTo, answers_to
from backend.queries.conversations.forwarded import forwarded_in
from backend.store import failures
from backend.store.failures import Failed
from backend.store.log_entries import log_facts
from backend.store.messages import participants
from backend.store.models import (
    OWN_WORDS,
    Attachment,
    LogEntry,
    Mailbox,
    Message,
    MessageBody,
    MessageCopy,
    Participant,
    TeamMember,
)

Entry = tuple[LogEntry, str | None]
MACHINES = {
    "bounce": "Mail came back",
    "auto_reply": "Automatic reply",
    "complaint": "Spam report",
    "list": "Mailing list",
    "calendar": "Invitation",
}
"""Mail kinds of machines, in words."""


REDACTED = "Text removed"
"""Of a message whose content went when its mailbox was disconnected (D-21)."""


@dataclass(frozen=True)
class Text:
    """A message's text without its HTML, which is fetched separately. `length`: characters of the
    whole text.
    """

    reply_text: str
    has_html: bool
    redacted: bool
    length: int = 0


@dataclass(frozen=True)
class HeldCopy:
    """A copy of a message: its mailbox's owner, by id and by name, an address for a shared one, and
    its labels there, None where it was deleted.
    """

    owner: MemberId | None
    name: str
    labels: Sequence[str] | None


def message_views(actor: Actor, session: Session, rows: Sequence[Message]) -> list[MessageView]:
    """The messages in the given order, with a fixed number of queries."""
    ids = [row.id for row in rows]
    texts = texts_of(session, ids)
    people = participants(session, ids)
    files = _attachments(session, ids)
    logs = _log_entries(session, ids)
    copies = _copies_of(session, ids)
    failed = failures.of_messages(session, rows)
    answers = answers_to(session, rows, people)
    views = [
        _view(
            row,
            text=texts.get(row.id, Text("", has_html=False, redacted=False)),
            people=people.get(row.id, ()),
            files=files.get(row.id, ()),
            log=_log(actor, logs.get(row.id), copies.get(row.id, ())),
            failed=failed.get(row.id, ()),
        )
        for row in rows
    ]
    forwarded = forwarded_in(session, rows)
    views = [
        replace(one, forwarded=forwarded.get(one.id), whereabouts=_where(copies.get(one.id, ())))
        for one in views
    ]
    return [_with_answers(one, answers[one.id]) if one.id in answers else one for one in views]


def _where(copies: Sequence[HeldCopy]) -> str:
    return whereabouts([(one.name, one.labels) for one in copies])


def _log(actor: Actor, found: Entry | None, copies: Sequence[HeldCopy]) -> LogSummary:
    """The log state as the side panel shows it."""
    if found is None:
        return log_summary(None, actor)
    entry, name = found
    return log_summary(
        log_facts(entry, by=name, holders=[(one.owner, one.name) for one in copies]), actor
    )


def _view(
    row: Message,
    *,
    text: Text,
    people: Sequence[Participant],
    files: Sequence[Attachment],
    log: LogSummary,
    failed: Sequence[Failed],
) -> MessageView:
    return MessageView(
        id=row.id,
        sender=row.sender_name or row.sender_address,
        sender_address=row.sender_address,
        to=names(people, "to"),
        cc=names(people, "cc"),
        sent_at=row.sent_at,
        outgoing=row.outgoing,
        mail_kind=row.mail_kind,
        snippet=row.snippet,
        reply_text="" if text.redacted else text.reply_text,
        has_html=text.has_html and not text.redacted,
        attachments=tuple(
            AttachmentLine(
                part_id=one.part_id,
                filename=name_of(one.filename, one.content_type),
                content_type=one.content_type,
                size=one.size,
                opens=content_type(one.filename or "") in SHOWN,
                what=what_it_is(one.content_type, one.filename),
            )
            for one in (() if text.redacted else files)
        ),
        log=log,
        state_note=REDACTED if text.redacted else MACHINES.get(row.mail_kind),
        failures=failure_lines(failed),
        forwards=not text.redacted,
        redacted=text.redacted,
        left_out=0 if text.redacted else max(0, text.length - len(text.reply_text)),
    )


def _with_answers(view: MessageView, answers: AnswersTo) -> MessageView:
    return replace(view, answers_to=", ".join(answers.addresses), answers_outside=answers.outside)


def failure_lines(failed: Sequence[Failed]) -> tuple[FailureLine, ...]:
    """The recipients a message did not reach, one line each."""
    return tuple(
        FailureLine(sentence=one.sentence, at=one.at, passing=one.outcome is Outcome.DELAYED)
        for one in failed
    )


def names(people: Sequence[Participant], role: str) -> str:
    """The people in a field, as a list in words."""
    return ", ".join(one.name or one.address for one in people if one.role == role)


def texts_of(session: Session, message_ids: Sequence[MessageId]) -> Mapping[int, Text]:
    """The texts of a few messages."""
    query = select(
        MessageBody.message_id,
        OWN_WORDS,
        MessageBody.html.is_not(None),
        MessageBody.redacted_at.is_not(None),
        func.length(MessageBody.text),
    ).where(MessageBody.message_id.in_(message_ids))
    return {row[0]: Text(row[1], row[2], row[3], row[4]) for row in session.execute(query)}


def _attachments(
    session: Session, message_ids: Sequence[MessageId]
) -> Mapping[int, list[Attachment]]:
    """The files of a few messages that are not part of their text."""
    query = (
        select(Attachment)
        .where(Attachment.message_id.in_(message_ids), Attachment.inline.is_(False))
        .order_by(Attachment.message_id, Attachment.part_id)
    )
    found: dict[int, list[Attachment]] = defaultdict(list)
    for row in session.scalars(query):
        found[row.message_id].append(row)
    return found


def _log_entries(
    session: Session, message_ids: Sequence[MessageId]
) -> Mapping[int, tuple[LogEntry, str | None]]:
    """The log entries of a few messages, each with the name of who logged it."""
    query = (
        select(LogEntry, TeamMember.name)
        .outerjoin(TeamMember, TeamMember.id == LogEntry.logged_by)
        .where(LogEntry.message_id.in_(message_ids))
    )
    return {entry.message_id: (entry, name) for entry, name in session.execute(query)}


def _copies_of(session: Session, message_ids: Sequence[MessageId]) -> Mapping[int, list[HeldCopy]]:
    """The copies of each of a few messages, one or more per mailbox."""
    query = (
        select(
            MessageCopy.message_id,
            Mailbox.owner_id,
            func.coalesce(TeamMember.name, Mailbox.email),
            MessageCopy.labels,
            MessageCopy.deleted_at,
        )
        .join(Mailbox, Mailbox.id == MessageCopy.mailbox_id)
        .outerjoin(TeamMember, TeamMember.id == Mailbox.owner_id)
        .where(MessageCopy.message_id.in_(message_ids))
        .order_by(Mailbox.id)
    )
    found: dict[int, list[HeldCopy]] = defaultdict(list)
    for message_id, owner, name, labels, deleted_at in session.execute(query):
        member = owner
        found[message_id].append(HeldCopy(member, name, labels if deleted_at is None else None))
    return found
