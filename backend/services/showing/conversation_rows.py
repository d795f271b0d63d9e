"""Rows of conversations turned into lines, each only as far as this reader may read it.

Separate because the list of conversations and the histories of accounts and contacts show the same
lines and must hide the same things.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId, MessageId
from backend.domain.people.actor import Actor
from backend.domain.people.visibility import (
    Copy,
    Hidden,
    Readable,
    Viewer,
    Visibility,
    who_may_read,
)
from backend.domain.summaries.mail import ConversationLine
from backend.domain.summaries.people import AccountLine
from backend.queries.accounts import account_line
from backend.store import conversation_lists, message_sight
from backend.store.conversation_lists import Holder
from backend.store.models import Contact, Conversation

NO_SUBJECT = "(no subject)"


class Chosen(Protocol):
    """What somebody chose for a thread's visibility, and who it was."""

    @property
    def visibility(self) -> str | None: ...
    @property
    def visibility_set_by(self) -> int | None: ...


def conversation_lines(
    actor: Actor, session: Session, rows: Sequence[Conversation]
) -> list[ConversationLine]:
    """The lines of a page, with a fixed number of queries however many rows there are."""
    ids = [row.id for row in rows]
    people = conversation_lists.people_on(session, ids)
    accounts = conversation_lists.accounts_of(session, ids)
    holders = conversation_lists.holders_of(session, ids)
    outgoing = conversation_lists.last_was_outgoing(session, ids)
    guarded = [one for one in ids if _keeps_subjects_back(actor, holders.get(one, ()))]
    visible = message_sight.titles_of(session, guarded, actor.member_id)
    titles = {one: visible.get(one, "") for one in guarded}
    firsts = conversation_lists.contacts_by_id(
        session, [row.owner_contact_id for row in rows if row.owner_contact_id]
    )
    lines = [
        _line(
            row,
            people=people.get(row.id, ""),
            access=access_to(actor, row, holders.get(row.id, ())),
            main=firsts.get(row.owner_contact_id or 0),
            outgoing=outgoing.get(row.id, False),
            accounts=tuple(account_line(one) for one in accounts.get(row.id, ())),
        )
        for row in rows
    ]
    return [
        replace(line, subject=titles[line.id] or NO_SUBJECT)
        if line.subject and line.id in titles
        else line
        for line in lines
    ]


def access_to(actor: Actor, row: Conversation, holders: Sequence[Holder]) -> Readable | Hidden:
    """How much of a conversation this reader may read, and through which rule."""
    return who_may_read(copies_of(row, holders), Viewer(actor.member_id))


def readable(actor: Actor, session: Session, conversation_id: ConversationId) -> bool:
    """Whether this reader may read what the conversation says."""
    row = conversation_lists.conversation(session, conversation_id)
    if row is None:
        return False
    holders = conversation_lists.holders_of(session, [row.id]).get(row.id, ())
    access = access_to(actor, row, holders)
    return isinstance(access, Readable) and access.level.shows_text


def readable_message(
    actor: Actor, session: Session, conversation_id: ConversationId, message_id: MessageId
) -> bool:
    """Whether this reader may read this mail of the conversation."""
    return readable(actor, session, conversation_id) and message_sight.reads(
        session, message_id, actor.member_id
    )


def copies_of(row: Chosen, holders: Sequence[Holder]) -> list[Copy]:
    """The conversation in each mailbox, with the choice its owner made for this thread."""
    chosen = Visibility(row.visibility) if row.visibility else None
    return [
        Copy(
            name=holder.name,
            readers=frozenset({holder.owner_id} if holder.owner_id is not None else ()),
            default=holder.sharing,
            thread=chosen if row.visibility_set_by in {None, holder.owner_id} else None,
        )
        for holder in holders
    ]


def _keeps_subjects_back(actor: Actor, holders: Sequence[Holder]) -> bool:
    """Whether the conversation may be called after a mail that the reader may not know of."""
    return any(
        one.sharing is Visibility.METADATA and one.owner_id != actor.member_id for one in holders
    )


def _line(
    row: Conversation,
    *,
    people: str,
    access: Readable | Hidden,
    main: Contact | None,
    outgoing: bool,
    accounts: tuple[AccountLine, ...],
) -> ConversationLine:
    readable = isinstance(access, Readable) and access.level.shows_text
    subject = isinstance(access, Readable) and access.level.shows_subject
    return ConversationLine(
        id=row.id,
        subject=(row.subject or NO_SUBJECT) if subject else "",
        people=people,
        accounts=accounts,
        main_contact=main.name if main else None,
        last_message_at=row.last_message_at,
        message_count=row.message_count,
        last_was_outgoing=outgoing,
        private=None if readable else access.why,
    )
