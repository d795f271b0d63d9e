"""One message that was decided to be kept, with everything that goes into rows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.domain.ids import ConversationId, MailboxId, MemberId, MessageId
from backend.domain.message import FetchedMessage
from backend.domain.people_on import People


@dataclass(frozen=True, kw_only=True)
class Filing:
    """A message to file. `identity` is its content key; `via` is how it came into the timeline.

    `logged_by` is the member who clicked, for `via` "click". `human` is False for machine mail,
    which never counts as a reply.
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

    @property
    def send_id(self) -> UUID | None:
        """Our own id in the mail's header, when it is one."""
        text = self.fetched.parsed.send_id
        if not text:
            return None
        try:
            return UUID(text.strip())
        except ValueError:
            return None

    @property
    def thread_keys(self) -> tuple[str, ...]:
        """Every Message-ID this mail has or cites."""
        parsed = self.fetched.parsed
        own = (parsed.message_id,) if parsed.message_id else ()
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
