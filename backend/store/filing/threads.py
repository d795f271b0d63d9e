"""Which conversation each message of a batch belongs to: joins what exists, merges what it
connects.

Gmail's thread id counts inside one mailbox; Message-IDs, the mail's own and those it cites,
connect mailboxes. Subjects never do.
"""

from sqlalchemy import case, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId
from backend.store.bulk import write_rows
from backend.store.filing.item import Filing, FilingPlace
from backend.store.filing.known import Known
from backend.store.filing.rows import Row, Rows
from backend.store.models import (
    Conversation,
    ConversationAccount,
    ConversationContact,
    GmailThread,
    Message,
    Note,
    PendingMessage,
    ThreadId,
)


class Threads:
    """What is known of the batch's threads, grown as its messages are placed one by one."""

    def __init__(self, session: Session, place: FilingPlace, known: Known) -> None:
        self._session, self._place = session, place
        self._free_ids = iter(known.conversation_ids)
        self._absorbed: dict[int, int] = {}
        self._by_gmail, self._by_key = dict(known.threads), dict(known.keys)
        self._known_gmail, self._known_keys = dict(known.threads), dict(known.keys)
        self.started: dict[int, Row] = {}
        """Rows of new conversations that are not written yet."""

    def place(self, item: Filing) -> ConversationId:
        """The conversation of this message: the one it joins, or a new one."""
        leads = [self._by_gmail.get(item.thread_id)] if item.thread_id else []
        leads += [self._by_key.get(key) for key in item.thread_keys]
        found = sorted({lead for lead in leads if lead is not None})
        conversation_id = found[0] if found else self._start(item)
        for absorbed in found[1:]:
            self._merge(absorbed, conversation_id)
        if item.thread_id:
            self._by_gmail[item.thread_id] = conversation_id
        self._by_key.update(dict.fromkeys(item.thread_keys, conversation_id))
        return ConversationId(conversation_id)

    def settled(self, conversation_id: int) -> int:
        """Where a message placed earlier in the batch is now, after later ones merged."""
        while conversation_id in self._absorbed:
            conversation_id = self._absorbed[conversation_id]
        return conversation_id

    def rows(self) -> Rows:
        """What leads where, as far as it is new."""
        workspace_id = self._place.workspace_id
        return {
            "gmail_threads": [
                {
                    "workspace_id": workspace_id,
                    "mailbox_id": self._place.mailbox_id,
                    "thread_id": thread_id,
                    "conversation_id": conversation_id,
                }
                for thread_id, conversation_id in self._by_gmail.items()
                if self._known_gmail.get(thread_id) != conversation_id
            ],
            "thread_ids": [
                {"workspace_id": workspace_id, "rfc_id": key, "conversation_id": conversation_id}
                for key, conversation_id in self._by_key.items()
                if self._known_keys.get(key) != conversation_id
            ],
        }

    def _start(self, item: Filing) -> int:
        conversation_id = next(self._free_ids)
        at = item.fetched.internal_date
        self.started[conversation_id] = {
            "id": conversation_id,
            "workspace_id": self._place.workspace_id,
            "subject": item.fetched.parsed.subject,
            "owner_contact_id": item.people.owner,
            "message_count": 0,
            "first_message_at": at,
            "last_message_at": at,
        }
        return conversation_id

    def _merge(self, absorbed: int, kept: int) -> None:
        """One conversation turns out to be part of another: everything moves, nothing is lost."""
        self._write_started()
        self._absorbed[absorbed] = kept
        for table in (Message, GmailThread, ThreadId, PendingMessage, Note):
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

    def _write_started(self) -> None:
        """New conversations must be there before something moves to them or from them."""
        if self.started:
            write_rows(self._session, Conversation, list(self.started.values()))
            self.started = {}


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
        moved = insert(table).from_select(["conversation_id", *columns], source)
        latest = func.greatest(table.last_message_at, moved.excluded.last_message_at)
        session.execute(
            moved.on_conflict_do_update(
                index_elements=["conversation_id", columns[1]], set_={"last_message_at": latest}
            )
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
            visibility=func.coalesce(Conversation.visibility, old.visibility),
            visibility_set_by=case(
                (Conversation.visibility.is_(None), old.visibility_set_by),
                else_=Conversation.visibility_set_by,
            ),
            followed_by=func.coalesce(Conversation.followed_by, old.followed_by),
            followed_at=func.coalesce(Conversation.followed_at, old.followed_at),
        )
    )
    session.execute(delete(Conversation).where(Conversation.id == absorbed))
