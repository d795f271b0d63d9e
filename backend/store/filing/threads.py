"""Which conversation each message of a batch belongs to: joins what exists, merges what it
connects.

Gmail's thread id counts inside one mailbox; Message-IDs, the mail's own and those it cites,
connect mailboxes. Subjects never do.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId
from backend.store.bulk import write_rows
from backend.store.filing.item import Filing, FilingPlace
from backend.store.models import (
    Conversation,
    ConversationAccount,
    ConversationContact,
    GmailThread,
    Message,
    PendingMessage,
    ThreadId,
)


class Threads:
    """What is known of the batch's threads, grown as its messages are placed one by one."""

    def __init__(self, session: Session, place: FilingPlace, items: Sequence[Filing]) -> None:
        self._session, self._place = session, place
        self._most = len(items)
        self._free_ids: list[int] = []
        self._started: list[dict[str, Any]] = []
        self._absorbed: dict[int, int] = {}
        gmail_ids = {item.fetched.thread_id for item in items}
        keys = {key for item in items for key in item.thread_keys}
        self._by_gmail = dict(
            session.execute(
                select(GmailThread.thread_id, GmailThread.conversation_id).where(
                    GmailThread.mailbox_id == place.mailbox_id, GmailThread.thread_id.in_(gmail_ids)
                )
            ).all()
        )
        self._by_key = dict(
            session.execute(
                select(ThreadId.rfc_id, ThreadId.conversation_id).where(ThreadId.rfc_id.in_(keys))
            ).all()
        )
        self._known_gmail = dict(self._by_gmail)
        self._known_keys = dict(self._by_key)

    def place(self, item: Filing) -> ConversationId:
        """The conversation of this message: the one it joins, or a new one."""
        leads = [self._by_gmail.get(item.fetched.thread_id)]
        leads += [self._by_key.get(key) for key in item.thread_keys]
        found = sorted({lead for lead in leads if lead is not None})
        conversation_id = found[0] if found else self._start(item)
        for absorbed in found[1:]:
            self._merge(absorbed, conversation_id)
        self._by_gmail[item.fetched.thread_id] = conversation_id
        self._by_key.update(dict.fromkeys(item.thread_keys, conversation_id))
        return ConversationId(conversation_id)

    def settled(self, conversation_id: int) -> int:
        """Where a message placed earlier in the batch is now, after later ones merged."""
        while conversation_id in self._absorbed:
            conversation_id = self._absorbed[conversation_id]
        return conversation_id

    def save(self) -> None:
        """Write down what leads where, as far as it is new."""
        workspace_id = self._place.workspace_id
        threads = [
            {
                "workspace_id": workspace_id,
                "mailbox_id": self._place.mailbox_id,
                "thread_id": thread_id,
                "conversation_id": conversation_id,
            }
            for thread_id, conversation_id in self._by_gmail.items()
            if self._known_gmail.get(thread_id) != conversation_id
        ]
        keys = [
            {"workspace_id": workspace_id, "rfc_id": key, "conversation_id": conversation_id}
            for key, conversation_id in self._by_key.items()
            if self._known_keys.get(key) != conversation_id
        ]
        if threads:
            write_rows(self._session, GmailThread, threads, "ON CONFLICT DO NOTHING")
        if keys:
            write_rows(self._session, ThreadId, keys, "ON CONFLICT DO NOTHING")

    def _start(self, item: Filing) -> int:
        if not self._free_ids:
            self._free_ids = draw_ids(self._session, self._most)
        conversation_id = self._free_ids.pop()
        self._started.append(
            {
                "id": conversation_id,
                "workspace_id": self._place.workspace_id,
                "subject": item.fetched.parsed.subject,
                "owner_contact_id": item.people.owner,
                "first_message_at": item.fetched.internal_date,
                "last_message_at": item.fetched.internal_date,
            }
        )
        return conversation_id

    def write_started(self) -> None:
        """Insert the new conversations: before anything refers to them."""
        if self._started:
            write_rows(self._session, Conversation, self._started)
            self._started = []

    def _merge(self, absorbed: int, kept: int) -> None:
        """One conversation turns out to be part of another: everything moves, nothing is lost."""
        self.write_started()
        self._absorbed[absorbed] = kept
        for table in (Message, GmailThread, ThreadId, PendingMessage):
            self._session.execute(
                update(table)
                .where(table.conversation_id == absorbed)
                .values(conversation_id=kept)
                .execution_options(synchronize_session=False)
            )
        move_links(self._session, absorbed, kept)
        self._by_gmail = {k: kept if v == absorbed else v for k, v in self._by_gmail.items()}
        self._by_key = {k: kept if v == absorbed else v for k, v in self._by_key.items()}
        self._known_gmail = {k: kept if v == absorbed else v for k, v in self._known_gmail.items()}
        self._known_keys = {k: kept if v == absorbed else v for k, v in self._known_keys.items()}


def draw_ids(session: Session, count: int) -> list[int]:
    """Fresh ids of conversations, in one go; those not used are lost, which costs nothing."""
    sequence = func.pg_get_serial_sequence("conversations", "id")
    numbers = func.generate_series(1, count).table_valued("number")
    return list(session.scalars(select(func.nextval(sequence)).select_from(numbers)))


def move_links(session: Session, absorbed: int, kept: int) -> None:
    """Move people and accounts of a conversation to another, then drop the empty one."""
    for table, columns in (
        (ConversationContact, ["workspace_id", "contact_id", "last_message_at"]),
        (
            ConversationAccount,
            ["workspace_id", "account_id", "because_address", "because_role", "last_message_at"],
        ),
    ):
        picked = [getattr(table, name) for name in columns]
        source = select(literal(kept), *picked).where(table.conversation_id == absorbed)
        session.execute(
            insert(table)
            .from_select(["conversation_id", *columns], source)
            .on_conflict_do_nothing()
        )
    old = session.get_one(Conversation, absorbed)
    session.execute(
        update(Conversation)
        .where(Conversation.id == kept)
        .values(
            message_count=Conversation.message_count + old.message_count,
            first_message_at=func.least(Conversation.first_message_at, old.first_message_at),
            last_message_at=func.greatest(Conversation.last_message_at, old.last_message_at),
            last_inbound_at=func.greatest(Conversation.last_inbound_at, old.last_inbound_at),
            followed_by=func.coalesce(Conversation.followed_by, old.followed_by),
            followed_at=func.coalesce(Conversation.followed_at, old.followed_at),
        )
    )
    session.execute(delete(Conversation).where(Conversation.id == absorbed))
