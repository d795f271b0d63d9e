"""Splits and merges by members, in words, as this reader may see them."""

from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId, MessageId
from backend.domain.people.actor import Actor
from backend.domain.summaries.mail import ChangeLine
from backend.store import rearranging
from backend.store.conversation_access import readable
from backend.store.rearranging import Change, Kind


def change_lines(
    actor: Actor, session: Session, conversation_id: ConversationId
) -> tuple[ChangeLine, ...]:
    """The changes of a conversation that are in effect."""
    found = rearranging.changes_of(session, conversation_id)
    return tuple(_line(session, actor, one, conversation_id) for one in found)


def why_lines(actor: Actor, session: Session, message_id: MessageId) -> tuple[ChangeLine, ...]:
    """The changes that brought a message into its present conversation."""
    return tuple(
        _line(session, actor, one, None) for one in rearranging.of_message(session, message_id)
    )


def _line(
    session: Session, actor: Actor, found: Change, seen_from: ConversationId | None
) -> ChangeLine:
    row, emails = found.row, _emails(len(found.row.messages))
    source, other = row.conversation_id, row.other_id
    who = "You" if row.made_by == actor.member_id else found.by_name
    leads_to: ConversationId | None = None
    if row.kind == Kind.MERGE:
        sentence = f"{who} merged another conversation of {emails} into this one"
    elif seen_from == source:
        sentence, leads_to = f"{who} split {emails} off into a conversation of their own", other
    else:
        sentence, leads_to = f"{who} split this off another conversation", source
    if leads_to is not None and not readable(actor, session, leads_to):
        leads_to = None
    return ChangeLine(id=row.id, sentence=sentence, at=row.made_at, leads_to=leads_to)


def _emails(number: int) -> str:
    return "1 email" if number == 1 else f"{number:,} emails"
