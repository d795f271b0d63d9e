"""Conversations as lists, and what a list shows beside each: people, accounts, who may read it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, any_, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from backend.domain.ids import ContactId, ConversationId, MemberId
from backend.domain.paging import ListQuery, whole_id
from backend.domain.people.name_keys import ACCENTED, PLAIN, folded_words
from backend.domain.people.visibility import ORDER, Visibility
from backend.store.keyset import AnySelect, Order, Slice, count_up_to, page_of, stretch_of
from backend.store.like import holds_every
from backend.store.message_sight import in_timeline, may_be_read
from backend.store.models import (
    Account,
    Contact,
    Conversation,
    ConversationAccount,
    ConversationContact,
    GmailThread,
    Mailbox,
    Message,
    MessageCopy,
    TeamMember,
)
from backend.store.recency import narrowed

NEWEST = Order(Conversation.last_message_at.expression, Conversation.id.expression, descending=True)
OF_ACCOUNT = Order(
    ConversationAccount.last_message_at.expression,
    ConversationAccount.conversation_id.expression,
    descending=True,
)
SUBJECTS_SEARCHED = 50_000
LOOKED_THROUGH = 15_000
"""Conversations that one page searches for words, or looks through for a mailbox or a plan: no
index leads from these to conversations in their order. The next page goes on behind them.
"""

FEW = 5
"""People of one conversation who are usually on another together."""

NAMES_SHOWN = 4
"""People named on a line; further ones are counted."""


@dataclass(frozen=True)
class Holder:
    """A mailbox that holds a conversation, whose it is, and how much of it the team may read."""

    owner_id: MemberId | None
    name: str
    sharing: Visibility


def conversations_page(
    session: Session, asked: ListQuery, *, reader: MemberId, holder: MemberId | None, now: datetime
) -> tuple[Slice, int | None]:
    """One page, newest first. Rows hold `Conversation`; `holder`: those in a member's mailbox.
    Words are found in subjects that the reader may read.

    Conversations of which every message was taken out are left out. Those of one account stand in
    the order in which its people were heard from, which is how they are indexed. The count, when
    only a part of the list was looked through, is of that part.
    """
    query: AnySelect = select(Conversation).where(Conversation.message_count > 0)
    order = NEWEST
    if account := whole_id(asked.filters.get("account")):
        link = ConversationAccount
        query = query.join(link, link.conversation_id == Conversation.id)
        query = query.where(link.account_id == account)
        order = OF_ACCOUNT
    part = None
    if not account and (long := _looked_through(asked, holder)):
        part = stretch_of(session, select(Conversation), NEWEST, asked, long=long)
        query = query.where(part.inside) if part else query
    query = _narrowed(query, asked, reader, holder)
    query = narrowed(query, order.key, asked.filters.get("heard"), now)
    found, total = page_of(session, query, order, asked), count_up_to(session, query)
    return part.with_way_on(found) if part else found, total


def _looked_through(asked: ListQuery, holder: MemberId | None) -> int:
    """How many conversations a page looks through at the most; 0 when an index knows them."""
    if holder is not None or asked.filters.get("plan"):
        return LOOKED_THROUGH
    return SUBJECTS_SEARCHED if asked.words else 0


def _each(found: AnySelect) -> ColumnElement[bool]:
    """That there is one, asked of each conversation by itself: joined, Postgres would read all of
    the other table.
    """
    return found.correlate(Conversation).offset(0).exists()


def _narrowed(
    query: AnySelect, asked: ListQuery, reader: MemberId, holder: MemberId | None
) -> AnySelect:
    if asked.words:
        query = query.where(
            holds_every(Conversation.subject_key, parts := folded_words(asked.words)),
            shares(reader, Visibility.SUBJECT),
            _each(_reads_of(reader, parts)),
        )
    if holder is not None:
        query = query.where(_each(_held_by(holder)))
    if asked.filters.get("waiting"):
        query = query.where(Conversation.last_inbound_at == Conversation.last_message_at)
    if plan := asked.filters.get("plan"):
        listed = (
            select(ConversationAccount.conversation_id)
            .join(Account, Account.id == ConversationAccount.account_id)
            .where(ConversationAccount.conversation_id == Conversation.id, Account.plan == plan)
        )
        query = query.where(_each(listed))
    return query


def _reads_of(reader: MemberId, parts: Sequence[str]) -> AnySelect:
    """Mails of a conversation that have the words in a subject which the reader may read: who holds
    the last mail alone has not seen how the first was called.
    """
    key = func.lower(func.translate(Message.subject, ACCENTED, PLAIN))
    return select(Message.id).where(
        Message.conversation_id == Conversation.id,
        in_timeline(),
        may_be_read(reader, Visibility.SUBJECT),
        holds_every(key, parts),
    )


def _held_by(member_id: MemberId) -> AnySelect:
    boxes = select(Mailbox.id).where(Mailbox.owner_id == member_id)
    return select(GmailThread.conversation_id).where(
        GmailThread.conversation_id == Conversation.id,
        GmailThread.mailbox_id == any_(func.array(boxes.scalar_subquery())),
    )


def shares(reader: MemberId, level: Visibility) -> ColumnElement[bool]:
    """That the reader may see at least so much of a conversation: it is in their own mailbox, or no
    mailbox that has it keeps more to itself. In doubt it is not; domain.visibility has the rule.
    """
    withheld = list(ORDER[: ORDER.index(level)])
    private = (
        select(GmailThread.conversation_id)
        .join(Mailbox, Mailbox.id == GmailThread.mailbox_id)
        .where(GmailThread.conversation_id == Conversation.id, Mailbox.sharing.in_(withheld))
    )
    chosen = func.coalesce(Conversation.visibility, Visibility.FULL).in_(withheld)
    return _each(_held_by(reader)) | (~chosen & ~_each(private))


def conversation(session: Session, conversation_id: ConversationId) -> Conversation | None:
    """One conversation of the session's workspace."""
    return session.get(Conversation, conversation_id)


