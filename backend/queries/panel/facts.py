"""Everything the message card shows, in one statement: it is read whenever an email is opened.

Aggregates are crossed for the sake of a single round trip. Why an address is not written to is
asked by itself: it is stored under a hash that Postgres cannot make.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from backend.domain.ids import ContactId, ConversationId, MailboxId, MemberId, MessageId, PendingId
from backend.domain.people.actor import Actor, Membership
from backend.domain.people.visibility import Visibility
from backend.domain.summaries.log_state import LogFacts
from backend.domain.summaries.mailbox import MailboxState
from backend.domain.summaries.people import AccountSummary, MemberLine
from backend.domain.summaries.tasks import PanelTask
from backend.store.conversation_access import Holder
from backend.store.failures import Failed
from backend.store.session import Store
from backend.store.statements import BoundStatement, sql, statement

HERE = Path(__file__).parent
RECENT = 6
PENDING = 6
ACCOUNTS = 10
PEOPLE = 20
TASKS = 6
DOUBLES = 5
"""Contacts with the same address. To find more of them, search in the console."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The message and contact to show. Without a message id, the member's own copy is looked up."""

    gmail_id: str
    message_id: MessageId | None = None
    contact_id: ContactId | None = None


@dataclass(frozen=True, kw_only=True)
class OpenedMessage:
    """The message that is open, where it is stored."""

    id: MessageId
    conversation_id: ConversationId
    sender_address: str
    sender_name: str


@dataclass(frozen=True, kw_only=True)
class Thread:
    """Its conversation. `visibility` is what somebody chose for it, if anybody did."""

    id: ConversationId
    owner_contact_id: ContactId | None
    visibility: Visibility | None
    visibility_set_by: MemberId | None
    followed: bool


@dataclass(frozen=True, kw_only=True)
class PersonOn:
    """A contact on the message. `place` is the field's number in thousands, and the place in it."""

    contact_id: ContactId
    name: str
    place: int
    account_name: str | None


@dataclass(frozen=True, kw_only=True)
class Focus:
    """The contact whom the card is about."""

    id: ContactId
    name: str
    title: str | None
    phone: str | None
    is_admin: bool
    last_login_on: date | None
    archived_at: datetime | None
    created_at: datetime
    created_via: str
    last_interaction_at: datetime | None
    last_reply_at: datetime | None
    assigned_to: MemberLine | None


@dataclass(frozen=True, kw_only=True)
class Address:
    """An address of theirs, with the last failure that still counts."""

    key: str
    address: str
    is_primary: bool
    failure: Failed | None


@dataclass(frozen=True, kw_only=True)
class Double:
    """A contact with the same address, and when the team preferred them, if it did."""

    contact_id: ContactId
    name: str
    preferred_at: datetime | None
    account_name: str | None


@dataclass(frozen=True, kw_only=True)
class RecentConversation:
    """A conversation with them. `subject` is one the reader may know."""

    id: ConversationId
    message_count: int
    visibility: Visibility | None
    visibility_set_by: MemberId | None
    at: datetime
    subject: str | None
    outgoing: bool | None
    holders: tuple[Holder, ...]


@dataclass(frozen=True, kw_only=True)
class RecentNote:
    """A note on them or on their account."""

    at: datetime
    text: str
    author: str


@dataclass(frozen=True, kw_only=True)
class CardFacts:
    """The card's facts. `message` and `contact` are None when there are none; `member` is the
    reader as they are now, and `mailbox_id` their own mailbox.
    """

    member: Membership | None
    mailbox_id: MailboxId | None
    mailbox_state: MailboxState | None
    message: OpenedMessage | None
    log: LogFacts | None
    holders: tuple[Holder, ...]
    thread: Thread | None
    people: tuple[PersonOn, ...]
    contact: Focus | None
    addresses: tuple[Address, ...]
    accounts: tuple[AccountSummary, ...]
    doubles: tuple[Double, ...]
    pending: tuple[PendingId, ...]
    recent: tuple[RecentConversation, ...]
    notes: tuple[RecentNote, ...]
    tasks: tuple[PanelTask, ...]


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """Why an address is not written to, and since when."""

    id: int
    reason: str
    since: datetime


KNOWN = statement(sql("card", HERE), CardFacts)
STOPPED = statement(sql("stopped", HERE), list[Stopped])


def known(store: Store, actor: Actor, wanted: Wanted) -> CardFacts:
    """What the card shows."""
    return store.read(actor.workspace_id, asked(actor.member_id, wanted))


def asked(member_id: MemberId, wanted: Wanted) -> BoundStatement[CardFacts]:
    """The statement with its values."""
    return KNOWN.bind(
        member_id=member_id,
        gmail_id=wanted.gmail_id,
        message_id=wanted.message_id,
        contact_id=wanted.contact_id,
        recent=RECENT,
        pending=PENDING,
        accounts=ACCOUNTS,
        people=PEOPLE,
        doubles=DOUBLES,
        tasks=TASKS,
    )


def stopped(store: Store, actor: Actor, hashed: bytes) -> Sequence[Stopped]:
    """Why an address is not written to."""
    return store.read(actor.workspace_id, STOPPED.bind(hashed=hashed))
