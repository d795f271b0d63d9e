"""Messages of one conversation turned into what is shown: people, files, and the log state."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId
from backend.domain.mail.labels import whereabouts
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed
from backend.domain.sending.delivery_report import Outcome
from backend.domain.summaries.log_state import LogFacts, log_summary, taken_out_by
from backend.domain.summaries.mail import (
    AttachmentLine,
    FailureLine,
    LogSummary,
    MessageView,
    TakenOut,
)
from backend.domain.writing.attachments import SHOWN, content_type, what_it_is
from backend.services.showing.forwarded import forwarded_in
from backend.services.showing.reply_to import AnswersTo, answers_to
from backend.store import conversation_views, failures
from backend.store.conversation_views import HeldCopy, Text
from backend.store.failures import Failed
from backend.store.models import Attachment, LogEntry, Message, Participant

Entry = tuple[LogEntry, str | None]
MACHINES = {
    "bounce": "Mail came back",
    "auto_reply": "Automatic reply",
    "complaint": "Spam report",
    "list": "Mailing list",
    "calendar": "Invitation",
}
"""Mail kinds that nobody wrote by hand, in words."""


def message_views(actor: Actor, session: Session, rows: Sequence[Message]) -> list[MessageView]:
    """The messages in the order given, with a fixed number of queries."""
    ids = [row.id for row in rows]
    texts = conversation_views.texts(session, ids)
    people = conversation_views.participants(session, ids)
    files = conversation_views.attachments(session, ids)
    logs = conversation_views.log_entries(session, ids)
    holders = conversation_views.holders(session, ids)
    failed = failures.of_messages(session, rows)
    answers = answers_to(session, rows, people)
    views = [
        _view(
            row,
            text=texts.get(row.id, Text("", has_html=False, redacted=False)),
            people=people.get(row.id, ()),
            files=files.get(row.id, ()),
            log=_log(actor, logs.get(row.id), holders.get(row.id, ())),
            failed=failed.get(row.id, ()),
        )
        for row in rows
    ]
    forwarded = forwarded_in(session, rows)
    views = [
        replace(one, forwarded=forwarded.get(one.id), whereabouts=_where(holders.get(one.id, ())))
        for one in views
    ]
    return [_with_answers(one, answers[one.id]) if one.id in answers else one for one in views]


def taken_out_lines(
    actor: Actor, session: Session, conversation_id: ConversationId
) -> tuple[TakenOut, ...]:
    """The messages of a conversation that somebody took out, without what they say."""
    may = allowed(actor.role, Permission.MESSAGE_LOG, own=True)
    return tuple(
        TakenOut(
            id=row.id,
            sender=row.sender_name or row.sender_address,
            sent_at=row.sent_at,
            removed_at=entry.removed_at,
            sentence=taken_out_by(name),
            may_put_back=may,
        )
        for row, entry, name in conversation_views.taken_out(session, conversation_id)
        if entry.removed_at is not None
    )


def _where(copies: Sequence[HeldCopy]) -> str:
    return whereabouts([(one.name, one.labels) for one in copies])


def _log(actor: Actor, found: Entry | None, copies: Sequence[HeldCopy]) -> LogSummary:
    """The log state as the side panel says it."""
    if found is None:
        return log_summary(None, actor)
    entry, name = found
    return log_summary(
        LogFacts(
            via=entry.via,
            logged_by=entry.logged_by,
            by_name=name,
            logged_at=entry.logged_at,
            removed_by_name=None,
            removed_at=entry.removed_at,
            holders=tuple((one.owner, one.name) for one in copies),
        ),
        actor,
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
                filename=one.filename or "Unnamed file",
                content_type=one.content_type,
                size=one.size,
                opens=content_type(one.filename or "") in SHOWN,
                what=what_it_is(one.content_type, one.filename),
            )
            for one in (() if text.redacted else files)
        ),
        log=log,
        state_note="Its text was removed" if text.redacted else MACHINES.get(row.mail_kind),
        failures=failure_lines(failed),
        forwards=not text.redacted,
        left_out=0 if text.redacted else max(0, text.length - len(text.reply_text)),
    )


def _with_answers(view: MessageView, answers: AnswersTo) -> MessageView:
    return replace(view, answers_to=", ".join(answers.addresses), answers_outside=answers.outside)


def failure_lines(failed: Sequence[Failed]) -> tuple[FailureLine, ...]:
    """Whom a message did not reach, one line for each."""
    return tuple(
        FailureLine(sentence=one.sentence, at=one.at, passing=one.outcome is Outcome.DELAYED)
        for one in failed
    )


def names(people: Sequence[Participant], role: str) -> str:
    """Those who stand in a field, as a list in words."""
    return ", ".join(one.name or one.address for one in people if one.role == role)
