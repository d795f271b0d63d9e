"""Whom an answer to everybody goes to (A-14): the people of the last mail, without the one who
answers, under none of their addresses.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.domain.mail.address import address_key
from backend.domain.mail.kinds import MailKind
from backend.domain.people.actor import Actor
from backend.domain.people.entered_people import bare_address, split_entries, written_person
from backend.domain.summaries.mail import ReplyAll
from backend.store import conversation_views
from backend.store.capture.rules import team
from backend.store.models import Message


def reply_all(
    session: Session, actor: Actor, newest_first: Sequence[Message], reply_to: str
) -> ReplyAll | None:
    """To and Cc of an answer to all, or nothing where that is whom `reply_to` names already. A
    colleague stays where they stood.
    """
    by_people = [row for row in newest_first if row.mail_kind == MailKind.HUMAN]
    last = next(iter(by_people or newest_first), None)
    if last is None:
        return None
    people = conversation_views.participants(session, [last.id]).get(last.id, [])
    ours, seen = team(session), set[str]()

    def is_new(address: str) -> bool:
        key = address_key(address)
        fresh = bool(key) and key not in seen and ours.member(key) != actor.member_id
        seen.add(key)
        return fresh

    def in_role(role: str) -> list[str]:
        return [
            written_person(one.name, one.address)
            for one in people
            if one.role == role and is_new(one.address)
        ]

    named = {address_key(bare_address(one)): one for one in split_entries(reply_to)}
    to = [one for key, one in named.items() if is_new(key)] if not last.outgoing else []
    answer = ReplyAll(", ".join([*to, *in_role("to")]), ", ".join(in_role("cc")))
    alone = {address_key(bare_address(one)) for one in split_entries(answer.to)} <= set(named)
    return None if alone and not answer.cc else answer
