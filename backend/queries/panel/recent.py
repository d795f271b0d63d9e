"""The newest interactions with a person, and who can read what, limited to what the reader may
read.
"""

from collections.abc import Sequence

from backend.domain.people.actor import Actor
from backend.domain.people.visibility import (
    Copy,
    Readable,
    Viewer,
    Visibility,
    who_can_read,
    who_may_read,
)
from backend.domain.summaries.timeline import InteractionKind, InteractionLine
from backend.queries.panel.facts import RECENT, CardFacts, RecentConversation, RecentNote
from backend.store.conversation_access import Chosen, Holder, copies_of

NO_SUBJECT = "(no subject)"


def readers(actor: Actor, thread: Chosen, holders: Sequence[Holder]) -> tuple[str, str | None]:
    """Who can read it and through which rule, and why this reader cannot, if so."""
    copies = copies_of(thread, holders)
    sentence = who_can_read(copies)
    if _level(copies, actor) is Visibility.FULL:
        return sentence, None
    return sentence, _first_part(sentence)


def recent_lines(actor: Actor, found: CardFacts) -> tuple[InteractionLine, ...]:
    """Conversations and notes in one list, newest first."""
    mails = [_mail(actor, row) for row in found.recent]
    notes = [_note(row) for row in found.notes]
    return tuple(sorted([*mails, *notes], key=lambda line: line.at, reverse=True)[:RECENT])


def _mail(actor: Actor, row: RecentConversation) -> InteractionLine:
    copies = copies_of(row, row.holders)
    level = _level(copies, actor)
    subject = row.subject or NO_SUBJECT
    return InteractionLine(
        kind=InteractionKind.EMAIL,
        at=row.at,
        title=subject if level is not None and level.shows_subject else "",
        detail="",
        outgoing=bool(row.outgoing),
        message_count=row.message_count,
        conversation_id=row.id,
        private=None if level is Visibility.FULL else _first_part(who_can_read(copies)),
    )


def _note(row: RecentNote) -> InteractionLine:
    return InteractionLine(
        kind=InteractionKind.NOTE,
        at=row.at,
        title=row.author,
        detail=row.text,
    )


def _level(copies: Sequence[Copy], actor: Actor) -> Visibility | None:
    access = who_may_read(copies, Viewer(actor.member_id))
    return access.level if isinstance(access, Readable) else None


def _first_part(sentence: str) -> str:
    """The sentence without its rule: "Only Kim Doyle can read it"."""
    return sentence.partition(":")[0].removesuffix(".")
