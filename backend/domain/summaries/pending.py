"""Pending mail, as it is shown: when it will leave, what binds it, and what may be done to it."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.ids import ConversationId, PendingId
from backend.domain.writing.unsubscribing import Offer

HELD_THEN = "It will be held then"
"""How the reason of a message begins that is due later and will not leave."""


@dataclass(frozen=True, kw_only=True)
class PendingLine:
    """One pending mail in a list. `why` is the binding reason as a sentence; no time when held.
    Until `undo_until` sending it can be undone.
    """

    id: PendingId
    state: str
    subject: str
    to: str
    account_name: str | None
    sender_name: str
    sender_email: str
    due_at: datetime
    leaves_at: datetime | None
    reason: str | None
    why: str
    changeable: bool
    version: int
    files: int = 0
    undo_until: datetime | None = None

    @property
    def before_time(self) -> str:
        """What the time is said to be: it does not leave when something will hold it then."""
        return "Due" if self.why.startswith(HELD_THEN) else "Leaves"


@dataclass(frozen=True, kw_only=True)
class PendingFileLine:
    """A file of a pending mail, its size in words, and whether it can be downloaded here."""

    id: int
    name: str
    size: str
    kept: bool


@dataclass(frozen=True, kw_only=True)
class PendingStep:
    """One link of the chain of proof."""

    at: datetime
    state: str
    sentence: str
    by: str | None


@dataclass(frozen=True, kw_only=True)
class PendingDetail:
    """One pending mail in full. `body_html` is rendered as the recipient will get it, and
    sanitised. Only the mail that starts a conversation has an `unsubscribe_offer`, and one that
    `passes_on` another may go to colleagues alone.
    """

    line: PendingLine
    conversation_id: ConversationId | None
    to: tuple[str, ...]
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    reply_to: str | None
    body_text: str
    body_html: str
    files: tuple[PendingFileLine, ...]
    files_warning: str
    unsubscribe_offer: Offer | None
    edited_by: str | None
    edited_at: datetime | None
    steps: tuple[PendingStep, ...]
    passes_on: bool = False


@dataclass(frozen=True, kw_only=True)
class SendingOutlook:
    """A sender's room: mails seen leaving in the rolling 24 hours, of how many, and when the next
    goes.
    """

    waiting: int
    held: int
    failed: int
    left_today: int
    daily_limit: int
    hourly_limit: int
    next_at: datetime | None
    paused: str | None = None
