"""The bytes of a pending message, and its Gmail thread: frozen once, at the claim."""

from typing import NamedTuple

from backend.domain.mail.address import address_key
from backend.domain.mail.message import NamedAddress
from backend.domain.policies import FromName, ReplyQuote
from backend.domain.threads.references import references_for_reply
from backend.domain.writing.quoting import Earlier, below, written
from backend.domain.writing.unsubscribing import link_at_the_end
from backend.google.compose import (
    OutgoingFile,
    OutgoingMail,
    Quote,
    UnsubscribeLink,
    compose,
)
from backend.services.sending.send_lease import SendLease
from backend.store import pending_files
from backend.store.outbox.looking import DueMail, NextDue, Parent
from backend.store.outbox.quoted import earlier_mails

MOST_REPEATED = 20
"""Earlier messages quoted below a reply; longer threads are shown by every mail program anyway."""


class Built(NamedTuple):
    """The bytes to post. `thread_id` is Gmail's, in the sending mailbox, or None for a new
    thread.
    """

    mime: bytes
    thread_id: str | None


def build(lease: SendLease, seen: NextDue) -> Built:
    """Compose the message as it was seen, with the signature of the mailbox's owner (VC-38), or of
    its author where the mailbox is shared.
    """
    mail, sender, chosen = seen.mail, seen.way.sender, seen.way.policies
    signed = mail.author.signature if sender.is_shared else sender.signature_html
    by_agent = chosen.from_name is FromName.AGENT
    outgoing = OutgoingMail(
        send_id=str(mail.id),
        sender=NamedAddress(
            mail.author.name if by_agent else sender.display_name, sender.address, sender.key
        ),
        to=mail.to,
        cc=mail.cc,
        bcc=with_own_copy(mail, mail.author.bcc if sender.is_shared else sender.always_bcc),
        reply_to=mail.reply_to,
        subject=mail.subject,
        text=mail.body_text,
        signature_html=signed,
        template_html=mail.template or "",
        in_reply_to=mail.parent.rfc_id if mail.parent else None,
        references=cited(mail.parent),
        attachments=files_of(lease, mail) if mail.has_files else (),
        quote=history(lease, mail) if chosen.reply_quote is ReplyQuote.HISTORY else None,
        unsubscribe=way_out(lease, mail),
    )
    return Built(mime=compose(outgoing), thread_id=mail.thread_id)


def way_out(lease: SendLease, mail: DueMail) -> UnsubscribeLink | None:
    """The unsubscribe link at its end, where the message was started with one (VC-32)."""
    if mail.unsubscribe_line is None:
        return None
    return link_at_the_end(
        lease.workspace_id,
        mail.id,
        mail.unsubscribe_line,
        hashed=lease.deps.keyed_hash.of,
        root=lease.deps.public_url,
        to=len(mail.to) + len(mail.cc) + len(mail.bcc),
    )


def files_of(lease: SendLease, mail: DueMail) -> tuple[OutgoingFile, ...]:
    """The files as they are now; an edit meanwhile has changed the version, and the claim fails."""
    with lease.begin() as session:
        files = pending_files.whole(session, mail.id)
    return tuple(OutgoingFile(one.name, one.content_type, one.data) for one in files)


def with_own_copy(mail: DueMail, own: str | None) -> tuple[NamedAddress, ...]:
    """The member's always-BCC is added to each of their messages; when empty, nothing is (V-31)."""
    key = address_key(own) if own else ""
    if not own or key in {one.key for one in (*mail.to, *mail.cc, *mail.bcc)}:
        return mail.bcc
    return (*mail.bcc, NamedAddress("", own, key))


def cited(parent: Parent | None) -> tuple[str, ...]:
    """The Message-IDs a reply refers to, the oldest first."""
    if parent is None or not parent.rfc_id:
        return ()
    return references_for_reply(parent.references, (), parent.rfc_id)


def history(lease: SendLease, mail: DueMail) -> Quote | None:
    """The message replied to and earlier ones, newest first, in the author's time zone (K-26)."""
    if mail.parent is None:
        return None
    with lease.begin() as session:
        found = earlier_mails(
            session,
            mail.parent.conversation_id,
            reader=mail.author_id,
            until=mail.parent.sent_at,
            most=MOST_REPEATED,
        )
    mails = [
        Earlier(author=one.author, written=written(one.sent_at, mail.author.zone), text=one.text)
        for one in found
    ]
    return Quote(attribution=mails[0].attribution, text=below(mails)) if mails else None
