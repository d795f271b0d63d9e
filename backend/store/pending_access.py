"""One pending message, and who may read it.

Pages that show it and commands that change it must decide this alike.
"""

from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import BigInteger, ColumnElement, Select, and_, cast, func, select
from sqlalchemy.orm import Session, aliased

from backend.domain.ids import MemberId, PendingId
from backend.domain.people.actor import Actor
from backend.domain.people.visibility import Visibility
from backend.errors import NotFound
from backend.store.models import Conversation, GmailThread, Mailbox, PendingMessage, TeamMember

FULL = Visibility.FULL
HOLDER = aliased(Mailbox, name="holder")
SHARED = and_(
    Mailbox.sharing == FULL,
    func.coalesce(Conversation.visibility, FULL) == FULL,
    ~select(GmailThread.conversation_id)
    .join(HOLDER, HOLDER.id == GmailThread.mailbox_id)
    .where(GmailThread.conversation_id == PendingMessage.conversation_id, HOLDER.sharing != FULL)
    .correlate(PendingMessage)
    .offset(0)
    .exists(),
)
"""Whether the team may read all of a pending message; false in doubt."""

Sending: TypeAlias = tuple[PendingMessage, MemberId | None, str, str, bool]
"""A pending mail with the owner, their name, and the address of its mailbox, and whether the team
may read it.
"""

GONE = "There is no such pending email. It may have been taken back before it left."


@dataclass(frozen=True)
class PendingRow:
    """A pending message with its sender, the owner of the mailbox it leaves from.

    `shared`: the team may read it, by the visibility of its conversation and of the mailboxes that
    have it.
    """

    message: PendingMessage
    owner_id: MemberId | None
    sender_name: str
    sender_email: str
    shared: bool

    @classmethod
    def of(cls, row: Sending) -> "PendingRow":
        """One row of `with_sender`."""
        message, owner_id, name, email, shared = row
        return cls(message, owner_id, name or email, email, shared)


def readable(session: Session, actor: Actor, pending_id: PendingId) -> PendingRow:
    """The message, if the actor may read it. Raises NotFound."""
    row = one(session, pending_id)
    if row is None or is_private(actor, row):
        raise NotFound(GONE)
    return row


def one(session: Session, pending_id: PendingId) -> PendingRow | None:
    """One pending mail of the session's workspace."""
    row = session.execute(with_sender().where(PendingMessage.id == pending_id)).one_or_none()
    return PendingRow.of(row) if row else None


def is_private(actor: Actor, row: PendingRow) -> bool:
    """Whether it is not shared with this reader."""
    return not row.shared and not is_own(actor, row)


def is_own(actor: Actor, row: PendingRow) -> bool:
    """Whether the reader wrote it, or it leaves from their mailbox."""
    return actor.member_id in {row.message.author_id, row.owner_id}


def with_sender() -> Select[*Sending]:
    """Pending messages, each with the sender columns of `PendingRow`."""
    return (
        select(
            PendingMessage,
            Mailbox.owner_id,
            TeamMember.name.label("sender_name"),
            Mailbox.email,
            SHARED.label("shared"),
        )
        .join(Mailbox, Mailbox.id == PendingMessage.mailbox_id)
        .outerjoin(TeamMember, TeamMember.id == Mailbox.owner_id)
        .outerjoin(Conversation, Conversation.id == PendingMessage.conversation_id)
        .where(PendingMessage.workspace_id == this_workspace())
    )


def this_workspace() -> ColumnElement[int]:
    """The session's workspace, for tables that some scans read across workspaces: an index by
    workspace serves only a query that names it.
    """
    return cast(func.current_setting("rapport.workspace_id"), BigInteger)
