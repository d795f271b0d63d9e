"""One message that was decided to be kept, with everything that goes into rows."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.ids import ConversationId, MailboxId, MemberId, MessageId, PendingId
from backend.domain.message import FetchedMessage
from backend.domain.pending import pending_id_of
from backend.domain.people_on import People


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
    def thread_id(self) -> str | None:
        """Gmail's thread, as far as it tells where the mail belongs. One thread may hold reports on
        several mails.
        """
        return None if self.reports_on else self.fetched.thread_id

    @property
    def thread_keys(self) -> tuple[str, ...]:
        """Every Message-ID this mail has or cites; of a report, that of the mail it is about."""
        parsed = self.fetched.parsed
        own = (parsed.message_id,) if parsed.message_id else ()
        if self.reports_on:
            return (*own, self.reports_on)
        return tuple(dict.fromkeys((*own, *parsed.references, *parsed.in_reply_to)))


@dataclass(frozen=True, kw_only=True)
class Filed:
    """Where a message went. `new` is False when the workspace had it already."""

    gmail_id: str
    message_id: MessageId
    conversation_id: ConversationId
    new: bool


@dataclass(frozen=True, kw_only=True)
class FilingPlace:
    """Which mailbox the batch was read from, and when."""

    workspace_id: int
    mailbox_id: MailboxId
    now: datetime
