"""One parsed RFC 5322 message: the only form in which rules see mail.

Separate from the readers (`mime` for raw bytes, `google.parsing` for Gmail's JSON), so that both
paths give the same result and no rule knows which path a message came by.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class NamedAddress:
    """One address of a header. `key` is its identity (see `address`), empty when it has none."""

    name: str
    address: str
    key: str


@dataclass(frozen=True, slots=True)
class AttachmentInfo:
    """Metadata of a part that is not the body. `size` counts decoded bytes.

    `part_id` is the place in the tree ("0", "1.2"); it is stable between two reads.
    """

    filename: str | None
    content_type: str
    size: int
    content_id: str | None
    inline: bool
    part_id: str


@dataclass(frozen=True, slots=True)
class MachinePart:
    """A part written for machines (delivery status, returned mail, event), bounded in length.
    `attached`: a file beside text that somebody wrote.
    """

    content_type: str
    text: str
    attached: bool = False


@dataclass(frozen=True, slots=True)
class ParsedMessage:
    """One message. Ids have no brackets; `date` is UTC; `headers` holds decoded values.

    `text` is the plain body, made from the HTML when there is no plain part. `report_type` is the
    parameter of `multipart/report`. `defects` are short codes, in the order found.
    """

    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    subject: str
    sender: NamedAddress | None
    reply_to: tuple[NamedAddress, ...]
    to: tuple[NamedAddress, ...]
    cc: tuple[NamedAddress, ...]
    bcc: tuple[NamedAddress, ...]
    date: datetime | None
    text: str
    html: str | None
    attachments: tuple[AttachmentInfo, ...]
    headers: Mapping[str, tuple[str, ...]]
    send_id: str | None
    defects: tuple[str, ...]
    content_type: str = "text/plain"
    report_type: str = ""
    machine_parts: tuple[MachinePart, ...] = field(default=(), repr=False)

    @property
    def answers_go_to(self) -> tuple[NamedAddress, ...]:
        """The addresses in Reply-To, unless that is the sender alone."""
        named = tuple(one for one in self.reply_to if one.key)
        own = self.sender.key if self.sender else ""
        return named if any(one.key != own for one in named) else ()

    def first(self, name: str) -> str:
        """The first value of a header, named in lower case; empty when it is absent."""
        values = self.headers.get(name)
        return values[0] if values else ""


@dataclass(frozen=True, slots=True)
class DeferredPart:
    """A part that is needed to read the message and that Gmail left out: fetch it by attachment id.

    The attachment id is good for one use only; `part_id` is stable.
    """

    part_id: str
    attachment_id: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class FetchedMessage:
    """A message as one mailbox holds it. `internal_date` is when Gmail accepted it, in UTC."""

    gmail_id: str
    thread_id: str
    history_id: int
    label_ids: frozenset[str]
    internal_date: datetime
    snippet: str
    size: int
    parsed: ParsedMessage
    deferred_parts: tuple[DeferredPart, ...] = ()
