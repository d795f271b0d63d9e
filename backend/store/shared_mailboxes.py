"""Shared mailboxes: who may write from them, and the templates their mail is framed in."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, MemberId, WorkspaceId
from backend.domain.mail.address import address_key
from backend.domain.policies import MailboxKind
from backend.domain.summaries.mailbox import MailboxState
from backend.errors import NotFound
from backend.store.mailboxes import WORKING
from backend.store.models import EmailTemplate, Mailbox, MailboxUser, TeamMember


def of_account(session: Session, google_sub: str) -> Mailbox | None:
    """The workspace's mailbox without an owner that this Google account connected, even if it was
    disconnected since.
    """
    query = select(Mailbox).where(Mailbox.owner_id.is_(None), Mailbox.google_sub == google_sub)
    return session.scalars(query.order_by(Mailbox.id.desc())).first()


def create(session: Session, workspace_id: WorkspaceId, email: str, now: datetime) -> Mailbox:
    """A row for a mailbox that belongs to no member."""
    mailbox = Mailbox(
        workspace_id=workspace_id,
        kind=MailboxKind.SHARED,
        email=email,
        email_key=address_key(email),
        display_name=email,
        state=MailboxState.UNCONNECTED,
        created_at=now,
    )
    session.add(mailbox)
    session.flush()
    return mailbox


def get(session: Session, mailbox_id: MailboxId) -> Mailbox:
    """One shared mailbox. Raises NotFound for any other."""
    mailbox = session.get(Mailbox, mailbox_id)
    if mailbox is None or mailbox.kind is not MailboxKind.SHARED:
        raise NotFound("There is no such shared mailbox in your workspace.")
    return mailbox


def usable_by(session: Session, member_id: MemberId) -> Sequence[Mailbox]:
    """The working mailboxes a member may write from: their own first, then shared ones."""
    shared = select(MailboxUser.mailbox_id).where(MailboxUser.member_id == member_id)
    newest = select(func.max(Mailbox.id)).where(Mailbox.owner_id == member_id).scalar_subquery()
    query = (
        select(Mailbox)
        .where(
            Mailbox.state.in_(WORKING),
            or_(
                Mailbox.id == newest,
                (Mailbox.kind == MailboxKind.SHARED) & Mailbox.id.in_(shared),
            ),
        )
        .order_by((Mailbox.id == newest).desc(), Mailbox.email_key)
    )
    return session.scalars(query).all()


def users_of(
    session: Session, mailbox_ids: Collection[MailboxId]
) -> Mapping[MailboxId, Sequence[TeamMember]]:
    """The active members who may write from each of these mailboxes, by name."""
    query = (
        select(MailboxUser.mailbox_id, TeamMember)
        .join(TeamMember, TeamMember.id == MailboxUser.member_id)
        .where(MailboxUser.mailbox_id.in_(mailbox_ids), TeamMember.deactivated_at.is_(None))
        .order_by(func.lower(TeamMember.name), TeamMember.id)
    )
    found: dict[MailboxId, list[TeamMember]] = defaultdict(list)
    for mailbox_id, member in session.execute(query):
        found[mailbox_id].append(member)
    return found


def let_use(
    session: Session, mailbox: Mailbox, member_ids: Collection[MemberId], now: datetime
) -> None:
    """Replace who may write from it. Members who have left keep their place."""
    active = select(TeamMember.id).where(TeamMember.deactivated_at.is_(None))
    session.execute(
        delete(MailboxUser).where(
            MailboxUser.mailbox_id == mailbox.id,
            MailboxUser.member_id.in_(active),
            MailboxUser.member_id.not_in(member_ids),
        )
    )
    query = select(MailboxUser.member_id).where(MailboxUser.mailbox_id == mailbox.id)
    for one in set(member_ids) - set(session.scalars(query)):
        session.add(
            MailboxUser(
                workspace_id=mailbox.workspace_id,
                mailbox_id=mailbox.id,
                member_id=one,
                added_at=now,
            )
        )


def active_members(session: Session) -> Sequence[TeamMember]:
    """The members who could use a shared mailbox, by name."""
    query = select(TeamMember).where(TeamMember.deactivated_at.is_(None))
    return session.scalars(query.order_by(func.lower(TeamMember.name), TeamMember.id)).all()


def templates(session: Session) -> Sequence[EmailTemplate]:
    """The workspace's templates, by name."""
    query = select(EmailTemplate)
    return session.scalars(query.order_by(func.lower(EmailTemplate.name))).all()


def template(session: Session, template_id: int) -> EmailTemplate:
    """One template. Raises NotFound."""
    found = session.get(EmailTemplate, template_id)
    if found is None:
        raise NotFound("There is no such template in your workspace.")
    return found


def template_named(session: Session, name: str) -> EmailTemplate | None:
    """The template of this name."""
    return session.scalars(select(EmailTemplate).where(EmailTemplate.name == name)).one_or_none()


def used_by(session: Session, template_id: int) -> Sequence[str]:
    """The addresses whose mail carries a template."""
    query = select(Mailbox.email).where(Mailbox.template_id == template_id)
    return session.scalars(query.order_by(Mailbox.email_key)).all()
