"""Labels and colours of states, and the questions asked before actions, in one place for all
pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.domain.people.visibility import Visibility
from backend.domain.sending.pending import PendingState
from backend.domain.sending.suppression import SuppressionCause
from backend.domain.summaries.mailbox import MailboxState
from backend.domain.summaries.pending import PendingLine


@dataclass(frozen=True)
class Word:
    """A state as a badge. Colour is never the only signal: the text says the same."""

    text: str
    tone: str
    icon: str = ""
    flag: str = ""
    """The label beside an address in a list, where `text` would tell its owner what to do."""


def sending_now(line: PendingLine) -> str:
    """The effect of "send now" on this message."""
    return (
        f"“{line.subject}” leaves for {line.to} as soon as the limits allow, outside its date and "
        "the sending window. An email that has left can't be recalled."
    )


def deleting(line: PendingLine) -> str:
    """The effect of deleting this message."""
    return f"“{line.subject}” to {line.to} will never be sent."


SHARING_WORDS: Mapping[str, str] = {
    Visibility.FULL: "All of it: subject, text and files",
    Visibility.SUBJECT: "People, time and subject, but not the text",
    Visibility.METADATA: "Only that it happened: people and time",
}
"""What the team may read of a mailbox, from everything to almost nothing."""

PENDING_WORDS: Mapping[str, Word] = {
    PendingState.SCHEDULED: Word("Scheduled", "blue"),
    PendingState.SENDING: Word("Leaving now", "blue"),
    PendingState.SENT: Word("Sent", "green"),
    PendingState.UNKNOWN: Word("Needs review", "purple"),
    PendingState.HELD: Word("Held", "yellow"),
    PendingState.FAILED: Word("Failed", "red"),
    PendingState.DISCARDED: Word("Not sent", "grey"),
    PendingState.CANCELLED: Word("Deleted", "grey"),
}

STOP_WORDS: Mapping[str, Word] = {
    SuppressionCause.BOUNCED: Word("Mail came back", "red"),
    SuppressionCause.COMPLAINED: Word("Reported as spam", "red"),
    SuppressionCause.BY_HAND: Word("Stopped by the team", "yellow"),
    SuppressionCause.UNSUBSCRIBED: Word("Unsubscribed", "grey"),
    SuppressionCause.ERASED: Word("Erased", "grey"),
}

MAILBOX_WORDS: Mapping[str, Word] = {
    MailboxState.UNCONNECTED: Word("Connect Gmail", "yellow", "plug-connected-x", "Not connected"),
    MailboxState.IMPORTING: Word("Importing", "blue", "refresh"),
    MailboxState.LIVE: Word("Gmail connected", "green", "plug-connected"),
    MailboxState.DELAYED: Word("Gmail delayed", "yellow", "clock"),
    MailboxState.RESYNCING: Word("Reading again", "blue", "refresh"),
    MailboxState.BLOCKED: Word("Gmail blocked", "red", "ban"),
    MailboxState.DISCONNECTED: Word("Reconnect Gmail", "red", "plug-connected-x", "Disconnected"),
}
