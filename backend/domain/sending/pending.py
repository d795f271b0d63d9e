"""The states of a pending message and the moves between them, written down as pairs.

Separate from the rule that decides when mail leaves: this only says which moves exist, so that a
service can refuse every other one.
"""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from backend.domain.ids import PendingId
from backend.errors import Conflict


class PendingState(StrEnum):
    """The state of a pending message."""

    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    HELD = "held"
    FAILED = "failed"
    DISCARDED = "discarded"
    CANCELLED = "cancelled"


_S = PendingState

# What our own acts lead to. From SENDING on, only an answer or a look into SENT moves it.
_ACTS = frozenset(
    {
        (_S.SCHEDULED, _S.SENDING),
        (_S.SCHEDULED, _S.HELD),
        (_S.SCHEDULED, _S.FAILED),
        (_S.SCHEDULED, _S.DISCARDED),
        (_S.SCHEDULED, _S.CANCELLED),
        (_S.SENDING, _S.FAILED),
        (_S.SENDING, _S.UNKNOWN),
        (_S.SENDING, _S.SCHEDULED),  # a definite refusal that names a later moment
        (_S.SENDING, _S.HELD),  # a definite refusal that the owner of the mailbox must clear
        (_S.UNKNOWN, _S.SCHEDULED),  # twice looked for in SENT, twice not there
        (_S.UNKNOWN, _S.HELD),
        (_S.HELD, _S.SCHEDULED),
        (_S.HELD, _S.DISCARDED),
        (_S.HELD, _S.CANCELLED),
        (_S.FAILED, _S.SCHEDULED),
        (_S.FAILED, _S.CANCELLED),
    }
)
# The mailbox's SENT mail is the truth: a copy found there settles the row, whatever we believed.
_EVIDENCE = frozenset({(state, _S.SENT) for state in PendingState if state is not _S.SENT})

TRANSITIONS = _ACTS | _EVIDENCE

WAITING = frozenset({_S.SCHEDULED, _S.HELD})  # may be edited, moved and cancelled by a person
IN_DOUBT = frozenset({_S.SENDING, _S.UNKNOWN})  # may or may not have left: nobody touches it
DONE = frozenset({_S.SENT, _S.DISCARDED, _S.CANCELLED})

STATE_SENTENCES: Mapping[PendingState, str] = {
    _S.SCHEDULED: "It will leave by itself.",
    _S.SENDING: "It is leaving right now.",
    _S.SENT: "It has left.",
    _S.UNKNOWN: "It may have left. Sent mail is being checked, and it is not sent again meanwhile.",
    _S.HELD: "It waits for a person.",
    _S.FAILED: "It could not be sent.",
    _S.DISCARDED: "A rule stopped it, and it will never be sent.",
    _S.CANCELLED: "A person stopped it, and it will never be sent.",
}


def can(origin: PendingState, to: PendingState) -> bool:
    """Whether a pending message may go from one state to another.

    >>> can(PendingState.SCHEDULED, PendingState.SENDING)
    True
    >>> can(PendingState.CANCELLED, PendingState.SENDING)
    False
    """
    return (origin, to) in TRANSITIONS


def require(origin: PendingState, to: PendingState) -> None:
    """Raise Conflict, with the present state in words, unless the move exists."""
    if not can(origin, to):
        raise Conflict(f"{STATE_SENTENCES[origin]} So it cannot become {to} now.")


def pending_id_of(text: str | None) -> PendingId | None:
    """The id that X-Rapport-Send-Id holds, when it is a readable one.

    >>> pending_id_of(" not one ") is None
    True
    """
    try:
        return PendingId(UUID(text.strip())) if text else None
    except ValueError:
        return None
