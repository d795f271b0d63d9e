"""What can become of a message that wants to leave: the answers of the sending rules.

Separate so that the service, the forecast and the screens can handle each answer with `match`.
`details` hold what the reason's sentence names; a moment is never among them, since it is shown in
the reader's own time zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from backend.domain.reasons import Reason


@dataclass(frozen=True)
class SendNow:
    """It leaves."""


@dataclass(frozen=True)
class Postpone:
    """It leaves by itself, not before `until`."""

    until: datetime
    reason: Reason
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hold:
    """It waits for a person."""

    reason: Reason
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Discard:
    """It never leaves."""

    reason: Reason
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fail:
    """It does not leave, and its author is told (D-9 on `fail`)."""

    reason: Reason
    details: Mapping[str, str] = field(default_factory=dict)


Decision = SendNow | Postpone | Hold | Discard | Fail

# Postponed for one of these, every other message of the mailbox waits as well.
MAILBOX_WIDE = frozenset(
    {
        Reason.SPACING,
        Reason.HOURLY_LIMIT,
        Reason.DAILY_LIMIT,
        Reason.PROVIDER_LIMIT,
        Reason.PROVIDER_TROUBLE,
        Reason.SENDING_REFUSED,
        Reason.LIMITER_DOWN,
        Reason.MAILBOX_BUSY,
        Reason.MAILBOX_PAUSED,
    }
)
