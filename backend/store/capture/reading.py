"""What a fetched message says of itself, before the store is asked anything about it."""

from dataclasses import dataclass, replace
from functools import cached_property

from backend.cpu import within
from backend.domain.capture.list_sender import through_own_list, writer_behind
from backend.domain.ids import PendingId
from backend.domain.mail.envelope import Envelope, envelope_of
from backend.domain.mail.kinds import MailKind, classify
from backend.domain.mail.labels import Label
from backend.domain.mail.message import FetchedMessage, ParsedMessage
from backend.domain.people.team import Team
from backend.domain.sending.delivery_report import Report, read_report
from backend.domain.sending.pending import pending_id_of
from backend.domain.threads.references import content_key
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
        return pending_id_of(self.fetched.parsed.send_id)

    @cached_property
    def report(self) -> Report | None:
        """What it says of mail that went out, when it is a bounce, a complaint or the like."""
        return within(JUDGING, lambda: read_report(self.fetched.parsed, self.kind))

    @cached_property
    def keys(self) -> frozenset[str]:
        """The addresses of everybody on it, and of who wrote to a list that hides them."""
        writer = writer_behind(self.fetched.parsed)
        return frozenset({key for _, key in self.envelope} | ({writer.key} if writer else set()))

    def through_own_list(self, team: Team) -> "Read":
        """The same as its writer sent it, where it came through a list of ours."""
        parsed = through_own_list(self.fetched.parsed, team)
        if parsed is self.fetched.parsed:
            return self
        kind = within(JUDGING, lambda: classify(parsed))
        return replace(self, fetched=replace(self.fetched, parsed=parsed), kind=kind)

    @property
    def left(self) -> bool:
        """Whether the mailbox sent it. A sender in its header proves nothing."""
        return Label.SENT in self.fetched.label_ids

    @cached_property
    def cites(self) -> tuple[str, ...]:
        """The Message-IDs that the mail answers to."""
        parsed = self.fetched.parsed
        return (*parsed.references, *parsed.in_reply_to)


def read_one(place: Place, fetched: FetchedMessage) -> Read:
    """What kind of mail it is, and its identity across mailboxes."""
    parsed = fetched.parsed
    identity = identity_of(parsed)
    if identity is None:  # without a Message-ID only Gmail's own id tells two mails apart
        identity = f"{place.mailbox_id}/{fetched.gmail_id}".encode()
    rfc_id = parsed.message_id
    return Read(
        fetched=fetched,
        kind=within(JUDGING, lambda: classify(parsed)),
        identity=identity,
        rfc_hash=place.keyed_hash.of(place.workspace_id, rfc_id) if rfc_id else None,
    )


def identity_of(parsed: ParsedMessage) -> bytes | None:
    """What a message is known by in all mailboxes, those too that a list of ours brought it to;
    None when only its own mailbox can tell.
    """
    sender = writer_behind(parsed) or parsed.sender
    return content_key(parsed.message_id, sender.key if sender else "", parsed.date)


def report_key(rfc_id: str | None) -> str:
    """What a report that was left out is found by once the mail it is about has come: an import
    reads the newest mail first. Like the people on it, only as a keyed hash.
    """
    return f"report on {rfc_id}"
