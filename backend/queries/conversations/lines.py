"""Maps conversation rows to lines, limited to what this reader may read.

The list of conversations and the histories of accounts and contacts show the same lines and must
hide the same things.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from backend.domain.ids import ContactId
from backend.domain.mail.kinds import MailKind
from backend.domain.people.actor import Actor
from backend.domain.people.visibility import Hidden, Readable, Visibility
from backend.domain.summaries.mail import ConversationLine, last_said
from backend.domain.summaries.people import AccountLine
from backend.queries.accounts import account_line
from backend.store import message_sight
from backend.store.conversation_access import Holder, access_to, holders_of
from backend.store.message_sight import in_timeline
from backend.store.models import (
    Account,
    Contact,
    Conversation,
    ConversationAccount,
    ConversationContact,
    Message,
)

NO_SUBJECT = "(no subject)"
NAMES_SHOWN = 4
"""People named on a line; the others are counted."""


def conversation_lines(
    actor: Actor, session: Session, rows: Sequence[Conversation]
) -> list[ConversationLine]:
    """The lines of a page, with a fixed number of queries."""
    ids = [row.id for row in rows]
    people = _people_on(session, ids)
    accounts = _accounts_of(session, ids)
    holders = holders_of(session, ids)
    last = _last_messages(session, ids)
    guarded = [one for one in ids if _keeps_subjects_back(actor, holders.get(one, ()))]
    visible = message_sight.titles_of(session, guarded, actor.member_id)
    titles = {one: visible.get(one, "") for one in guarded}
    firsts = _contacts_by_id(
        session, [row.owner_contact_id for row in rows if row.owner_contact_id]
    )
    lines = [
        _line(
            row,
            people=people.get(row.id, ""),
            access=access_to(actor, row, holders.get(row.id, ())),
            main=firsts.get(row.owner_contact_id or 0),
            last=last.get(row.id, (False, MailKind.HUMAN)),
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


def _keeps_subjects_back(actor: Actor, holders: Sequence[Holder]) -> bool:
    """Whether the subject may come from a message that the reader may not know of."""
    return any(
        one.sharing is Visibility.METADATA and one.owner_id != actor.member_id for one in holders
    )


def _line(
    row: Conversation,
    *,
    people: str,
    access: Readable | Hidden,
    main: Contact | None,
    last: tuple[bool, MailKind],
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
        last_was_outgoing=last[0],
        last_said=last_said(
            outgoing=last[0],
            kind=last[1] if isinstance(access, Readable) else MailKind.HUMAN,
        ),
        private=None if readable else access.why,
    )


def _accounts_of(session: Session, ids: Sequence[int]) -> Mapping[int, list[Account]]:
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


def _people_on(session: Session, ids: Sequence[int]) -> Mapping[int, str]:
    """The people on a few conversations: "Dana Reyes, Mei Tan and 3 more"."""
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


def _last_messages(session: Session, ids: Sequence[int]) -> Mapping[int, tuple[bool, MailKind]]:
    """The newest message in the timeline of each of a few conversations: whether we sent it, and
    its kind.
    """
    query = (
        select(Message.conversation_id, Message.outgoing, Message.mail_kind)
        .where(Message.conversation_id.in_(ids), in_timeline())
        .ext(distinct_on(Message.conversation_id))
        .order_by(Message.conversation_id, Message.sent_at.desc(), Message.id.desc())
    )
    return {key: (outgoing, kind) for key, outgoing, kind in session.execute(query)}


def _contacts_by_id(session: Session, contact_ids: Sequence[ContactId]) -> Mapping[int, Contact]:
    """A few contacts."""
    if not contact_ids:
        return {}
    rows = session.scalars(select(Contact).where(Contact.id.in_(set(contact_ids))))
    return {contact.id: contact for contact in rows}


def _listed(names: Sequence[str], total: int) -> str:
    more = total - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")
