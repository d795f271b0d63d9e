"""What people record: notes, never-log entries, the audit log, and applied clicks."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.capture.blocklist import EntryKind
from backend.domain.ids import AccountId, ContactId, ConversationId, MemberId, WorkspaceId
from backend.store.models.base import Base, Tenant


class Note(Tenant, Base):
    """A note of the team on an account or contact. Only the team sees notes. A deleted one can be
    restored for a while; pinned ones come first.
    """

    __tablename__ = "notes"
    __table_args__ = (
        Index("ix_notes__account", "workspace_id", "account_id", text("written_at DESC")),
        Index("ix_notes__contact", "workspace_id", "contact_id", text("written_at DESC")),
        Index(
            "ix_notes__conversation",
            "conversation_id",
            postgresql_where=text("conversation_id IS NOT NULL"),
        ),
        *(
            Index(
                f"ix_notes__pinned_{name}",
                "workspace_id",
                f"{name}_id",
                postgresql_where=text("pinned_at IS NOT NULL"),
            )
            for name in ("account", "contact")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[MemberId] = mapped_column(ForeignKey("team_members.id"))
    account_id: Mapped[AccountId | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE")
    )
    contact_id: Mapped[ContactId | None] = mapped_column(
        ForeignKey("contacts.id", ondelete="CASCADE")
    )
    conversation_id: Mapped[ConversationId | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL")
    )
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    pinned_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer, server_default="1")


class NeverLogEntry(Tenant, Base):
    """A never-log entry: address, domain or subject word; of the workspace or of one member."""

    __tablename__ = "never_log"
    __table_args__ = (
        Index(
            "uq_never_log__entry",
            "workspace_id",
            text("coalesce(member_id, 0)"),
            "kind",
            "value",
            unique=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[MemberId | None] = mapped_column(
        ForeignKey("team_members.id", ondelete="CASCADE")
    )
    kind: Mapped[EntryKind]
    value: Mapped[str] = mapped_column(Text)
    added_by: Mapped[MemberId | None]
    added_at: Mapped[datetime]


class AuditEntry(Tenant, Base):
    """Who did what to which thing, when. `detail` holds codes and ids, never content. `behind_id`
    is the admin who was logged in as `actor_id` (D-34).
    """

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log__recent", "workspace_id", text("id DESC")),
        Index("ix_audit_log__actor_id", "workspace_id", "actor_id", text("id DESC")),
        Index("ix_audit_log__action", "workspace_id", "action", text("id DESC")),
        Index("ix_audit_log__happened_at", "workspace_id", "happened_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[MemberId | None]
    behind_id: Mapped[MemberId | None]
    action: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict[str, object]] = mapped_column(JSONB, server_default="{}")
    happened_at: Mapped[datetime]


class HelpVote(Tenant, Base):
    """Whether a help page helped a member: "yes" or "no", the latest answer (H-57)."""

    __tablename__ = "help_votes"

    member_id: Mapped[MemberId] = mapped_column(
        ForeignKey("team_members.id", ondelete="CASCADE"), primary_key=True
    )
    topic: Mapped[str] = mapped_column(Text, primary_key=True)
    answer: Mapped[str] = mapped_column(Text)
    voted_at: Mapped[datetime]


class Click(Tenant, Base):
    """An applied click. A replay or a double click finds its nonce here and writes nothing."""

    __tablename__ = "clicks"

    workspace_id: Mapped[WorkspaceId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    nonce: Mapped[str] = mapped_column(Text, primary_key=True)
    action: Mapped[str] = mapped_column(Text)
    member_id: Mapped[MemberId]
    clicked_at: Mapped[datetime]
