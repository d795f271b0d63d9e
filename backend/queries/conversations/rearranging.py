"""What can be split off a conversation or merged into it, limited to what this reader may read."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import ConversationId
from backend.domain.paging import ListQuery
from backend.domain.people.actor import Actor
from backend.domain.summaries.mail import ConversationLine
from backend.domain.summaries.rearranging import MergeChoice, SplitChoice, Splittable
from backend.errors import NotFound
from backend.queries.conversations.lines import conversation_lines
from backend.queries.conversations.listing import conversations_page
from backend.queries.conversations.messages import names
from backend.queries.conversations.opened import newest_messages
from backend.store.conversation_access import GONE, conversation_by_id, readable
from backend.store.messages import participants
from backend.store.models import Conversation, ConversationContact

SPLITTABLE = 200
MERGEABLE = 20
FEW = 5
"""Contacts that two conversations usually share: each conversation is found once per contact."""


def split_choice(deps: Deps, actor: Actor, conversation_id: ConversationId) -> SplitChoice:
    """The messages of a conversation that could be split off. Raises NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        line = _readable_line(session, actor, conversation_id)
        rows = newest_messages(
            session, conversation_id, reader=actor.member_id, before=None, limit=SPLITTABLE + 1
        )
        shown = rows[:SPLITTABLE][::-1]
        people = participants(session, [row.id for row in shown])
        return SplitChoice(
            line=line,
            messages=tuple(
                Splittable(
                    id=row.id,
                    sender=row.sender_name or row.sender_address,
                    to=names(people.get(row.id, ()), "to"),
                    sent_at=row.sent_at,
                    snippet=row.snippet,
                )
                for row in shown
            ),
            more=len(rows) > SPLITTABLE,
        )


def merge_choice(
    deps: Deps, actor: Actor, conversation_id: ConversationId, words: str
) -> MergeChoice:
    """Conversations that could be merged into this one. Raises NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        line = _readable_line(session, actor, conversation_id)
        query = ListQuery(search=words, limit=MERGEABLE + 1)
        if query.words:
            found, _ = conversations_page(
                session, query, reader=actor.member_id, holder=None, now=deps.now()
            )
            rows = [row[0] for row in found.rows if row[0].id != conversation_id]
        else:
            rows = _of_the_same_people(session, conversation_id, MERGEABLE)
        lines = conversation_lines(actor, session, rows[:MERGEABLE])
        return MergeChoice(
            line=line,
            found=tuple(one for one in lines if one.private is None),
            searched=bool(query.words),
        )


def _readable_line(
    session: Session, actor: Actor, conversation_id: ConversationId
) -> ConversationLine:
    row = conversation_by_id(session, conversation_id)
    if row is None or not readable(actor, session, conversation_id):
        raise NotFound(GONE)
    return conversation_lines(actor, session, [row])[0]


def _of_the_same_people(
    session: Session, conversation_id: ConversationId, most: int
) -> list[Conversation]:
    """Other conversations of the contacts on this one, latest first."""
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
