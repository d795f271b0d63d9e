"""A message once per workspace, its copies in mailboxes, its people, and who logged it.

`identity` is the hash of Message-ID, From and Date (or of mailbox and Gmail id without a
Message-ID), unique in a workspace: however many mailboxes hold a message, it is one row.
"""

from datetime import datetime

from sqlalchemy import (
    Boolean,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.capture.rule import Rule
from backend.domain.ids import ContactId, ConversationId, MailboxId, MemberId, MessageId, PendingId
from backend.domain.mail.kinds import MailKind
from backend.domain.policies import MatchField
from backend.domain.reasons import Reason
from backend.store.models.base import Base, Tenant


class Message(Tenant, Base):
    """One RFC 5322 message of a workspace."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("uq_messages__identity", "workspace_id", "identity", unique=True),
        Index("ix_messages__conversation", "conversation_id", "sent_at", "id"),
        Index("ix_messages__rfc_id", "workspace_id", "rfc_id"),
        Index(
            "ix_messages__send_id",
            "workspace_id",
            "send_id",
            postgresql_where=text("send_id IS NOT NULL"),
        ),
    )

    id: Mapped[MessageId] = mapped_column(primary_key=True)
    conversation_id: Mapped[ConversationId] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    identity: Mapped[bytes] = mapped_column(LargeBinary)
    rfc_id: Mapped[str | None] = mapped_column(Text)
    references: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    subject: Mapped[str] = mapped_column(Text)
    sender_name: Mapped[str] = mapped_column(Text)
    sender_address: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]
    outgoing: Mapped[bool] = mapped_column(Boolean)
    mail_kind: Mapped[MailKind]
    snippet: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(Integer)
    send_id: Mapped[PendingId | None]
    stored_at: Mapped[datetime]


class MessageBody(Tenant, Base):
    """A message's content, apart from the row that lists read. `html` is as received: never shown
    raw. `reply_text` is empty where the author's own words are the whole text: most mail, and a
    tenth of the disk.
    """

    __tablename__ = "message_bodies"

    message_id: Mapped[MessageId] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    reply_text: Mapped[str | None] = mapped_column(Text)
    redacted_at: Mapped[datetime | None]
    redacted_by: Mapped[MemberId | None]


OWN_WORDS = func.coalesce(MessageBody.reply_text, MessageBody.text)
"""What the author wrote, without quoted mail and signature."""


class MessageCopy(Tenant, Base):
    """That message in one mailbox, with Gmail's ids and labels. A deletion leaves a tombstone."""

    __tablename__ = "message_copies"
    __table_args__ = (Index("ix_message_copies__message_id", "message_id"),)

    mailbox_id: Mapped[MailboxId] = mapped_column(
        ForeignKey("mailboxes.id", ondelete="CASCADE"), primary_key=True
    )
    gmail_id: Mapped[str] = mapped_column(Text, primary_key=True)
    message_id: Mapped[MessageId] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    thread_id: Mapped[str] = mapped_column(Text)
    labels: Mapped[list[str]] = mapped_column(ARRAY(Text))
    internal_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class Participant(Tenant, Base):
    """An address on a message, matched or not. `role` is from, to, cc, bcc, or reply_to where
    replies go to somebody other than the sender.
    """

    __tablename__ = "participants"
    __table_args__ = (
        Index("ix_participants__contact_id", "workspace_id", "contact_id", "message_id"),
    )

    message_id: Mapped[MessageId] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[MatchField] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    contact_id: Mapped[ContactId | None]
    member_id: Mapped[MemberId | None]


class Attachment(Tenant, Base):
    """A file on a message. Gmail's attachment ids change, so the part id is stored instead."""

    __tablename__ = "attachments"

    message_id: Mapped[MessageId] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    part_id: Mapped[str] = mapped_column(Text, primary_key=True)
    filename: Mapped[str] = mapped_column(Text)
    content_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(Integer)
    content_id: Mapped[str | None] = mapped_column(Text)
    inline: Mapped[bool]


class LogEntry(Tenant, Base):
    """A message in the timeline, since when and by whom: one row per message (N1)."""

    __tablename__ = "log_entries"

    message_id: Mapped[MessageId] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    via: Mapped[str] = mapped_column(Text)
    logged_by: Mapped[MemberId | None]
    logged_at: Mapped[datetime]
    removed_by: Mapped[MemberId | None]
    removed_at: Mapped[datetime | None]


class Decision(Tenant, Base):
    """Why a message is here or not here: exactly one row for each message ever seen in a mailbox.

    Nothing readable is kept of a skipped message: `rfc_hash` is a keyed hash that allows a look-up
    by somebody who already has the id, `unlogged_hash` one that recognises the other copies of a
    message that somebody took out for good.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        Index("ix_decisions__rfc_hash", "workspace_id", "rfc_hash"),
        Index("ix_decisions__message_id", "message_id"),
        Index(
            "ix_decisions__unlogged_hash",
            "workspace_id",
            "unlogged_hash",
            postgresql_where=text("unlogged_hash IS NOT NULL"),
        ),
    )

    mailbox_id: Mapped[MailboxId] = mapped_column(
        ForeignKey("mailboxes.id", ondelete="CASCADE"), primary_key=True
    )
    gmail_id: Mapped[str] = mapped_column(Text, primary_key=True)
    outcome: Mapped[str] = mapped_column(Text)
    reason: Mapped[Reason]
    rule: Mapped[Rule]
    path: Mapped[str] = mapped_column(Text)
    message_id: Mapped[MessageId | None] = mapped_column(
        ForeignKey("messages.id", ondelete="SET NULL")
    )
    deciding_address: Mapped[str | None] = mapped_column(Text)
    deciding_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    rfc_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    unlogged_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    internal_at: Mapped[datetime | None]
    decided_at: Mapped[datetime]


class IgnoredPerson(Tenant, Base):
    """Somebody whom a member does not want suggested as a contact: a keyed hash of the address."""

    __tablename__ = "ignored_people"

    member_id: Mapped[MemberId] = mapped_column(
        ForeignKey("team_members.id", ondelete="CASCADE"), primary_key=True
    )
    person_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    ignored_at: Mapped[datetime]


class LeftOutPerson(Tenant, Base):
    """A person on a message that was left out because nobody on it was known: a keyed hash of the
    address, until the message is captured.

    One row per person, because under row-level security no index serves an operator on arrays.
    """

    __tablename__ = "left_out_people"

    person_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    mailbox_id: Mapped[MailboxId] = mapped_column(
        ForeignKey("mailboxes.id", ondelete="CASCADE"), primary_key=True
    )
    gmail_id: Mapped[str] = mapped_column(Text, primary_key=True)
