"""What can be split off a conversation by hand, or merged into it."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.ids import MessageId
from backend.domain.summaries.mail import ConversationLine


@dataclass(frozen=True, kw_only=True)
class Splittable:
    """One mail that could be split off."""

    id: MessageId
    sender: str
    to: str
    sent_at: datetime
    snippet: str


@dataclass(frozen=True, kw_only=True)
class SplitChoice:
    """The mails of a conversation that the reader may read, the oldest first. `more` are older ones
    beyond those shown.
    """

    line: ConversationLine
    messages: tuple[Splittable, ...]
    more: bool


@dataclass(frozen=True, kw_only=True)
class MergeChoice:
    """Conversations that could be merged into this one: of the same people, or found by words."""

    line: ConversationLine
    found: tuple[ConversationLine, ...]
    searched: bool
