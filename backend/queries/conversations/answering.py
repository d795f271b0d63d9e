"""The recipients of a reply and of a reply to all, and warnings about Reply-To."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId, MessageId
from backend.domain.mail.address import address_key
from backend.domain.mail.kinds import MailKind
from backend.domain.people.actor import Actor
from backend.domain.people.entered_people import bare_address, split_entries, written_person
from backend.domain.people.team import Team
from backend.domain.summaries.mail import ReplyAll
from backend.domain.writing.answering import is_outside, outside_sentence
from backend.store import accounts
from backend.store.messages import participants
from backend.store.models import Message, Participant
from backend.store.workspace_rules import team

REPLY_TO = "reply_to"


@dataclass(frozen=True, kw_only=True)
class Company:
    """What Reply-To is compared with: the conversation's accounts, and which addresses are ours."""

    team: Team = field(default_factory=Team)
    names: tuple[str, ...] = ()
    domains: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class AnswersTo:
    """The recipients of a reply to one message. `outside` says why to look twice."""

    addresses: tuple[str, ...]
    outside: str | None


NOBODY = AnswersTo(addresses=(), outside=None)


def answers_to(
    session: Session, rows: Sequence[Message], people: Mapping[MessageId, Sequence[Participant]]
) -> Mapping[MessageId, AnswersTo]:
    """For each incoming message whose Reply-To names somebody other than its sender."""
    named = {
        row.id: [one.address for one in people.get(row.id, ()) if one.role == REPLY_TO]
        for row in rows
        if not row.outgoing
    }
    if not any(named.values()):
        return {}
    company = _company(session, rows[0].conversation_id)
    found = ((row, _foreign(named.get(row.id, ()), company.team)) for row in rows)
    return {row.id: _answers_to(row, addresses, company) for row, addresses in found if addresses}


def answer_goes_to(session: Session, newest_first: Sequence[Message]) -> AnswersTo:
    """Where a reply goes: to the person who wrote last or whom they named in Reply-To, or where we
    last wrote to. A machine is replied to only where nobody else wrote: it may be a mail server
    that reports.
    """
    theirs = [row for row in newest_first if not row.outgoing and row.sender_address]
    for row in theirs:
        if row.mail_kind == MailKind.HUMAN:
            return _answered(session, row)
    for row in newest_first:
        if row.outgoing:
            people = participants(session, [row.id])
            to = [one.address for one in people.get(row.id, ()) if one.role == "to"]
            return AnswersTo(addresses=tuple(to), outside=None)
    return _answered(session, theirs[0]) if theirs else NOBODY


def reply_all(
    session: Session, actor: Actor, newest_first: Sequence[Message], reply_to: str
) -> ReplyAll | None:
    """To and Cc of a reply to all, or None where those are in `reply_to` already. A colleague stays
    in the field they were in.
    """
    by_people = [row for row in newest_first if row.mail_kind == MailKind.HUMAN]
    last = next(iter(by_people or newest_first), None)
    if last is None:
        return None
    people = participants(session, [last.id]).get(last.id, [])
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


def _answered(session: Session, row: Message) -> AnswersTo:
    people = participants(session, [row.id])
    wrote = AnswersTo(addresses=(row.sender_address,), outside=None)
    return answers_to(session, [row], people).get(row.id, wrote)


def _company(session: Session, conversation_id: ConversationId) -> Company:
    names, domains = accounts.domains_of_conversation(session, conversation_id)
    return Company(team=team(session), names=names, domains=domains)


def _foreign(addresses: Sequence[str], ours: Team) -> tuple[str, ...]:
    return tuple(one for one in addresses if (key := address_key(one)) and not ours.owns(key))


def _answers_to(row: Message, addresses: tuple[str, ...], company: Company) -> AnswersTo:
    sender = address_key(row.sender_address)
    outside = [one for one in addresses if is_outside(address_key(one), sender, company.domains)]
    return AnswersTo(
        addresses=addresses,
        outside=outside_sentence(outside, company.names) if outside else None,
    )
