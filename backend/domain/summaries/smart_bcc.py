"""What is shown of Smart BCC: the addresses to copy mail to."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.capture.smart_bcc import AddressKind


@dataclass(frozen=True, kw_only=True)
class CaptureAddressLine:
    """One address. `of` is the shared mailbox it belongs to; one that ends was replaced."""

    id: int
    kind: AddressKind
    address: str
    of: str
    may_replace: bool
    ends_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class SmartBccView:
    """A member's addresses, or what is missing before there can be any."""

    addresses: tuple[CaptureAddressLine, ...]
    missing: str = ""


@dataclass(frozen=True, kw_only=True)
class WaitingMailLine:
    """A mail that waits for its owner, or one that was left out lately: of that nothing but why is
    kept. `proposed` is whom a forwarded mail would be filed under.
    """

    id: int
    waits: bool
    sender: str
    recipients: str
    subject: str
    why: str
    proposed: str
    old_address: bool
    received_at: datetime
