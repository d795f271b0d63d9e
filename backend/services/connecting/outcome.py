"""What coming back from Google can end in."""

from dataclasses import dataclass

from backend.domain.ids import MailboxId


@dataclass(frozen=True)
class Connected:
    """A mailbox is at work; its person goes on to this path."""

    mailbox_id: MailboxId
    return_to: str


@dataclass(frozen=True)
class Unconfirmed:
    """Nothing is connected before the person has confirmed what this state stands for."""

    state: str
