"""How far each member is on the way from the invitation to mail that is read (V-34, N10)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.domain.ids import MemberId
from backend.domain.oauth.scopes import READ, SEND, holds
from backend.domain.summaries.mailbox import MailboxState


class Level(StrEnum):
    """What a member has allowed Rapport to do with their Gmail."""

    READ_AND_SEND = "Read and send"
    READ = "Read only"
    SEND = "Send only"
    WIDER = "Read, send and change, by an older permission"


def level_of(scopes: Collection[str]) -> Level | None:
    """The level of a grant.

    >>> level_of([READ, SEND]).value, level_of([])
    ('Read and send', None)
    """
    if holds(scopes, READ) and holds(scopes, SEND):
        return Level.READ_AND_SEND if {READ, SEND} <= set(scopes) else Level.WIDER
    return Level.READ if holds(scopes, READ) else Level.SEND if holds(scopes, SEND) else None


class Missing(StrEnum):
    """The first thing that somebody has still to do."""

    ACCEPTING = "accepting"
    SIGNING_IN = "signing-in"
    GMAIL = "gmail"
    SYNC = "sync"
    PANEL = "panel"


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
    panel_used_at: datetime | None = None
    level: Level | None = None

    @property
    def missing(self) -> Missing | None:
        """What comes next for them; None when everything works."""
        if self.member_id is None:
            return Missing.ACCEPTING
        if self.mailbox in {MailboxState.UNCONNECTED, MailboxState.DISCONNECTED}:
            return Missing.GMAIL if self.signed_in_at else Missing.SIGNING_IN
        reads = self.synced_at is not None and self.mailbox is not MailboxState.BLOCKED
        return None if reads else Missing.SYNC

    @property
    def next(self) -> Missing | None:
        """What they are reminded of: the panel, too, once everything else works."""
        unused = self.member_id is not None and self.panel_used_at is None
        return self.missing or (Missing.PANEL if unused else None)
