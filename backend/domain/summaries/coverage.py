"""How far each member is on the way from the invitation to mail that is read (V-34, N10)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.domain.ids import MemberId
from backend.domain.summaries.mailbox import MailboxState


class Missing(StrEnum):
    """The first thing that somebody has still to do."""

    ACCEPTING = "accepting"
    SIGNING_IN = "signing-in"
    GMAIL = "gmail"
    SYNC = "sync"


@dataclass(frozen=True, kw_only=True)
class CoverageLine:
    """A member, or somebody who is invited: then `member_id` is None."""

    member_id: MemberId | None
    name: str
    email: str
    invited_at: datetime | None
    signed_in_at: datetime | None
    mailbox: MailboxState
    synced_at: datetime | None

    @property
    def missing(self) -> Missing | None:
        """What comes next for them; None when everything works."""
        if self.member_id is None:
            return Missing.ACCEPTING
        if self.mailbox in {MailboxState.UNCONNECTED, MailboxState.DISCONNECTED}:
            return Missing.GMAIL if self.signed_in_at else Missing.SIGNING_IN
        reads = self.synced_at is not None and self.mailbox is not MailboxState.BLOCKED
        return None if reads else Missing.SYNC
