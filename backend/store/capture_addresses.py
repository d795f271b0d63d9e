"""Smart BCC addresses as rows: created, replaced, ended, and found by their token."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.capture.smart_bcc import GRACE, TOKEN_BYTES, AddressKind, token_from
from backend.domain.ids import MailboxId, MemberId, WorkspaceId
from backend.domain.policies import MailboxKind
from backend.store.models import CaptureAddress, Mailbox

RandomBytes = Callable[[int], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The owner of an address: a member, a shared mailbox, or, with neither, the workspace."""

    member_id: MemberId | None = None
    mailbox_id: MailboxId | None = None

    @property
    def kind(self) -> AddressKind:
        """The kind of its address."""
        if self.member_id is not None:
            return AddressKind.MEMBER
        return AddressKind.WORKSPACE if self.mailbox_id is None else AddressKind.MAILBOX


def draw(
    session: Session,
    workspace_id: WorkspaceId,
    owner: Owner,
    *,
    random_bytes: RandomBytes,
    now: datetime,
) -> None:
    """Create an address for the owner, unless there is a current one."""
    row = {
        "workspace_id": workspace_id,
        "token": token_from(random_bytes(TOKEN_BYTES)),
        "kind": owner.kind,
        "member_id": owner.member_id,
        "mailbox_id": owner.mailbox_id,
        "created_at": now,
    }
    session.execute(insert(CaptureAddress).values(row).on_conflict_do_nothing())


def replace(
    session: Session, address: CaptureAddress, *, random_bytes: RandomBytes, now: datetime
) -> None:
    """Create a new address; this one keeps working for a while."""
    address.retired_at, address.ends_at = now, now + GRACE
    session.flush()
    owner = Owner(member_id=address.member_id, mailbox_id=address.mailbox_id)
    draw(session, address.workspace_id, owner, random_bytes=random_bytes, now=now)


def end_of_member(session: Session, member_id: MemberId, now: datetime) -> None:
    """The member has left: their addresses stop working at once."""
    session.execute(
        update(CaptureAddress)
        .where(
            CaptureAddress.member_id == member_id,
            or_(CaptureAddress.ends_at.is_(None), CaptureAddress.ends_at > now),
        )
        .values(retired_at=func.coalesce(CaptureAddress.retired_at, now), ends_at=now)
    )


def by_id(session: Session, address_id: int) -> CaptureAddress | None:
    """One address, with its row locked."""
    query = select(CaptureAddress).where(CaptureAddress.id == address_id)
    return session.scalars(query.with_for_update()).one_or_none()


def by_token(session: Session, token: str) -> CaptureAddress | None:
    """The address with this token, in any workspace. Needs a global transaction."""
    return session.scalars(
        select(CaptureAddress).where(CaptureAddress.token == token)
    ).one_or_none()


def shown_to(
    session: Session, member_id: MemberId, now: datetime
) -> Sequence[tuple[CaptureAddress, str | None]]:
    """The addresses a member may use, with the shared mailbox's own address: first the member's,
    then those of shared mailboxes, then the workspace's; current ones before those that end.
    """
    shared = and_(CaptureAddress.mailbox_id.is_not(None), Mailbox.kind == MailboxKind.SHARED)
    query = (
        select(CaptureAddress, Mailbox.email)
        .outerjoin(Mailbox, Mailbox.id == CaptureAddress.mailbox_id)
        .where(
            or_(CaptureAddress.member_id == member_id, shared, _of_workspace()),
            or_(CaptureAddress.ends_at.is_(None), CaptureAddress.ends_at > now),
        )
        .order_by(
            CaptureAddress.member_id.is_(None),
            CaptureAddress.mailbox_id.is_(None),
            CaptureAddress.mailbox_id,
            CaptureAddress.retired_at.is_not(None),
            CaptureAddress.id,
        )
    )
    return [(address, email) for address, email in session.execute(query)]


def current_of_member(session: Session, member_id: MemberId) -> CaptureAddress | None:
    """The member's own address."""
    query = select(CaptureAddress).where(
        CaptureAddress.member_id == member_id, CaptureAddress.retired_at.is_(None)
    )
    return session.scalars(query).one_or_none()


def _of_workspace() -> ColumnElement[bool]:
    return and_(CaptureAddress.member_id.is_(None), CaptureAddress.mailbox_id.is_(None))
