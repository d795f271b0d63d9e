"""A Gmail mailbox: its connection, its cursor, what is still to fetch, and what left it.

Gmail's history ids are unsigned 64-bit numbers, so they are NUMERIC(20) and compared as numbers. A
mailbox row exists from a member's first contact with the product; `state` says whether it is
connected.
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, LargeBinary, Numeric, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.ids import ImportRunId, MailboxId, MemberId
from backend.domain.people.visibility import Visibility
from backend.domain.policies import Capture, FromName, MailboxKind, ReplyQuote
from backend.domain.reasons import Reason
from backend.domain.summaries.mailbox import MailboxState
from backend.domain.sync.polling import PollReason
from backend.store.models.base import Base, Tenant


class Mailbox(Tenant, Base):
    """One Gmail mailbox, personal or shared. `sharing` is how much of its mail the team may read
    (domain.visibility); `reply_quote` is what is quoted below its replies and `from_name` whose
    name recipients see, if not the workspace's choice. A shared one is used by the members in
    `mailbox_users`. `lease_*` name the one process that syncs it. `push_arrived_at` is when the
    first notification arrived after the push test at `push_tested_at`.

    Mail stored up to `redact_until` that no other mailbox holds loses its text, which was done at
    `redacted_at` (D-21). `poll_at` is the next poll, and `poll_because` why it is polled every
    minute, if so.
    `unannounced` is the history id up to which mail was read without a notification. `troubles` and
    `send_troubles` count failures in a row; `refused_as` is the kind of refusal first seen at
    `refused_at`, of which a second one ends the connection.
    """

    __tablename__ = "mailboxes"
    __table_args__ = (
        Index("ix_mailboxes__email_key", "email_key"),
        Index("ix_mailboxes__owner_id", "workspace_id", "owner_id"),
        Index(
            "ix_mailboxes__template_id",
            "template_id",
            postgresql_where=text("template_id IS NOT NULL"),
        ),
        Index(
            "ix_mailboxes__redacting",
            "workspace_id",
            "id",
            postgresql_where=text("redact_until IS NOT NULL AND redacted_at IS NULL"),
        ),
        Index(
            "uq_mailboxes__connected_sub",
            "google_sub",
            "workspace_id",
            unique=True,
            postgresql_where=text("connected_at IS NOT NULL AND disconnected_at IS NULL"),
        ),
    )

    id: Mapped[MailboxId] = mapped_column(primary_key=True)
    owner_id: Mapped[MemberId | None] = mapped_column(ForeignKey("team_members.id"))
    kind: Mapped[MailboxKind]
    capture: Mapped[Capture] = mapped_column(server_default="matched")
    email: Mapped[str] = mapped_column(Text)
    email_key: Mapped[str] = mapped_column(Text)
    google_sub: Mapped[str | None] = mapped_column(Text)
    display_name: Mapped[str] = mapped_column(Text)
    sharing: Mapped[Visibility] = mapped_column(server_default="full")
    reply_quote: Mapped[ReplyQuote | None]
    from_name: Mapped[FromName | None]
    template_id: Mapped[int | None] = mapped_column(
        ForeignKey("email_templates.id", ondelete="SET NULL")
    )
    state: Mapped[MailboxState]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    sealed_token: Mapped[bytes | None] = mapped_column(LargeBinary)
    cursor: Mapped[Decimal | None] = mapped_column(Numeric(20))
    hint: Mapped[Decimal | None] = mapped_column(Numeric(20))
    own_addresses_at: Mapped[datetime | None]
    watch_expires_at: Mapped[datetime | None]
    watch_error: Mapped[str | None] = mapped_column(Text)
    last_notification_at: Mapped[datetime | None]
    push_tested_at: Mapped[datetime | None]
    push_arrived_at: Mapped[datetime | None]
    poll_at: Mapped[datetime | None]
    poll_because: Mapped[PollReason | None]
    poll_since: Mapped[datetime | None]
    unannounced: Mapped[Decimal | None] = mapped_column(Numeric(20))
    unannounced_at: Mapped[datetime | None]
    last_success_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    last_error_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    refused_as: Mapped[str | None] = mapped_column(Text)
    troubles: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    paused_until: Mapped[datetime | None]
    send_troubles: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    send_paused_until: Mapped[datetime | None]
    send_paused_because: Mapped[Reason | None]
    send_paused_answer: Mapped[str | None] = mapped_column(Text)
    lease_owner: Mapped[str | None] = mapped_column(Text)
    lease_until: Mapped[datetime | None]
    send_lease_owner: Mapped[str | None] = mapped_column(Text)
    send_lease_until: Mapped[datetime | None]
    send_look_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    connected_at: Mapped[datetime | None]
    disconnected_at: Mapped[datetime | None]
    redact_until: Mapped[datetime | None]
    redacted_at: Mapped[datetime | None]


class MailboxUser(Tenant, Base):
    """A member who may write from a shared mailbox."""

    __tablename__ = "mailbox_users"
    __table_args__ = (Index("ix_mailbox_users__member_id", "workspace_id", "member_id"),)

    mailbox_id: Mapped[MailboxId] = mapped_column(
        ForeignKey("mailboxes.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[MemberId] = mapped_column(
        ForeignKey("team_members.id", ondelete="CASCADE"), primary_key=True
    )
    added_at: Mapped[datetime]


class EmailTemplate(Tenant, Base):
    """A branded frame for mail: `source` as it was written, `html` with its styles inlined and
    sanitised, in which the message takes the place of the slot (domain/writing/branding).
    """

    __tablename__ = "email_templates"
    __table_args__ = (
        Index("uq_email_templates__name", "workspace_id", "name", unique=True),
        Index("ix_email_templates__saved_by", "workspace_id", "saved_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    saved_by: Mapped[MemberId | None] = mapped_column(
        ForeignKey("team_members.id", ondelete="SET NULL")
    )
    saved_at: Mapped[datetime]


class MailboxAlias(Tenant, Base):
    """A further address that is also the owner's, proven by Gmail's "send as" or by an admin."""

    __tablename__ = "mailbox_aliases"
    __table_args__ = (Index("ix_mailbox_aliases__key", "workspace_id", "key"),)

    mailbox_id: Mapped[MailboxId] = mapped_column(
        ForeignKey("mailboxes.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    address: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    proven_at: Mapped[datetime]


class ToFetch(Tenant, Base):
    """A message that Gmail announced and that is not stored yet. Losing Redis loses none of these.
    `claimed_by` names the job that fetches it, until `not_before`.
    """

    __tablename__ = "to_fetch"
    __table_args__ = (Index("ix_to_fetch__next", "mailbox_id", "priority", text("gmail_id DESC")),)

    mailbox_id: Mapped[MailboxId] = mapped_column(
        ForeignKey("mailboxes.id", ondelete="CASCADE"), primary_key=True
    )
    gmail_id: Mapped[str] = mapped_column(Text, primary_key=True)
    thread_id: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text)
    priority: Mapped[int] = mapped_column(SmallInteger)
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    not_before: Mapped[datetime | None]
    claimed_by: Mapped[str | None] = mapped_column(Text)
    added_at: Mapped[datetime]


class ImportRun(Tenant, Base):
    """One import, resync or audit of a mailbox, with its progress.

    `wanted` is a number of messages, `since` a time: one of them bounds the run. `missed` counts
    messages it found that should have been here. `lease_*` name the process that holds it.
    `refusals` counts Gmail's refusals in a row, after which it is retried at `look_at`.
    """

    __tablename__ = "import_runs"
    __table_args__ = (
        Index("ix_import_runs__mailbox_id", "workspace_id", "mailbox_id", text("id DESC")),
    )

    id: Mapped[ImportRunId] = mapped_column(primary_key=True)
    mailbox_id: Mapped[MailboxId] = mapped_column(ForeignKey("mailboxes.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(Text)
    wanted: Mapped[int | None]
    since: Mapped[datetime | None]
    listed: Mapped[int] = mapped_column(server_default="0")
    scanned: Mapped[int] = mapped_column(server_default="0")
    kept: Mapped[int] = mapped_column(server_default="0")
    failed: Mapped[int] = mapped_column(server_default="0")
    missed: Mapped[int] = mapped_column(server_default="0")
    oldest_at: Mapped[datetime | None]
    page_token: Mapped[str | None] = mapped_column(Text)
    listed_at: Mapped[datetime | None]
    started_by: Mapped[MemberId | None]
    started_at: Mapped[datetime]
    heartbeat_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    stopped_by: Mapped[MemberId | None]
    lease_owner: Mapped[str | None] = mapped_column(Text)
    lease_until: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
    refusals: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    look_at: Mapped[datetime | None]


class Quarantine(Tenant, Base):
    """A message that could not be read in four attempts: shown with its reason, never dropped."""

    __tablename__ = "quarantine"

    mailbox_id: Mapped[MailboxId] = mapped_column(
        ForeignKey("mailboxes.id", ondelete="CASCADE"), primary_key=True
    )
    gmail_id: Mapped[str] = mapped_column(Text, primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(SmallInteger)
    quarantined_at: Mapped[datetime]


class Departure(Tenant, Base):
    """A message seen leaving the mailbox, ours or written by hand: what the rolling limits
    count.
    """

    __tablename__ = "departures"
    __table_args__ = (Index("ix_departures__left_at", "mailbox_id", "left_at"),)

    mailbox_id: Mapped[MailboxId] = mapped_column(
        ForeignKey("mailboxes.id", ondelete="CASCADE"), primary_key=True
    )
    gmail_id: Mapped[str] = mapped_column(Text, primary_key=True)
    left_at: Mapped[datetime]
