"""Why a message is here or not here: every stored decision about it, in words (N2)."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.ids import ConversationId, MessageId
from backend.domain.summaries.mail import ChangeLine, FailureLine


@dataclass(frozen=True, kw_only=True)
class WhyDecision:
    """One decision: the outcome for the copy in one mailbox, by which rule, and when.

    `mail` is the copy's message where it is stored and for the reader to read; `received_at` is
    unknown for one left out unread.
    """

    mailbox_email: str
    outcome: str
    sentence: str
    rule: str
    path: str
    decided_at: datetime
    received_at: datetime | None = None
    mail: "WhyMail | None" = None
    setting: str | None = None


@dataclass(frozen=True, kw_only=True)
class WhyMail:
    """A stored mail that words or a person led to."""

    message_id: MessageId
    subject: str
    sender: str
    sent_at: datetime


@dataclass(frozen=True, kw_only=True)
class WhySummary:
    """What is known about the message that was asked for. No decisions: it was never seen.
    `several`: more than one message has the Message-ID, and each decision names its own.

    Words and addresses name no message but lead to several: `mails` that are stored and for the
    reader to read, and decisions about mail of that person which was `left_out`.
    """

    asked: str
    decisions: tuple[WhyDecision, ...]
    several: bool = False
    message_id: MessageId | None = None
    conversation_id: ConversationId | None = None
    subject: str | None = None
    sent_at: datetime | None = None
    failures: tuple[FailureLine, ...] = ()
    changes: tuple[ChangeLine, ...] = ()
    mails: tuple[WhyMail, ...] = ()
    left_out: tuple[WhyDecision, ...] = ()
