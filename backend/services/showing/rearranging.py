"""What can be split off a conversation or merged into it, as far as this reader may read it."""

from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId
from backend.domain.paging import ListQuery
from backend.domain.people.actor import Actor
from backend.domain.summaries.mail import ConversationLine
from backend.domain.summaries.rearranging import MergeChoice, SplitChoice, Splittable
from backend.errors import NotFound
from backend.services.deps import Deps
from backend.services.showing.conversation_rows import conversation_lines, readable
from backend.services.showing.conversations import GONE
from backend.services.showing.message_rows import names
from backend.store import conversation_lists, conversation_views

SPLITTABLE = 200
MERGEABLE = 20


def split_choice(deps: Deps, actor: Actor, conversation_id: ConversationId) -> SplitChoice:
    """The mails of a conversation that could be split off. Raises NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        line = _readable_line(session, actor, conversation_id)
        rows = conversation_views.newest_messages(
            session, conversation_id, reader=actor.member_id, before=None, limit=SPLITTABLE + 1
        )
        shown = rows[:SPLITTABLE][::-1]
        people = conversation_views.participants(session, [row.id for row in shown])
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
            found, _ = conversation_lists.conversations_page(
                session, query, reader=actor.member_id, holder=None, now=deps.now()
            )
            rows = [row[0] for row in found.rows if row[0].id != conversation_id]
        else:
            rows = conversation_lists.of_the_same_people(session, conversation_id, MERGEABLE)
        lines = conversation_lines(actor, session, rows[:MERGEABLE])
        return MergeChoice(
            line=line,
            found=tuple(one for one in lines if one.private is None),
            searched=bool(query.words),
        )


def _readable_line(
    session: Session, actor: Actor, conversation_id: ConversationId
) -> ConversationLine:
    row = conversation_lists.conversation(session, conversation_id)
    if row is None or not readable(actor, session, conversation_id):
        raise NotFound(GONE)
    return conversation_lines(actor, session, [row])[0]
