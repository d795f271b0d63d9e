"""The list of conversations, newest first, limited to what the reader may read."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, any_, func, select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import ConversationId, MemberId, MessageId
from backend.domain.paging import ListQuery, Page, whole_id
from backend.domain.people.actor import Actor
from backend.domain.people.name_keys import ACCENTED, PLAIN, folded_words
from backend.domain.people.visibility import ORDER, Visibility
from backend.domain.summaries.mail import ConversationLine
from backend.queries.conversations.lines import conversation_lines
from backend.queries.keyset import Order, Slice, Ts, count_up_to, page_of, stretch_of
from backend.queries.recency import narrowed
from backend.store.like import holds_every
from backend.store.message_sight import in_timeline, may_be_read
from backend.store.models import (
    Account,
    Conversation,
    ConversationAccount,
    GmailThread,
    Mailbox,
    Message,
)

NEWEST = Order(Conversation.last_message_at.expression, Conversation.id.expression, descending=True)
OF_ACCOUNT = Order(
    ConversationAccount.last_message_at.expression,
    ConversationAccount.conversation_id.expression,
    descending=True,
)
SUBJECTS_SEARCHED = 50_000
LOOKED_THROUGH = 15_000
"""Conversations that one page searches for words, or filters by mailbox or plan: no index leads
from these to conversations in order. The next page continues after them.
"""


def conversations(deps: Deps, actor: Actor, query: ListQuery) -> Page[ConversationLine]:
    """A page of conversations, newest first. Filters: `member` (whose mailbox holds it), `waiting`,
    `plan`, `account`, `heard` (see domain.recency).
    """
    named = whole_id(query.filters.get("member"))
    holder = MemberId(named) if named else None
    with deps.store.begin(actor.workspace_id) as session:
        found, total = conversations_page(
            session, query, reader=actor.member_id, holder=holder, now=deps.now()
        )
        lines = conversation_lines(actor, session, [row[0] for row in found.rows])
    return found.showing(lines, total)


def conversations_page(
    session: Session, asked: ListQuery, *, reader: MemberId, holder: MemberId | None, now: datetime
) -> tuple[Slice[Conversation], int | None]:
    """One page, newest first. Rows hold `Conversation`; `holder`: those in a member's mailbox.
    Words are searched in subjects that the reader may read.

    Conversations of which every message was taken out are left out. Those of one account are
    ordered by when its people were last heard from, as they are indexed. When only a part of the
    list was searched, the count is of that part.
    """
    query = select(Conversation).where(Conversation.message_count > 0)
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
    """How many conversations a page searches at most; 0 when an index knows them."""
    if holder is not None or asked.filters.get("plan"):
        return LOOKED_THROUGH
    return SUBJECTS_SEARCHED if asked.words else 0


def _narrowed(
    query: Select[Conversation], asked: ListQuery, reader: MemberId, holder: MemberId | None
) -> Select[Conversation]:
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


def _each(found: Select[*Ts]) -> ColumnElement[bool]:
    """An EXISTS that is evaluated per conversation: for a join, Postgres would read all of the
    other table.
    """
    return found.correlate(Conversation).offset(0).exists()


def _reads_of(reader: MemberId, parts: Sequence[str]) -> Select[MessageId]:
    """Messages of a conversation that have the words in a subject which the reader may read:
    somebody who only has the last message has not seen the first one's subject.
    """
    key = func.lower(func.translate(Message.subject, ACCENTED, PLAIN))
    return select(Message.id).where(
        Message.conversation_id == Conversation.id,
        in_timeline(),
        may_be_read(reader, Visibility.SUBJECT),
        holds_every(key, parts),
    )


def _held_by(member_id: MemberId) -> Select[ConversationId]:
    boxes = select(Mailbox.id).where(Mailbox.owner_id == member_id)
    return select(GmailThread.conversation_id).where(
        GmailThread.conversation_id == Conversation.id,
        GmailThread.mailbox_id == any_(func.array(boxes.scalar_subquery())),
    )


def shares(reader: MemberId, level: Visibility) -> ColumnElement[bool]:
    """Whether the reader may see at least this much of a conversation: it is in their own mailbox,
    or no mailbox that has it is more restrictive. False in doubt; the rule is in domain.visibility.
    """
    withheld = list(ORDER[: ORDER.index(level)])
    private = (
        select(GmailThread.conversation_id)
        .join(Mailbox, Mailbox.id == GmailThread.mailbox_id)
        .where(GmailThread.conversation_id == Conversation.id, Mailbox.sharing.in_(withheld))
    )
    chosen = func.coalesce(Conversation.visibility, Visibility.FULL).in_(withheld)
    return _each(_held_by(reader)) | (~chosen & ~_each(private))
