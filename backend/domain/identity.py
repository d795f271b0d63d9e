"""Tells mails apart: scanners, form mailers and broken programs repeat a Message-ID.

The identity of a message is its Message-ID with its sender and date. Where those three repeat as
well, the subject decides.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from backend.domain.capture.list_sender import writer_behind
from backend.domain.ids import MessageId
from backend.domain.mail.message import ParsedMessage
from backend.domain.mail.subjects import bare_subject, may_be_same
from backend.domain.threads.references import content_key


@dataclass(frozen=True, kw_only=True)
class Bearer:
    """A stored message with its identity in hexadecimal digits."""

    id: MessageId
    identity: str
    subject: str


def identity_of(parsed: ParsedMessage) -> bytes | None:
    """The identity of a message across mailboxes, including those that a list of ours delivered it
    to; None when it has one only inside its own mailbox.
    """
    sender = writer_behind(parsed) or parsed.sender
    return content_key(parsed.message_id, sender.key if sender else "", parsed.date)


def apart(identity: bytes, subject: str) -> bytes:
    """The identity of a message that only bears the Message-ID, sender and date of another."""
    own = bare_subject(subject).encode(errors="replace")
    return hashlib.sha256(identity + own).digest()


def identities_of(parsed: ParsedMessage) -> list[bytes]:
    """The identities under which a message may be stored, whichever mailbox brought it in."""
    identity = identity_of(parsed)
    return [identity, apart(identity, parsed.subject)] if identity else []


def stored_as(parsed: ParsedMessage, bearers: Iterable[Bearer]) -> MessageId | None:
    """The stored message of which this is another copy, among those with its identities."""
    found = {bytes.fromhex(one.identity): one for one in bearers}
    for identity in identities_of(parsed):
        bearer = found.get(identity)
        if bearer and may_be_same(bearer.subject, parsed.subject):
            return bearer.id
    return None


def unlogged_key(identity: bytes, subject: str) -> str:
    """What a message that a person took out for good is recognised by. Only its keyed hash is kept:
    nothing readable remains of it.
    """
    return f"unlogged {apart(identity, subject).hex()}"
