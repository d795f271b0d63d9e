"""The bytes of a pending mail, and the Gmail thread it belongs to: frozen once, at the claim."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.address import address_key
from backend.domain.message import NamedAddress
from backend.domain.policies import FromName, ReplyQuote
from backend.domain.quoting import Earlier, below
from backend.domain.threads import references_for_reply
from backend.google.compose import OutgoingMail, Quote, compose
from backend.store.models import (
    GmailThread,
    Message,
    MessageBody,
    PendingMessage,
    TeamMember,
)
from backend.store.outbox.gate import Passage

MOST_REPEATED = 20
"""Earlier mails below an answer; longer threads are shown by every mail program anyway."""


class Built(NamedTuple):
    """What is posted. `thread_id` is Gmail's, in the sending mailbox, or None for a new thread."""

    mime: bytes
    thread_id: str | None


def build(session: Session, row: PendingMessage, way: Passage) -> Built:
    """Compose the row as it stands now, with the signature of the mailbox's owner (VC-38)."""
    chosen, owner, mailbox = way.policies, way.owner, way.mailbox
    parent = session.get(Message, row.parent_message_id) if row.parent_message_id else None
    is_owner = owner is not None and owner.id == row.author_id
    author = owner if is_owner else session.get(TeamMember, row.author_id)
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
        quote=history(session, parent, author) if quoting and parent else None,
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


def history(session: Session, parent: Message, author: TeamMember | None) -> Quote:
    """The answered mail and those before it, the newest first, by the author's clock (K-26)."""
    query = (
        select(Message, MessageBody.reply_text)
        .join(MessageBody, MessageBody.message_id == Message.id)
        .where(Message.conversation_id == parent.conversation_id, Message.sent_at <= parent.sent_at)
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(MOST_REPEATED)
    )
    zone = ZoneInfo(author.time_zone if author else "UTC")
    mails = [
        Earlier(
            author=message.sender_name or message.sender_address,
            written=spoken(message.sent_at.astimezone(zone)),
            text=text,
        )
        for message, text in session.execute(query)
    ]
    return Quote(attribution=mails[0].attribution, text=below(mails))


def spoken(there: datetime) -> str:
    """A moment as it stands above a quoted mail."""
    return f"{there:%a} {there.day} {there:%b %Y, %H:%M}"


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
