"""What a fetched message says of itself, before the store is asked anything about it."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from backend.cpu import within
from backend.domain.bounces import read_bounce
from backend.domain.envelope import Envelope, envelope_of
from backend.domain.ids import PendingId
from backend.domain.mail_kind import MailKind, classify
from backend.domain.message import FetchedMessage
from backend.domain.threads import content_key
from backend.store.capture.place import Place

JUDGING = 0.25
"""Seconds of computing for each look at a message: of what kind it is, and what was answered."""


@dataclass(frozen=True, kw_only=True)
class Read:
    """A fetched message with what the rules say of its kind and identity.

    `rfc_hash` is the keyed hash under which a decision knows the message.
    """

    fetched: FetchedMessage
    kind: MailKind
    identity: bytes
    rfc_hash: bytes | None

    @cached_property
    def envelope(self) -> Envelope:
        """Who is on it."""
        return envelope_of(self.fetched.parsed)

    @cached_property
    def send_id(self) -> PendingId | None:
        """Our own id in the mail's header, when it is a readable one."""
        text = (self.fetched.parsed.send_id or "").strip()
        try:
            return PendingId(UUID(text)) if text else None
        except ValueError:
            return None

    @cached_property
    def reported(self) -> str | None:
        """The Message-ID of the mail that a bounce reports on."""
        if self.kind is not MailKind.BOUNCE:
            return None
        report = read_bounce(self.fetched.parsed)
        return report.original_message_id if report else None

    @cached_property
    def cites(self) -> tuple[str, ...]:
        """The Message-IDs that the mail answers to."""
        parsed = self.fetched.parsed
        return (*parsed.references, *parsed.in_reply_to)


def read_one(place: Place, fetched: FetchedMessage) -> Read:
    """What kind of mail it is, and its identity across mailboxes."""
    parsed = fetched.parsed
    sender = parsed.sender.key if parsed.sender else ""
    identity = content_key(parsed.message_id, sender, parsed.date)
    if identity is None:  # without a Message-ID only Gmail's own id tells two mails apart
        identity = f"{place.mailbox_id}/{fetched.gmail_id}".encode()
    rfc_id = parsed.message_id
    return Read(
        fetched=fetched,
        kind=within(JUDGING, lambda: classify(parsed)),
        identity=identity,
        rfc_hash=place.keyed_hash.of(place.workspace_id, rfc_id) if rfc_id else None,
    )
