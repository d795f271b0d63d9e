"""The addresses that mail is copied to, and the mail that came to them until it is filed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.capture.smart_bcc import AddressKind
from backend.domain.ids import MailboxId, MemberId
from backend.store.models.base import Base, Tenant

CURRENT = "retired_at IS NULL"


class CaptureAddress(Tenant, Base):
    """One Smart BCC address: a member's, a shared mailbox's, or (with neither) the workspace's.

    `token` is unique in the installation, because it finds the workspace. A replaced address has
    `retired_at` and works until `ends_at`; a token never comes back.
    """

    __tablename__ = "capture_addresses"
    __table_args__ = (
        Index("uq_capture_addresses__token", "token", unique=True),
        Index(
            "uq_capture_addresses__member",
            *("workspace_id", "member_id"),
            unique=True,
            postgresql_where=text(f"{CURRENT} AND member_id IS NOT NULL"),
        ),
        Index(
            "uq_capture_addresses__mailbox",
            *("workspace_id", "mailbox_id"),
            unique=True,
            postgresql_where=text(f"{CURRENT} AND mailbox_id IS NOT NULL"),
        ),
        Index(
            "uq_capture_addresses__workspace",
            "workspace_id",
            unique=True,
            postgresql_where=text(f"{CURRENT} AND member_id IS NULL AND mailbox_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(Text)
    kind: Mapped[AddressKind]
    member_id: Mapped[MemberId | None] = mapped_column(
        ForeignKey("team_members.id", ondelete="CASCADE")
    )
    mailbox_id: Mapped[MailboxId | None] = mapped_column(
        ForeignKey("mailboxes.id", ondelete="CASCADE")
    )
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
