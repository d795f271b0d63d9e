"""The rules' input for an open email that only Gmail has, in one statement.

The capture facts are those of every other path. A card waits for the answer, so the same statement
says whether another mailbox captured the message, and, when nobody on it is known, what to prefill
in the form for a new contact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.domain.capture.directory import Directory
from backend.domain.capture.late_match import COUNTED
from backend.domain.capture.rule import CaptureRules, MessageFacts
from backend.domain.ids import AccountId, MessageId
from backend.domain.incoming import Incoming, Where, message_facts, read_as_written
from backend.domain.people.actor import Actor
from backend.domain.people.suggestions import AccountHint
from backend.domain.policies import Policies
from backend.domain.summaries.people import AccountLine
from backend.store.capture_facts import PARTS, facts_of, given
from backend.store.late_matches import OFFERED
from backend.store.session import Store
from backend.store.statements import Asked, Statement
from backend.store.workspace_rules import policies_of

HINTS = 50
LATEST = 10
"""Accounts that match the domains, and accounts last heard from."""

SIGHT = Statement(
    f"""
SELECT json_build_object(
  {PARTS},
  'message_id', (SELECT m.id FROM messages m WHERE m.identity = %(identity)s),
  'guesses', CASE WHEN NOT EXISTS (
    SELECT FROM contact_addresses k WHERE k.key = ANY(%(keys)s)) THEN json_build_object(
    'hints', (
      SELECT json_agg(json_build_array(x.id, x.name, x.domain)) FROM (
        SELECT a.id, a.name, a.domain FROM accounts a WHERE a.domain = ANY(%(domains)s)
         ORDER BY length(a.domain) DESC, a.id LIMIT %(hints)s) x),
    'latest', (
      SELECT json_agg(json_build_array(x.id, x.name)) FROM (
        SELECT a.id, a.name FROM accounts a
         ORDER BY CASE WHEN a.last_interaction_at IS NULL THEN '-infinity'
                       ELSE a.last_interaction_at END DESC, a.id DESC LIMIT %(latest)s) x),
    'left_out', (
      SELECT json_object_agg(encode(h, 'hex'), (
               SELECT count(*) FROM (
                 SELECT {OFFERED}
                    AND m.owner_id = %(reader)s
                    AND p.person_hash = h AND p.gmail_id <> %(gmail_id)s
                    AND (d.rfc_hash = %(rfc_hash)s) IS NOT TRUE
                  LIMIT %(most)s) x))
        FROM unnest(CAST(%(hashes)s AS bytea[])) AS h)
  ) END
)
"""  # noqa: S608 - only our own text
)


@dataclass(frozen=True, kw_only=True)
class OpenMail:
    """The open email: its mailbox, its message as on every path into the store, and the keys that
    prefill the form for a new contact.

    `domains` and `hashes` are those of the people on it who might become a contact; the ids
    distinguish the message itself from earlier ones.
    """

    where: Where
    incoming: Incoming
    identity: bytes | None
    domains: Sequence[str]
    hashes: Sequence[bytes]


@dataclass(frozen=True, kw_only=True)
class Guesses:
    """Accounts that match the domains, accounts last heard from, and how much earlier mail of the
    reader's own mailbox could be captured, by the hash of the address.
    """

    hints: Sequence[AccountHint] = ()
    latest: tuple[AccountLine, ...] = ()
    left_out: Mapping[bytes, int]


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
    """The rules' input for the member's own mailbox."""
    (found,) = store.read(actor.workspace_id, asked(mail))
    facts = facts_of(mail.where, found)
    read_as_written(mail.incoming, facts.rules.team)
    return Known(
        message=message_facts(mail.where, mail.incoming, facts),
        rules=facts.rules,
        policies=policies_of(found),
        message_id=found["message_id"],
        guesses=_guesses(found["guesses"] or {}),
    )


def asked(mail: OpenMail) -> Asked:
    """The statement with its values."""
    values = {
        "reader": mail.where.member,
        "given": given(mail.where, [mail.incoming]),
        "gmail_id": mail.incoming.gmail_id,
        "keys": sorted(mail.incoming.addresses),
        "identity": mail.identity,
        "rfc_hash": mail.incoming.rfc_hash,
        "domains": mail.domains,
        "hashes": mail.hashes,
        "hints": HINTS,
        "latest": LATEST,
        "most": COUNTED + 1,
    }
    return SIGHT, values


def _guesses(found: Mapping[str, Any]) -> Guesses:
    hints, latest = found.get("hints") or (), found.get("latest") or ()
    left_out = found.get("left_out") or {}
    return Guesses(
        hints=[AccountHint(AccountId(i), name, domain) for i, name, domain in hints],
        latest=tuple(AccountLine(id=AccountId(i), name=name) for i, name in latest),
        left_out={bytes.fromhex(one): number for one, number in left_out.items()},
    )
