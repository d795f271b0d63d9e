"""The newest interactions with a person, and who can read what, limited to what the reader may
read.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from backend.domain.ids import ConversationId, MemberId
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
from backend.queries.panel.facts import RECENT
from backend.store.conversation_access import Holder, copies_of

Facts = Mapping[str, Any]
NO_SUBJECT = "(no subject)"


class Choice(NamedTuple):
    """A thread's chosen visibility. Loading a model would cost ten times as much."""

    visibility: str | None
    visibility_set_by: int | None


def readers(actor: Actor, thread: Facts, holders: Sequence[Facts] | None) -> tuple[str, str | None]:
    """Who can read it and by which rule, and why this reader cannot, if so."""
    copies = _copies(thread, holders)
    sentence = who_can_read(copies)
    if _level(copies, actor) is Visibility.FULL:
        return sentence, None
    return sentence, _first_part(sentence)


def recent_lines(actor: Actor, found: Facts) -> tuple[InteractionLine, ...]:
    """Conversations and notes in one list, newest first."""
    mails = [_mail(actor, row) for row in found["recent"] or ()]
    notes = [_note(row) for row in found["notes"] or ()]
    return tuple(sorted([*mails, *notes], key=lambda line: line.at, reverse=True)[:RECENT])


def _mail(actor: Actor, row: Facts) -> InteractionLine:
    copies = _copies(row, row["holders"])
    level = _level(copies, actor)
    subject = row["subject"] or NO_SUBJECT
    return InteractionLine(
        kind=InteractionKind.EMAIL,
        at=datetime.fromisoformat(row["at"]),
        title=subject if level is not None and level.shows_subject else "",
        detail="",
        outgoing=bool(row["outgoing"]),
        message_count=row["message_count"],
        conversation_id=ConversationId(row["id"]),
        private=None if level is Visibility.FULL else _first_part(who_can_read(copies)),
    )


def _note(row: Facts) -> InteractionLine:
    return InteractionLine(
        kind=InteractionKind.NOTE,
        at=datetime.fromisoformat(row["at"]),
        title=row["author"],
        detail=row["text"],
    )


def _copies(thread: Facts, holders: Sequence[Facts] | None) -> list[Copy]:
    row = Choice(thread["visibility"], thread["set_by"])
    known = [
        Holder(
            MemberId(one["owner_id"]) if one["owner_id"] is not None else None,
            one["name"],
            Visibility(one["sharing"]),
        )
        for one in holders or ()
    ]
    return copies_of(row, known)


def _level(copies: Sequence[Copy], actor: Actor) -> Visibility | None:
    access = who_may_read(copies, Viewer(actor.member_id))
    return access.level if isinstance(access, Readable) else None


def _first_part(sentence: str) -> str:
    """The sentence without its rule: "Only Kim Doyle can read it"."""
    return sentence.partition(":")[0].removesuffix(".")
