"""A conversation across mailboxes, its owner, and the ids that lead to it.

`thread_ids` maps each Message-ID ever seen or cited to its conversation, so that messages find each
other in any order of arrival; `gmail_threads` does the same for Gmail's thread id, per mailbox.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Computed, ForeignKey, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.ids import (
    AccountId,
    ContactId,
    ConversationId,
    MailboxId,
    MemberId,
    MessageId,
    WorkspaceId,
)
from backend.domain.people.name_keys import SQL_SUBJECT
from backend.domain.people.visibility import Visibility
from backend.domain.policies import MatchField
from backend.store.models.base import Base, Tenant


class Conversation(Tenant, Base):
    """One email thread. `last_message_at` is the trait "Last Message (Date)" of V-6."""

    __tablename__ = "conversations"
    __table_args__ = (
        Index(
            "ix_conversations__last_message",
            "workspace_id",
            text("last_message_at DESC"),
            text("id DESC"),
        ),
    )

    id: Mapped[ConversationId] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(Text)
    subject_key: Mapped[str] = mapped_column(Text, Computed(SQL_SUBJECT, persisted=True))
    owner_contact_id: Mapped[ContactId | None]
    visibility: Mapped[Visibility | None]
    visibility_set_by: Mapped[MemberId | None]
    message_count: Mapped[int] = mapped_column(Integer, server_default="0")
    first_message_at: Mapped[datetime]
    last_message_at: Mapped[datetime]
    last_inbound_at: Mapped[datetime | None]
    followed_by: Mapped[MemberId | None]
    followed_at: Mapped[datetime | None]


class ConversationContact(Tenant, Base):
    """A contact on a conversation; `last_message_at` is copied here to list a person's mail in
    order.
    """

    __tablename__ = "conversation_contacts"
    __table_args__ = (
        Index(
            "ix_conversation_contacts__recent",
            "workspace_id",
            "contact_id",
            text("last_message_at DESC"),
            text("conversation_id DESC"),
        ),
    )

    conversation_id: Mapped[ConversationId] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    contact_id: Mapped[ContactId] = mapped_column(
        ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    )
    last_message_at: Mapped[datetime]


class ConversationAccount(Tenant, Base):
    """An account a conversation is listed under, and the address and role that linked it
    (VC-104).
    """

    __tablename__ = "conversation_accounts"
    __table_args__ = (
        Index(
            "ix_conversation_accounts__recent",
            "workspace_id",
            "account_id",
            text("last_message_at DESC"),
            text("conversation_id DESC"),
        ),
    )

    conversation_id: Mapped[ConversationId] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[AccountId] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    because_address: Mapped[str] = mapped_column(Text)
    because_role: Mapped[MatchField]
    last_message_at: Mapped[datetime]


class ThreadId(Tenant, Base):
    """A Message-ID seen or cited, and the conversation it leads to."""

    __tablename__ = "thread_ids"
    __table_args__ = (Index("ix_thread_ids__conversation_id", "conversation_id"),)

    workspace_id: Mapped[WorkspaceId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    rfc_id: Mapped[str] = mapped_column(Text, primary_key=True)
    conversation_id: Mapped[ConversationId] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )


class GmailThread(Tenant, Base):
    """Gmail's thread id in one mailbox, and the conversations that its messages belong to."""

    __tablename__ = "gmail_threads"
    __table_args__ = (Index("ix_gmail_threads__conversation", "conversation_id", "mailbox_id"),)

    mailbox_id: Mapped[MailboxId] = mapped_column(
        ForeignKey("mailboxes.id", ondelete="CASCADE"), primary_key=True
    )
    thread_id: Mapped[str] = mapped_column(Text, primary_key=True)
    conversation_id: Mapped[ConversationId] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )


class ConversationChange(Tenant, Base):
    """A split of a conversation, or a merge of another one into it.

    `other_id` is the conversation that a split made, or that a merge emptied; `messages` are those
    that moved. Until a split is undone, no id joins the two again.
    """

    __tablename__ = "conversation_changes"
    __table_args__ = (
        Index("ix_conversation_changes__conversation_id", "conversation_id"),
        Index("ix_conversation_changes__other_id", "other_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    conversation_id: Mapped[ConversationId] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    other_id: Mapped[ConversationId] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    messages: Mapped[list[MessageId]] = mapped_column(ARRAY(BigInteger))
    made_by: Mapped[MemberId]
    made_at: Mapped[datetime]
    undone_by: Mapped[MemberId | None]
    undone_at: Mapped[datetime | None]
