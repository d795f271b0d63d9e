"""What the capture rule must be told about a message, gathered before it is asked.

Separate so that import, live sync, audit, late match and a click gather the same facts and cannot
ask a different question each.
"""

from dataclasses import dataclass
from enum import StrEnum

from backend.domain.blocklist import NeverLog
from backend.domain.envelope import Author, Envelope
from backend.domain.ids import MemberId, MessageId, PendingId
from backend.domain.known import Directory
from backend.domain.mail_kind import MailKind
from backend.domain.match_policy import MatchPolicy
from backend.domain.policies import Capture, MailboxKind
from backend.domain.team import Team


class Asked(StrEnum):
    """What a person said about this very message; the last word counts."""

    NOTHING = "nothing"
    LOG = "log"
    LOG_ANYWAY = "log_anyway"
    SMART_BCC = "smart_bcc"
    TAKE_OUT = "take_out"


class Follow(StrEnum):
    """Which later messages of a followed thread come along (M3)."""

    NO = "no"
    REPLIES = "replies"
    KNOWN_PEOPLE = "known_people"


@dataclass(frozen=True, slots=True)
class MailboxFacts:
    """The mailbox the message was found in. A shared one has no owner."""

    kind: MailboxKind = MailboxKind.PERSONAL
    capture: Capture = Capture.MATCHED
    owner: MemberId | None = None

    @property
    def takes_everything(self) -> bool:
        """Only a shared mailbox may take in all mail, whatever is set (D-2)."""
        return self.kind is MailboxKind.SHARED and self.capture is Capture.ALL


@dataclass(frozen=True, slots=True)
class CaptureRules:
    """What holds for a whole batch: the team, the never-log list, and the choices for matching."""

    team: Team
    never_log: NeverLog
    matching: MatchPolicy
    mailbox: MailboxFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFacts:
    """One message that was read.

    `erased` are the keys on it that belong to erased people. `send_id` is set when the message
    carries the id of a mail this workspace sent. `is_report` says that it reports on mail that was
    sent, and `reports_on` which mail of ours that was, when it is known to be one.
    """

    envelope: Envelope
    subject: str
    directory: Directory
    labels: frozenset[str] = frozenset()
    author: Author = Author.PERSON
    erased: frozenset[str] = frozenset()
    send_id: PendingId | None = None
    is_report: bool = False
    reports_on: MessageId | PendingId | None = None
    follow: Follow = Follow.NO
    asked: Asked = Asked.NOTHING


class Unread(StrEnum):
    """Why there is nothing to decide on but this: the message was never read."""

    GONE = "gone"
    OUTSIDE_IMPORT = "outside_import"
    CANNOT_PARSE = "cannot_parse"
    TOO_LARGE = "too_large"


def author_of(kind: MailKind) -> Author:
    """Only human mail is a person's: an accepted invitation or a note of absence is no answer."""
    return Author.PERSON if kind is MailKind.HUMAN else Author.MACHINE
