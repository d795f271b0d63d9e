"""One message that was decided to be kept, with everything that goes into rows."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.capture.participants import People
from backend.domain.ids import (
    ConversationId,
    MailboxId,
    MemberId,
    MessageId,
    PendingId,
    WorkspaceId,
)
from backend.domain.mail.labels import Label
from backend.domain.mail.message import FetchedMessage
from backend.domain.people.team import Team
from backend.domain.sending.pending import pending_id_of
from backend.domain.threads.ties import Ties


@dataclass(frozen=True, kw_only=True)
class Filing:
    """A message to file. `identity` is its content key; `via` is how it came into the timeline.

    `logged_by` is the member who clicked, for `via` "click". `human` is False for machine mail,
    which never counts as a reply. `reports_on` is the Message-ID of the mail of ours that it
    reports on: known to be one, not only said to be.
    """

    fetched: FetchedMessage
    identity: bytes
    people: People
    ties: Ties
    outgoing: bool
    mail_kind: str
    human: bool
    reply_text: str
    via: str
    logged_by: MemberId | None = None
    reports_on: str | None = None

    @property
    def send_id(self) -> PendingId | None:
        """Our own id in the mail's header, when it is one."""
        return pending_id_of(self.fetched.parsed.send_id)

    @property
    def left(self) -> bool:
        """Whether the mailbox sent it."""
        return Label.SENT in self.fetched.label_ids

    @property
    def thread_id(self) -> str | None:
        """Gmail's thread, as far as it tells where the mail belongs. One thread may hold reports on
        several mails.
        """
        return None if self.reports_on else self.fetched.thread_id

    @property
    def keys(self) -> tuple[str, ...]:
        """The Message-IDs it may be tied by; of a report, that of the mail it is about."""
        own = (self.ties.own,) if self.ties.own else ()
        return (*own, *((self.reports_on,) if self.reports_on else self.ties.cited))


@dataclass(frozen=True, kw_only=True)
class Filed:
    """Where a message went. `new` is False when the workspace had it already."""

    gmail_id: str
    message_id: MessageId
    conversation_id: ConversationId
    new: bool


@dataclass(frozen=True, kw_only=True)
class FilingPlace:
    """Which mailbox the batch was read from, and when; `team` tells which addresses are ours."""

    workspace_id: WorkspaceId
    mailbox_id: MailboxId
    now: datetime
    team: Team
