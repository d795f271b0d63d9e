"""Pending messages, their recipients, and the event log of what happened to each."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.ids import (
    ContactId,
    ConversationId,
    MailboxId,
    MemberId,
    MessageId,
    PendingId,
    WorkspaceId,
)
from backend.domain.reasons import Reason
from backend.domain.sending.delivery_report import Outcome
from backend.domain.sending.pending import PendingState
from backend.domain.sending.rule import SendKind, Urgency
from backend.domain.sending.suppression import SuppressionCause
from backend.domain.writing.unsubscribing import Offer
from backend.store.models.base import Base, Tenant


class PendingMessage(Tenant, Base):
    """One message waiting, leaving or sent. `id` travels as X-Rapport-Send-Id; `mime` is frozen at
    claim.

    `due_at` is what a person asked for; `undo_until` is the same time where nobody asked for one,
    and the message waits only for undo; `not_before` is when the rules look again; `forecast_at`
    and `reason` are what the screens show. `written_as` is the shared mailbox it is written for,
    where it leaves from its author's own (D-25, `agent_address`).
    """

    __tablename__ = "pending_messages"
    __table_args__ = (
        Index(
            "ix_pending_messages__due",
            "mailbox_id",
            "not_before",
            postgresql_where=text("state = 'scheduled'"),
        ),
        Index(
            "ix_pending_messages__open",
            "workspace_id",
            "due_at",
            "id",
            postgresql_where=text("state NOT IN ('sent', 'cancelled', 'discarded')"),
        ),
        Index(
            "ix_pending_messages__doubt",
            "lease_until",
            postgresql_where=text("state IN ('sending', 'unknown')"),
        ),
        Index(
            "ix_pending_messages__sender",
            "mailbox_id",
            "due_at",
            "id",
            postgresql_where=text("state NOT IN ('sent', 'cancelled', 'discarded')"),
        ),
        Index("ix_pending_messages__conversation", "conversation_id"),
        Index(
            "ix_pending_messages__parent",
            "parent_message_id",
            postgresql_where=text("parent_message_id IS NOT NULL"),
        ),
        Index(
            "ix_pending_messages__written_as",
            "written_as",
            postgresql_where=text("written_as IS NOT NULL"),
        ),
        Index("uq_pending_messages__nonce", "author_id", "nonce", unique=True),
    )

    id: Mapped[PendingId] = mapped_column(primary_key=True)
    mailbox_id: Mapped[MailboxId] = mapped_column(ForeignKey("mailboxes.id"))
    author_id: Mapped[MemberId] = mapped_column(ForeignKey("team_members.id"))
    conversation_id: Mapped[ConversationId | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL")
    )
    parent_message_id: Mapped[MessageId | None] = mapped_column(
        ForeignKey("messages.id", ondelete="SET NULL")
    )
    kind: Mapped[SendKind]
    urgency: Mapped[Urgency]
    state: Mapped[PendingState]
    reason: Mapped[Reason | None]
    reason_details: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}")
    subject: Mapped[str] = mapped_column(Text)
    body_text: Mapped[str] = mapped_column(Text)
    to: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    cc: Mapped[list[dict[str, str]]] = mapped_column(JSONB, server_default="[]")
    bcc: Mapped[list[dict[str, str]]] = mapped_column(JSONB, server_default="[]")
    reply_to: Mapped[str | None] = mapped_column(Text)
    written_as: Mapped[MailboxId | None] = mapped_column(ForeignKey("mailboxes.id"))
    unsubscribe_offer: Mapped[Offer | None]
    due_at: Mapped[datetime]
    undo_until: Mapped[datetime | None]
    not_before: Mapped[datetime]
    forecast_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    nonce: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    edited_by: Mapped[MemberId | None]
    edited_at: Mapped[datetime | None]
    mime: Mapped[bytes | None] = mapped_column(LargeBinary)
    thread_id: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    attempted_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    before_cursor: Mapped[Decimal | None] = mapped_column(Numeric(20))
    negatives: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    looked_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    sent_gmail_id: Mapped[str | None] = mapped_column(Text)
    sent_thread_id: Mapped[str | None] = mapped_column(Text)
    sent_message_id: Mapped[MessageId | None]
    last_error: Mapped[str | None] = mapped_column(Text)


class PendingRecipient(Tenant, Base):
    """A recipient of a pending message, to find a person's waiting messages by index."""

    __tablename__ = "pending_recipients"
    __table_args__ = (
        Index("ix_pending_recipients__key", "workspace_id", "key"),
        Index(
            "ix_pending_recipients__contact_id",
            "workspace_id",
            "contact_id",
            postgresql_where=text("contact_id IS NOT NULL"),
        ),
    )

    pending_id: Mapped[PendingId] = mapped_column(
        ForeignKey("pending_messages.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    contact_id: Mapped[ContactId | None] = mapped_column(
        ForeignKey("contacts.id", ondelete="SET NULL")
    )


class PendingFile(Tenant, Base):
    """A file of a pending message. `data` is kept while the message may still leave."""

    __tablename__ = "pending_files"
    __table_args__ = (Index("ix_pending_files__pending_id", "pending_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pending_id: Mapped[PendingId] = mapped_column(
        ForeignKey("pending_messages.id", ondelete="CASCADE")
    )
    name: Mapped[str] = mapped_column(Text)
    content_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(Integer)
    data: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class PendingEvent(Tenant, Base):
    """One event in the life of a pending message: who or what moved it, when and why (N12)."""

    __tablename__ = "pending_events"
    __table_args__ = (Index("ix_pending_events__pending_id", "pending_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pending_id: Mapped[PendingId] = mapped_column(
        ForeignKey("pending_messages.id", ondelete="CASCADE")
    )
    happened_at: Mapped[datetime]
    state: Mapped[PendingState]
    reason: Mapped[Reason | None]
    by: Mapped[MemberId | None]
    detail: Mapped[str | None] = mapped_column(Text)


class Suppression(Tenant, Base):
    """A suppressed address, with the reason. The keyed hash outlives erasure; the key itself, by
    which people find it, does not. `set_by` is empty where a rule did it. What happened before
    `lifted_at` does not suppress it again. `pending_id` is the message whose link was used to
    unsubscribe.
    """

    __tablename__ = "suppressions"
    __table_args__ = (
        Index("ix_suppressions__contact_id", "contact_id"),
        Index(
            "ix_suppressions__key",
            "workspace_id",
            "key",
            postgresql_ops={"key": "text_pattern_ops"},
        ),
        Index("ix_suppressions__since", "workspace_id", text("since DESC"), text("id DESC")),
        Index(
            "ix_suppressions__pending_id",
            "pending_id",
            postgresql_where=text("pending_id IS NOT NULL"),
        ),
    )

    workspace_id: Mapped[WorkspaceId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    address_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    reason: Mapped[SuppressionCause] = mapped_column(primary_key=True)
    contact_id: Mapped[ContactId | None] = mapped_column(
        ForeignKey("contacts.id", ondelete="SET NULL")
    )
    since: Mapped[datetime]
    set_by: Mapped[MemberId | None]
    ended_at: Mapped[datetime | None]
    id: Mapped[int] = mapped_column(Identity())
    key: Mapped[str | None] = mapped_column(Text)
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[MemberId | None]
    pending_id: Mapped[PendingId | None] = mapped_column(
        ForeignKey("pending_messages.id", ondelete="SET NULL")
    )


class Bounce(Tenant, Base):
    """One message of ours that did not reach one address, as reports say: one row for any number of
    reports in any number of mailboxes, with the most severe of them.

    `about` names the message, `pending_id` and `message_id` lead to it while it is kept, and
    `report_id` to the report. `counts` where the message went to this very address: another one in
    a report is an alias, or forged, and only says that the message failed.
    """

    __tablename__ = "bounces"
    __table_args__ = (
        Index("uq_bounces__about", "workspace_id", "about", "key", unique=True),
        Index("ix_bounces__key", "workspace_id", "key"),
        Index("ix_bounces__happened_at", "workspace_id", text("happened_at DESC")),
        Index("ix_bounces__pending_id", "pending_id"),
        Index("ix_bounces__message_id", "message_id"),
        Index("ix_bounces__report_id", "report_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    outcome: Mapped[Outcome]
    status: Mapped[str] = mapped_column(Text)
    diagnostic: Mapped[str] = mapped_column(Text)
    counts: Mapped[bool]
    happened_at: Mapped[datetime]
    pending_id: Mapped[PendingId | None] = mapped_column(
        ForeignKey("pending_messages.id", ondelete="SET NULL")
    )
    message_id: Mapped[MessageId | None] = mapped_column(
        ForeignKey("messages.id", ondelete="SET NULL")
    )
    report_id: Mapped[MessageId | None] = mapped_column(
        ForeignKey("messages.id", ondelete="SET NULL")
    )
