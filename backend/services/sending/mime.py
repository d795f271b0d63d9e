"""The bytes of a pending mail, and the Gmail thread it belongs to: frozen once, at the claim."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.address import address_key
from backend.domain.message import NamedAddress
from backend.domain.policies import FromName, ReplyQuote
from backend.domain.quoting import Quote
from backend.domain.threads import references_for_reply
from backend.google.compose import OutgoingMail, compose
from backend.store.capture.rules import policies
from backend.store.models import (
    GmailThread,
    Mailbox,
    Message,
    MessageBody,
    PendingMessage,
    TeamMember,
)


@dataclass(frozen=True)
class Built:
    """What is posted. `thread_id` is Gmail's, in the sending mailbox, or None for a new thread."""

    mime: bytes
    thread_id: str | None


def build(session: Session, row: PendingMessage, mailbox: Mailbox) -> Built:
    """Compose the row as it stands now, with the signature of the mailbox's owner (VC-38)."""
    chosen = policies(session)
    owner = session.get(TeamMember, mailbox.owner_id) if mailbox.owner_id else None
    parent = session.get(Message, row.parent_message_id) if row.parent_message_id else None
    author = session.get(TeamMember, row.author_id)
    agent = chosen.from_name is FromName.AGENT and author is not None
    name = author.name if agent and author else mailbox.display_name
    quoting = chosen.reply_quote is ReplyQuote.HISTORY and parent is not None
    mail = OutgoingMail(
        send_id=str(row.id),
        sender=NamedAddress(name, mailbox.email, mailbox.email_key),
        to=named(row.to),
        cc=named(row.cc),
        bcc=with_own_copy(row, owner),
        reply_to=row.reply_to,
        subject=row.subject,
        text=row.body_text,
        signature_html=owner.signature_html if owner else "",
        in_reply_to=parent.rfc_id if parent else None,
        references=cited(parent),
        quote=quote_of(session, parent, author) if quoting and parent else None,
    )
    return Built(mime=compose(mail), thread_id=thread_of(session, row))


def named(people: list[dict[str, str]]) -> tuple[NamedAddress, ...]:
    """Stored recipients as addresses."""
    return tuple(NamedAddress(one.get("name", ""), one["address"], one["key"]) for one in people)


def with_own_copy(row: PendingMessage, owner: TeamMember | None) -> tuple[NamedAddress, ...]:
    """The member's always-BCC is added to each mail of theirs; when empty, nothing is (V-31)."""
    own = owner.always_bcc if owner else None
    key = address_key(own) if own else ""
    if not own or key in {one["key"] for one in (*row.to, *row.cc, *row.bcc)}:
        return named(row.bcc)
    return (*named(row.bcc), NamedAddress("", own, key))


def cited(parent: Message | None) -> tuple[str, ...]:
    """The Message-IDs an answer refers to, the oldest first."""
    if parent is None or not parent.rfc_id:
        return ()
    return references_for_reply(parent.references, (), parent.rfc_id)


def quote_of(session: Session, parent: Message, author: TeamMember | None) -> Quote:
    """The answered mail, its time as the author's clock showed it."""
    body = session.get(MessageBody, parent.id)
    there = parent.sent_at.astimezone(ZoneInfo(author.time_zone if author else "UTC"))
    return Quote(
        author=parent.sender_name or parent.sender_address,
        written=f"{there:%a} {there.day} {there:%b %Y, %H:%M}",
        text=body.text if body else "",
        html=body.html if body else None,
    )


def thread_of(session: Session, row: PendingMessage) -> str | None:
    """Gmail's thread of the conversation in the sending mailbox, the newest when there are
    several.
    """
    if row.conversation_id is None or row.parent_message_id is None:
        return None
    query = (
        select(GmailThread.thread_id)
        .where(
            GmailThread.conversation_id == row.conversation_id,
            GmailThread.mailbox_id == row.mailbox_id,
        )
        .order_by(GmailThread.thread_id.desc())
        .limit(1)
    )
    return session.scalars(query).first()
