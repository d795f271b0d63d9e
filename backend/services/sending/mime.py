"""The bytes of a pending mail, and the Gmail thread it belongs to: frozen once, at the claim."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.message import NamedAddress
from backend.domain.threads import references_for_reply
from backend.google.compose import OutgoingMail, compose
from backend.store.models import GmailThread, Mailbox, Message, PendingMessage, TeamMember


@dataclass(frozen=True)
class Built:
    """What is posted. `thread_id` is Gmail's, in the sending mailbox, or None for a new thread."""

    mime: bytes
    thread_id: str | None


def build(session: Session, row: PendingMessage) -> Built:
    """Compose the row as it stands now, with the signature of the mailbox's owner (VC-38)."""
    mailbox = session.get_one(Mailbox, row.mailbox_id)
    owner = session.get(TeamMember, mailbox.owner_id) if mailbox.owner_id else None
    parent = session.get(Message, row.parent_message_id) if row.parent_message_id else None
    in_reply_to, references = "", ()
    if parent is not None and parent.rfc_id:
        in_reply_to = parent.rfc_id
        references = references_for_reply(parent.references, (), parent.rfc_id)
    mail = OutgoingMail(
        send_id=str(row.id),
        sender=NamedAddress(mailbox.display_name, mailbox.email, mailbox.email_key),
        to=named(row.to),
        cc=named(row.cc),
        bcc=with_own_copy(named(row.bcc), owner),
        reply_to=row.reply_to,
        subject=row.subject,
        text=row.body_text,
        signature_html=owner.signature_html if owner else "",
        in_reply_to=in_reply_to or None,
        references=tuple(references),
    )
    return Built(mime=compose(mail), thread_id=thread_of(session, row))


def named(people: list[dict[str, str]]) -> tuple[NamedAddress, ...]:
    """Stored recipients as addresses."""
    return tuple(NamedAddress(one.get("name", ""), one["address"], one["key"]) for one in people)


def with_own_copy(
    bcc: tuple[NamedAddress, ...], owner: TeamMember | None
) -> tuple[NamedAddress, ...]:
    """The member's always-BCC is added to each mail of theirs; when empty, nothing is (V-31)."""
    own = owner.always_bcc if owner else None
    if not own or any(one.address.lower() == own.lower() for one in bcc):
        return bcc
    return (*bcc, NamedAddress("", own, own.lower()))


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
    )
    return session.scalars(query).first()
