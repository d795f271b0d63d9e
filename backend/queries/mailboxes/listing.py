"""The mailboxes of a workspace, and the members without one."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import MailboxId
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed
from backend.domain.summaries.mailbox import MailboxSummary
from backend.domain.summaries.people import MemberLine
from backend.errors import NotFound
from backend.queries.mailboxes.lines import (
    MAX_MAILBOXES,
    all_mailboxes,
    by_id,
    mailbox_summaries,
    of_member,
)
from backend.store.models import Mailbox, TeamMember
from backend.store.team import member_line


def my_mailbox(deps: Deps, actor: Actor) -> MailboxSummary | None:
    """The reader's own mailbox, if it has a row."""
    with deps.store.begin(actor.workspace_id) as session:
        row = of_member(session, actor.member_id)
        return mailbox_summaries(session, [row], deps.now())[0] if row else None


def mailbox(deps: Deps, actor: Actor, mailbox_id: MailboxId) -> MailboxSummary:
    """One mailbox of the workspace. Raises NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        row = by_id(session, mailbox_id)
        if row is None:
            raise NotFound("This mailbox is not in your workspace.")
        return mailbox_summaries(session, [row], deps.now())[0]


def mailboxes(deps: Deps, actor: Actor) -> tuple[MailboxSummary, ...]:
    """The workspace's mailboxes for leaders and admins, else the reader's own."""
    everybody = allowed(actor.role, Permission.HEALTH_SEE, own=False)
    with deps.store.begin(actor.workspace_id) as session:
        rows = list(all_mailboxes(session)) if everybody else []
        own = of_member(session, actor.member_id)
        if not everybody and own is not None:
            rows = [own]
        return tuple(mailbox_summaries(session, rows, deps.now()))


def without_mailbox(deps: Deps, actor: Actor) -> tuple[MemberLine, ...]:
    """Team members whose mail is not captured, because they have no connected mailbox."""
    with deps.store.begin(actor.workspace_id) as session:
        return tuple(member_line(row) for row in members_without(session))


def members_without(session: Session) -> Sequence[TeamMember]:
    """Active members with no connected mailbox (V-34), by name."""
    connected = select(Mailbox.owner_id).where(
        Mailbox.owner_id.is_not(None),
        Mailbox.connected_at.is_not(None),
        Mailbox.disconnected_at.is_(None),
    )
    query = (
        select(TeamMember)
        .where(TeamMember.deactivated_at.is_(None), TeamMember.id.not_in(connected))
        .order_by(func.lower(TeamMember.name), TeamMember.id)
        .limit(MAX_MAILBOXES)
    )
    return session.scalars(query).all()
