"""Decides which ids may tie a message to others, and whether a tie holds.

Separate from `references`, which writes ids: form mailers, printers and broken programs put one id
on every message, or an address in its place, and that must not join two customers in one
conversation. So an id has to be a real one, and the message it leads to must share a person besides
us.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from backend.domain.capture.participants import ContactOn
from backend.domain.mail.address import domain_of, is_role_address
from backend.domain.mail.domains import company_domains
from backend.domain.mail.envelope import Envelope
from backend.domain.mail.message import ParsedMessage
from backend.domain.people.team import Team

_UNFILLED = re.compile(r"\{\{|\}\}|%%|\$\{|\[%|%\]")
_NO_LEFT = frozenset({"null", "undefined", "none", "nil", "nan", "unknown", "message-id"})


class Tie(StrEnum):
    """What leads from a message to a conversation.

    CITED: one of them cites the other, and both are here. GHOST: both cite a message nobody has,
    which may be a constant. THREAD: Gmail put them into one thread of a mailbox.
    """

    CITED = "cited"
    GHOST = "ghost"
    THREAD = "thread"


@dataclass(frozen=True, slots=True)
class Party:
    """The people on a message besides us, as address keys and contacts.

    `addressed` are the recipients, or whom replies go to. `stand_ins` wrote on behalf of the person
    in Reply-To: a contact form, a ticket system. They tie two messages only when one was sent to
    them.
    """

    keys: frozenset[str] = frozenset()
    contacts: frozenset[int] = frozenset()
    addressed: frozenset[str] = frozenset()
    stand_ins: frozenset[str] = frozenset()

    def __or__(self, other: "Party") -> "Party":
        """Everybody on either."""
        return Party(
            keys=self.keys | other.keys,
            contacts=self.contacts | other.contacts,
            addressed=self.addressed | other.addressed,
        )


@dataclass(frozen=True, slots=True)
class Ties:
    """What may tie a message to others. `cited` has the message it replies to first, then earlier
    ones.
    """

    own: str | None
    cited: tuple[str, ...]
    party: Party


def ties_of(
    message: ParsedMessage, envelope: Envelope, contacts: Iterable[ContactOn], team: Team
) -> Ties:
    """The real ids of a mail and the people on it besides us."""
    answers = [one.key for one in message.answers_go_to]
    addresses = {*(key for _, key in envelope), *answers}
    asked = [message.message_id or "", *message.in_reply_to, *reversed(message.references)]
    real = dict.fromkeys(
        one for one in asked if is_real(one) and not _is_address(one, addresses, team)
    )
    own = message.message_id if message.message_id in real else None
    party = _party(envelope, answers, contacts, team)
    return Ties(own, tuple(one for one in real if one != message.message_id), party)


def is_real(rfc_id: str) -> bool:
    """Whether this can be the id of one mail alone: something on both sides, and filled in.

    >>> [is_real(one) for one in ("a1@x", "a1", "@x", "a1@", "0@x", "null@x", "{{id}}@x")]
    [True, False, False, False, False, False, False]
    """
    left, _, right = rfc_id.rpartition("@")
    named = left.lower().strip('".')
    return (
        any(map(str.isalnum, named.replace("0", "")))
        and any(map(str.isalnum, right))
        and named not in _NO_LEFT
        and not _UNFILLED.search(rfc_id)
    )


def holds(tie: Tie, mail: Party, others: Party) -> bool:
    """Whether the message belongs to these others.

    A colleague at the same company may reply for the person written to, where one message certainly
    cites the other. Messages with nobody but us mix no customers, so there the ids suffice.
    """
    if not (mail.keys and others.keys):
        return tie is not Tie.GHOST
    people = mail.keys - (mail.stand_ins - others.addressed)
    if people & others.keys or mail.contacts & others.contacts:
        return True
    return tie is not Tie.GHOST and bool(_companies(people) & _companies(others.keys))


def _party(
    envelope: Envelope, answers: Iterable[str], contacts: Iterable[ContactOn], team: Team
) -> Party:
    foreign = {key for _, key in envelope if not team.owns(key)}
    replies = frozenset(key for key in answers if not team.owns(key))
    written = frozenset(chain(envelope.to, envelope.cc, envelope.bcc)) & foreign
    stands_in = replies and envelope.sender not in replies and envelope.sender not in written
    stand_ins = frozenset({envelope.sender or ""} if stands_in else ())
    return Party(
        keys=frozenset(foreign | replies),
        contacts=frozenset(on.contact_id for on in contacts if on.address not in stand_ins),
        addressed=written | replies,
        stand_ins=stand_ins,
    )


def _is_address(rfc_id: str, addresses: set[str], team: Team) -> bool:
    """Whether it is an address of somebody on the mail, or of ours."""
    key = rfc_id.lower()
    if key in addresses or key in team.shared or team.member(key) is not None:
        return True
    return is_role_address(key) and team.owns(key)


def _companies(keys: Iterable[str]) -> set[str]:
    names = (company_domains(domain_of(key)) for key in keys)
    return {found[-1] for found in names if found}
