"""A bounce as data, after it has been read.

Separate so that the readers (machine-readable part, prose) and the judgement share one shape
without importing each other.
"""

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What happened to one recipient (RFC 3464 §2.3.3). Only `FAILED` is a bounce."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"


class BounceClass(StrEnum):
    """The consequence of a failure.

    Hard: the address does not exist, suppress at once. Soft: may work later, suppress only after
    repeated failures. Policy: the message or the sender was refused, the contact is not to blame.
    Delayed: still being tried, no consequence.
    """

    HARD = "hard"
    SOFT = "soft"
    POLICY = "policy"
    DELAYED = "delayed"


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    """One recipient. `status` is an enhanced code (RFC 3463) or empty; `original` the address we
    wrote to, when the report names it apart from the final one.
    """

    address: str
    action: Action
    status: str
    diagnostic: str
    judged: BounceClass
    original: str = ""


@dataclass(frozen=True, slots=True)
class BounceReport:
    """A report about mail that was not delivered, or not yet.

    `judged` is the most severe class of its recipients. `original_message_id` and `send_id` come
    from the returned mail: they identify our message. An address alone proves nothing, since
    anybody can write one into a report.
    """

    judged: BounceClass
    recipients: tuple[FailedRecipient, ...]
    original_message_id: str | None
    original_recipients: tuple[str, ...]
    send_id: str | None

    @property
    def is_failure(self) -> bool:
        """Whether a recipient did not get the mail; a delay notice is no bounce."""
        return self.judged is not BounceClass.DELAYED
