"""What happened with a customer, newest first: conversations and notes as one list of
interactions.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.domain.ids import ConversationId


class InteractionKind(StrEnum):
    """What an entry of a history is."""

    EMAIL = "email"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True)
class InteractionLine:
    """One entry. For a conversation this reader may not read, `private` says who can; no title.
    `note_id` is set for a note; `editable` when the reader may edit it.
    """

    kind: InteractionKind
    at: datetime
    title: str
    detail: str
    outgoing: bool = False
    last_said: str = ""
    message_count: int = 1
    conversation_id: ConversationId | None = None
    private: str | None = None
    note_id: int | None = None
    edited_at: datetime | None = None
    pinned: bool = False
    editable: bool = False
    version: int = 1
