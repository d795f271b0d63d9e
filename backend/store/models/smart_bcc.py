"""Smart BCC addresses, and the mail that came to them until it is filed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.capture.smart_bcc import AddressKind, MailState, Road
from backend.domain.ids import MailboxId, MemberId, MessageId
from backend.store.models.base import Base, Tenant

CURRENT = "retired_at IS NULL"


class CaptureAddress(Tenant, Base):
    """One Smart BCC address: a member's, a shared mailbox's, or (with neither) the workspace's.

    `token` is unique in the installation, because it finds the workspace. A replaced address has
    `retired_at` and works until `ends_at`; a token is never reused.
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


class InboundMail(Tenant, Base):
    """A message that came to an address: its envelope, and its outcome.

    Stored before it is confirmed, and once: the same bytes to the same address, or the same id of a
    provider, are the same message. `told` is the provider's evidence about the sender; `not_before`
    is the lease of a message being filed, or the time of its retry. `sender`, `recipients`,
    `subject` and `proposed` are filled for held mail, for its list.
    """

    __tablename__ = "inbound_mails"
    __table_args__ = (
        Index("uq_inbound_mails__content", "address_id", "sha256", unique=True),
        Index(
            "uq_inbound_mails__provider_id",
            *("address_id", "via", "provider_id"),
            unique=True,
            postgresql_where=text("provider_id IS NOT NULL"),
        ),
        Index(
            "ix_inbound_mails__new",
            *("workspace_id", "not_before", "id"),
            postgresql_where=text("state = 'new'"),
        ),
        Index("ix_inbound_mails__message_id", "message_id"),
        Index(
            "ix_inbound_mails__held",
            *("workspace_id", "address_id", "id"),
            postgresql_where=text("state = 'held'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("capture_addresses.id", ondelete="CASCADE"))
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    size: Mapped[int]
    via: Mapped[Road]
    provider_id: Mapped[str | None] = mapped_column(Text)
    mail_from: Mapped[str] = mapped_column(Text)
    client: Mapped[str | None] = mapped_column(Text)
    helo: Mapped[str | None] = mapped_column(Text)
    told: Mapped[dict[str, list[str]] | None] = mapped_column(JSONB)
    received_at: Mapped[datetime]
    state: Mapped[MailState]
    reason: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    not_before: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[MemberId | None]
    message_id: Mapped[MessageId | None] = mapped_column(
        ForeignKey("messages.id", ondelete="SET NULL")
    )
    sender: Mapped[str] = mapped_column(Text, server_default="")
    recipients: Mapped[str] = mapped_column(Text, server_default="")
    subject: Mapped[str] = mapped_column(Text, server_default="")
    proposed: Mapped[str] = mapped_column(Text, server_default="")


class InboundPiece(Tenant, Base):
    """A piece of such a message's bytes: the whole of most, 1 MB each of larger ones."""

    __tablename__ = "inbound_pieces"

    mail_id: Mapped[int] = mapped_column(
        ForeignKey("inbound_mails.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
