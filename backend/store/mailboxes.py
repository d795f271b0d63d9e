"""Mailboxes: connection, leases and cursors. Every statement changes one thing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, MailboxKey, MemberId, WorkspaceId
from backend.domain.mail.address import address_key
from backend.domain.policies import MailboxKind
from backend.domain.summaries.mailbox import MailboxState
from backend.domain.sync.leases import LEASE
from backend.errors import NotFound
from backend.store.models import Mailbox, TeamMember

WORKING = (MailboxState.IMPORTING, MailboxState.LIVE, MailboxState.RESYNCING)
UNTROUBLED = {
    "last_error": None,
    "last_error_at": None,
    "refused_at": None,
    "refused_as": None,
    "troubles": 0,
}
"""The trouble columns of a working mailbox."""

SECOND_LOOK_AFTER = timedelta(seconds=60)
"""How long after a first refusal the mailbox is retried: token endpoints fail, too."""


def get(session: Session, mailbox_id: MailboxId) -> Mailbox:
    """One mailbox of the workspace. Raises NotFound."""
    mailbox = session.get(Mailbox, mailbox_id)
    if mailbox is None:
        raise NotFound("This mailbox is not in your workspace.")
    return mailbox


def lock(session: Session, mailbox_id: MailboxId) -> Mailbox:
    """The mailbox, locked until the end of the transaction.

    Raises NotFound.
    """
    query = select(Mailbox).where(Mailbox.id == mailbox_id).with_for_update(key_share=True)
    mailbox = session.scalars(query.execution_options(populate_existing=True)).first()
    if mailbox is None:
        raise NotFound("This mailbox is not in your workspace.")
    return mailbox


def is_working(session: Session, mailbox_id: MailboxId) -> bool:
    """Whether the mailbox is connected and unblocked."""
    query = select(Mailbox.id).where(Mailbox.id == mailbox_id, Mailbox.state.in_(WORKING))
    return session.scalar(query) is not None


def of_member(session: Session, member_id: MemberId) -> Mailbox | None:
    """The member's own mailbox, connected or not: the newest, after moving to another address."""
    query = select(Mailbox).where(Mailbox.owner_id == member_id)
    return session.scalars(query.order_by(Mailbox.id.desc())).first()


def ensure(session: Session, member: TeamMember, now: datetime) -> Mailbox:
    """The member's mailbox row, created in state `unconnected` when there is none."""
    session.execute(select(TeamMember.id).where(TeamMember.id == member.id).with_for_update())
    return of_member(session, member.id) or one_more(session, member, now)


def one_more(session: Session, member: TeamMember, now: datetime) -> Mailbox:
    """Another mailbox row of the member, which is their own from now on."""
    mailbox = Mailbox(
        workspace_id=member.workspace_id,
        owner_id=member.id,
        kind=MailboxKind.PERSONAL,
        email=member.email,
        email_key=address_key(member.email),
        display_name=member.name,
        state=MailboxState.UNCONNECTED,
        created_at=now,
    )
    session.add(mailbox)
    session.flush()
    return mailbox


def ended_by_google(
    session: Session, since: datetime
) -> Sequence[tuple[datetime | None, datetime | None]]:
    """For each mailbox whose permission Google ended since then: when it was connected and when it
    ended. Global. A disconnect by its owner leaves no error and is not counted.
    """
    query = select(Mailbox.connected_at, Mailbox.disconnected_at).where(
        Mailbox.disconnected_at >= since, Mailbox.last_error.is_not(None)
    )
    return [(given, ended) for given, ended in session.execute(query)]


def anybody_connected(session: Session) -> bool:
    """Whether anybody of the workspace has ever connected a mailbox."""
    query = select(Mailbox.id).where(Mailbox.connected_at.is_not(None)).limit(1)
    return session.scalar(query) is not None


def take_lease(session: Session, mailbox_id: MailboxId, owner: str, now: datetime) -> bool:
    """Become the only process that syncs this mailbox, unless another is."""
    query = (
        update(Mailbox)
        .where(
            Mailbox.id == mailbox_id,
            Mailbox.state.in_(WORKING),
            or_(
                Mailbox.lease_until.is_(None),
                Mailbox.lease_until < now,
                Mailbox.lease_owner == owner,
            ),
        )
        .values(lease_owner=owner, lease_until=now + LEASE)
        .returning(Mailbox.id)
    )
    return session.scalar(query) is not None


def keep_lease(session: Session, mailbox_id: MailboxId, owner: str, now: datetime) -> bool:
    """Renew the lease. False once another process took over, or the connection ended."""
    query = (
        update(Mailbox)
        .where(Mailbox.id == mailbox_id, Mailbox.state.in_(WORKING), Mailbox.lease_owner == owner)
        .values(lease_until=now + LEASE)
        .returning(Mailbox.id)
    )
    return session.scalar(query) is not None


def give_lease_back(session: Session, mailbox_id: MailboxId, owner: str) -> None:
    """Release the lease."""
    session.execute(
        update(Mailbox)
        .where(Mailbox.id == mailbox_id, Mailbox.lease_owner == owner)
        .values(lease_owner=None, lease_until=None)
    )


def take_first_cursor(session: Session, mailbox_id: MailboxId, cursor: int) -> None:
    """Store the cursor from before the first listing. The first one wins: mail after it may be on
    no list.
    """
    session.execute(
        update(Mailbox)
        .where(Mailbox.id == mailbox_id, Mailbox.cursor.is_(None))
        .values(cursor=Decimal(cursor))
    )


def move_cursor(session: Session, mailbox_id: MailboxId, cursor: int) -> None:
    """Store how far history was read; never backwards."""
    session.execute(
        update(Mailbox)
        .where(Mailbox.id == mailbox_id)
        .values(cursor=func.greatest(func.coalesce(Mailbox.cursor, 0), Decimal(cursor)))
    )


def note_success(session: Session, mailbox_id: MailboxId, now: datetime) -> None:
    """The mailbox was read to the end: earlier troubles are over. A pause that Gmail demanded of
    another job meanwhile is kept.
    """
    session.execute(
        update(Mailbox).where(Mailbox.id == mailbox_id).values(last_success_at=now, **UNTROUBLED)
    )


def start_afresh(mailbox: Mailbox) -> None:
    """Clear its troubles and its pause."""
    for name, value in UNTROUBLED.items():
        setattr(mailbox, name, value)
    mailbox.paused_until = None


def by_address(session: Session, email_key: str) -> Sequence[MailboxKey]:
    """The working mailboxes with this address, over all workspaces."""
    query = select(Mailbox.workspace_id, Mailbox.id).where(
        Mailbox.email_key == email_key, Mailbox.state.in_(WORKING)
    )
    return keys(session, query)


def blocked(session: Session, now: datetime) -> Sequence[MailboxKey]:
    """Blocked mailboxes that are due for another check, over all workspaces."""
    due = or_(Mailbox.paused_until.is_(None), Mailbox.paused_until <= now)
    query = select(Mailbox.workspace_id, Mailbox.id).where(
        Mailbox.state == MailboxState.BLOCKED, Mailbox.sealed_token.is_not(None), due
    )
    return keys(session, query)


def keys(session: Session, query: Select[WorkspaceId, MailboxId]) -> list[MailboxKey]:
    """The rows of a scan as typed pairs."""
    return [MailboxKey(*row) for row in session.execute(query)]