def of_the_same_people(
    session: Session, conversation_id: ConversationId, most: int
) -> list[Conversation]:
    """Other conversations of the contacts on this one, the latest first."""
    people = select(ConversationContact.contact_id).where(
        ConversationContact.conversation_id == conversation_id
    )
    theirs = (
        select(ConversationContact.conversation_id)
        .where(
            ConversationContact.contact_id.in_(people),
            ConversationContact.conversation_id != conversation_id,
        )
        .order_by(ConversationContact.last_message_at.desc())
        .limit(most * FEW)
    )
    query = (
        select(Conversation)
        .where(Conversation.id.in_(theirs), Conversation.message_count > 0)
        .order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
        .limit(most)
    )
    return list(session.scalars(query))


def conversations_by_id(session: Session, ids: Sequence[int]) -> Mapping[int, Conversation]:
    """A few conversations."""
    rows = session.scalars(select(Conversation).where(Conversation.id.in_(ids)))
    return {row.id: row for row in rows}


def accounts_of(session: Session, ids: Sequence[int]) -> Mapping[int, list[Account]]:
    """The accounts a few conversations are listed under."""
    query = (
        select(ConversationAccount.conversation_id, Account)
        .join(Account, Account.id == ConversationAccount.account_id)
        .where(ConversationAccount.conversation_id.in_(ids))
        .order_by(Account.id)
    )
    found: dict[int, list[Account]] = defaultdict(list)
    for conversation_id, account in session.execute(query):
        found[conversation_id].append(account)
    return found


def people_on(session: Session, ids: Sequence[int]) -> Mapping[int, str]:
    """Who is on a few conversations: "Dana Reyes, Mei Tan and 3 more"."""
    place = func.row_number().over(
        partition_by=ConversationContact.conversation_id, order_by=ConversationContact.contact_id
    )
    total = func.count().over(partition_by=ConversationContact.conversation_id)
    ranked = (
        select(
            ConversationContact.conversation_id,
            ConversationContact.contact_id,
            place.label("place"),
            total.label("total"),
        )
        .where(ConversationContact.conversation_id.in_(ids))
        .subquery()
    )
    query = (
        select(ranked.c.conversation_id, Contact.name, ranked.c.total)
        .join(Contact, Contact.id == ranked.c.contact_id)
        .where(ranked.c.place <= NAMES_SHOWN)
        .order_by(ranked.c.conversation_id, ranked.c.place)
    )
    names: dict[int, list[str]] = defaultdict(list)
    totals: dict[int, int] = {}
    for conversation_id, name, count in session.execute(query):
        names[conversation_id].append(name)
        totals[conversation_id] = count
    return {key: _listed(shown, totals[key]) for key, shown in names.items()}


def holders_of(session: Session, ids: Sequence[int]) -> Mapping[int, list[Holder]]:
    """The mailboxes that hold a few conversations, with their owners' names."""
    query = (
        select(
            Message.conversation_id,
            Mailbox.id,
            Mailbox.owner_id,
            func.coalesce(TeamMember.name, Mailbox.email),
            Mailbox.sharing,
        )
        .join(MessageCopy, MessageCopy.message_id == Message.id)
        .join(Mailbox, Mailbox.id == MessageCopy.mailbox_id)
        .outerjoin(TeamMember, TeamMember.id == Mailbox.owner_id)
        .where(Message.conversation_id.in_(ids))
        .distinct()
        .order_by(Mailbox.id)
    )
    found: dict[int, list[Holder]] = defaultdict(list)
    for conversation_id, _, owner_id, name, sharing in session.execute(query):
        owner = owner_id
        found[conversation_id].append(Holder(owner, name, sharing))
    return found


def last_was_outgoing(session: Session, ids: Sequence[int]) -> Mapping[int, bool]:
    """Whether the newest message in the timeline of each of a few conversations left us."""
    query = (
        select(Message.conversation_id, Message.outgoing)
        .where(Message.conversation_id.in_(ids), in_timeline())
        .ext(distinct_on(Message.conversation_id))
        .order_by(Message.conversation_id, Message.sent_at.desc(), Message.id.desc())
    )
    return dict(session.execute(query).all())


def contacts_by_id(session: Session, contact_ids: Sequence[ContactId]) -> Mapping[int, Contact]:
    """A few contacts."""
    if not contact_ids:
        return {}
    rows = session.scalars(select(Contact).where(Contact.id.in_(set(contact_ids))))
    return {contact.id: contact for contact in rows}


def _listed(names: Sequence[str], total: int) -> str:
    more = total - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")
