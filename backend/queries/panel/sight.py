"""The rules' input for an open email that only Gmail has, in one statement.

The capture facts are those of every other path. A card waits for the answer, so the same statement
says whether another mailbox captured the message, and, when nobody on it is known, what to prefill
in the form for a new contact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from backend.domain.capture.directory import Directory
from backend.domain.capture.late_match import COUNTED
from backend.domain.capture.rule import CaptureRules, MessageFacts
from backend.domain.identity import Bearer, identities_of, stored_as
from backend.domain.ids import MessageId
from backend.domain.incoming import Incoming, Where, message_facts, read_as_written
from backend.domain.people.actor import Actor
from backend.domain.people.suggestions import AccountHint
from backend.domain.policies import Policies
from backend.domain.summaries.people import AccountLine
from backend.store.capture_facts import PARTS, CaptureFound, facts_of, given
from backend.store.late_matches import OFFERED
from backend.store.session import Store
from backend.store.statements import BoundStatement, sql, statement
from backend.store.workspace_rules import policies_of

HINTS = 50
LATEST = 10
"""Accounts that match the domains, and accounts last heard from."""


@dataclass(frozen=True, kw_only=True)
class OpenMail:
    """The open email: its mailbox, its message as on every path into the store, and the keys that
    prefill the form for a new contact.

    `domains` and `hashes` are those of the people on it who might become a contact; the ids
    distinguish the message itself from earlier ones.
    """

    where: Where
    incoming: Incoming
    domains: Sequence[str]
    hashes: Sequence[bytes]


@dataclass(frozen=True, kw_only=True)
class Guesses:
    """Accounts that match the domains, accounts last heard from, and how much earlier mail of the
    reader's own mailbox could be captured, by the hash of the address.
    """

    hints: Sequence[AccountHint] = ()
    latest: tuple[AccountLine, ...] = ()
    left_out: Mapping[bytes, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class GuessesFound:
    """The same as it was found, with hashes in hexadecimal digits."""

    hints: tuple[AccountHint, ...]
    latest: tuple[AccountLine, ...]
    left_out: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class SightFound(CaptureFound):
    """What the store knows around an email, as it was found."""

    bearers: tuple[Bearer, ...]
    guesses: GuessesFound | None


SIGHT = statement(sql("sight", Path(__file__).parent, parts=PARTS, offered=OFFERED), SightFound)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the store knows around an email. `message_id` is set when it has the message itself;
    `guesses` are filled only when nobody on it is known.
    """

    message: MessageFacts
    rules: CaptureRules
    policies: Policies
    message_id: MessageId | None
    guesses: Guesses

    @property
    def directory(self) -> Directory:
        """The people behind the addresses."""
        return self.message.directory


def around(store: Store, actor: Actor, mail: OpenMail) -> Known:
    """Everything the rules ask, for the member's own mailbox."""
    found, parsed = store.read(actor.workspace_id, asked(mail)), mail.incoming.fetched.parsed
    facts = facts_of(mail.where, found)
    read_as_written(mail.incoming, facts.rules.team)
    return Known(
        message=message_facts(mail.where, mail.incoming, facts),
        rules=facts.rules,
        policies=policies_of(found),
        message_id=stored_as(parsed, found.bearers),
        guesses=_guesses(found.guesses) if found.guesses else Guesses(),
    )


def asked(mail: OpenMail) -> BoundStatement[SightFound]:
    """The statement with its values."""
    return SIGHT.bind(
        reader=mail.where.member,
        given=given(mail.where, [mail.incoming]),
        gmail_id=mail.incoming.gmail_id,
        keys=sorted(mail.incoming.addresses),
        identities=identities_of(mail.incoming.fetched.parsed),
        rfc_hash=mail.incoming.rfc_hash,
        at=mail.incoming.sent_at.isoformat(),
        domains=mail.domains,
        hashes=mail.hashes,
        hints=HINTS,
        latest=LATEST,
        most=COUNTED + 1,
    )


def _guesses(found: GuessesFound) -> Guesses:
    return Guesses(
        hints=found.hints,
        latest=found.latest,
        left_out={bytes.fromhex(one): number for one, number in found.left_out.items()},
    )
