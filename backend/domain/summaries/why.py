"""Why a message is here or not here: every stored decision about it, in words (N2)."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.ids import ConversationId, MessageId
from backend.domain.summaries.mail import ChangeLine, FailureLine


@dataclass(frozen=True, kw_only=True)
class WhyDecision:
    """One decision: what became of the copy in one mailbox, by which rule, and when."""

    mailbox_email: str
    outcome: str
    sentence: str
    rule: str
    path: str
    decided_at: datetime
    setting: str | None = None


@dataclass(frozen=True, kw_only=True)
class WhySummary:
    """What is known about the message that was asked for. No decisions: it was never seen."""

    asked: str
    decisions: tuple[WhyDecision, ...]
    message_id: MessageId | None = None
    conversation_id: ConversationId | None = None
    subject: str | None = None
    sent_at: datetime | None = None
    failures: tuple[FailureLine, ...] = ()
    changes: tuple[ChangeLine, ...] = ()
