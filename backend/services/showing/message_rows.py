"""Messages of one conversation turned into what is shown: people, files, and the log state."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.domain.actor import Actor
from backend.domain.ids import MessageId
from backend.domain.roles import Permission, Role, allowed
from backend.domain.summaries.mail import AttachmentLine, LogSummary, MessageView
from backend.store import conversation_views
from backend.store.conversation_lists import Holder
from backend.store.conversation_views import Text
from backend.store.models import Attachment, LogEntry, Message, Participant

MACHINES = {
    "bounce": "Mail came back",
    "auto_reply": "Automatic reply",
    "complaint": "Spam report",
    "list": "Mailing list",
    "calendar": "Invitation",
}
"""Mail kinds that nobody wrote by hand, in words."""


def message_views(
    actor: Actor, session: Session, rows: Sequence[Message], holders: Sequence[Holder]
) -> list[MessageView]:
    """The messages in the order given, with a fixed number of queries."""
    ids = [row.id for row in rows]
    texts = conversation_views.texts(session, ids)
    people = conversation_views.participants(session, ids)
    files = conversation_views.attachments(session, ids)
    logs = conversation_views.log_entries(session, ids)
    return [
        _view(
            row,
            text=texts.get(row.id, Text("", has_html=False, redacted=False)),
            people=people.get(row.id, ()),
            files=files.get(row.id, ()),
            log=log_summary(actor, logs.get(row.id), holders),
        )
        for row in rows
    ]


def log_summary(
    actor: Actor, found: tuple[LogEntry, str | None] | None, holders: Sequence[Holder]
) -> LogSummary:
    """Whether the message stands in the timeline, since when and through whom."""
    role = Role(actor.role)
    may_log = allowed(role, Permission.MESSAGE_LOG, own=True)
    if found is None or found[0].removed_at is not None:
        return LogSummary(logged=False, sentence="Not logged", may_log=may_log)
    entry, name = found
    mine = entry.logged_by == actor.member_id
    return LogSummary(
        logged=True,
        sentence=_through(entry, name, holders),
        at=entry.logged_at,
        by_name=name,
        by_me=mine,
        via=entry.via,
        may_undo=allowed(role, Permission.MESSAGE_UNLOG, own=mine),
    )


def reply_address(session: Session, newest_first: Sequence[Message]) -> str:
    """Where an answer goes: to who wrote last, or where we last wrote to."""
    for row in newest_first:
        if not row.outgoing and row.sender_address:
            return row.sender_address
    if not newest_first:
        return ""
    people = conversation_views.participants(session, [newest_first[0].id])
    to = [one.address for one in people.get(newest_first[0].id, ()) if one.role == "to"]
    return ", ".join(to)


def _through(entry: LogEntry, name: str | None, holders: Sequence[Holder]) -> str:
    if entry.via == "click":
        return f"Logged by {name or 'a former member'}"
    owners = ", ".join(dict.fromkeys(holder.name for holder in holders))
    return f"Logged by sync of {owners}" if owners else "Logged by sync"


def _view(
    row: Message,
    *,
    text: Text,
    people: Sequence[Participant],
    files: Sequence[Attachment],
    log: LogSummary,
) -> MessageView:
    return MessageView(
        id=MessageId(row.id),
        sender=row.sender_name or row.sender_address,
        sender_address=row.sender_address,
        to=_names(people, "to"),
        cc=_names(people, "cc"),
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
            )
            for one in files
        ),
        log=log,
        state_note="Its text was removed" if text.redacted else MACHINES.get(row.mail_kind),
    )


def _names(people: Sequence[Participant], role: str) -> str:
    return ", ".join(one.name or one.address for one in people if one.role == role)
