"""What the rules must be told about an open e-mail that Gmail alone has, in one statement.

Separate from the facts of a batch because a card waits for the answer: the rules, the people behind
the addresses, and whether another mailbox brought the message in. When nobody on it is known, also
what to fill into the form for somebody new, so that the card need not ask again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.domain.actor import Actor
from backend.domain.capture_facts import CaptureRules, MailboxFacts
from backend.domain.ids import AccountId, ContactId, MessageId
from backend.domain.known import Directory, KnownContact
from backend.domain.late_match import COUNTED
from backend.domain.policies import Policies
from backend.domain.suggestions import AccountHint
from backend.domain.summaries.people import AccountLine
from backend.store.capture.rules import RULES, policies_of, rules_of
from backend.store.late_matches import OFFERED
from backend.store.session import Store
from backend.store.statements import Asked, Statement

HINTS = 50
LATEST = 10
"""Accounts that fit the domains, and accounts last heard from."""

SIGHT = Statement(
    f"""
WITH people AS MATERIALIZED (
  SELECT k.key, c.id, c.created_at, c.assigned_to
    FROM contact_addresses k JOIN contacts c ON c.id = k.contact_id WHERE k.key = ANY(%(keys)s)
)
SELECT json_build_object(
  {RULES},
  'message_id', (SELECT m.id FROM messages m WHERE m.identity = %(identity)s),
  'contacts', (
    SELECT json_agg(json_build_object('key', k.key, 'id', k.id, 'created_at', k.created_at,
             'assigned_to', k.assigned_to,
             'accounts', (SELECT json_agg(x.account_id ORDER BY x.account_id)
                            FROM account_contacts x WHERE x.contact_id = k.id))
             ORDER BY k.id)
      FROM people k),
  'guesses', CASE WHEN NOT EXISTS (SELECT FROM people) THEN json_build_object(
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
                    AND p.person_hash = h AND p.gmail_id <> %(gmail_id)s
                    AND (d.rfc_hash = %(rfc_hash)s) IS NOT TRUE
                  LIMIT %(most)s) x))
        FROM unnest(CAST(%(hashes)s AS bytea[])) AS h)
  ) END
)
""".replace(":owner", "%(owner)s")  # noqa: S608 - only our own text
)


@dataclass(frozen=True, kw_only=True)
class OpenMail:
    """What the open mail is looked up by.

    `domains` and `hashes` are those of the people on it who might become a contact; the ids tell
    the mail itself from earlier ones.
    """

    gmail_id: str
    keys: Sequence[str]
    identity: bytes | None
    rfc_hash: bytes | None
    domains: Sequence[str]
    hashes: Sequence[bytes]


@dataclass(frozen=True, kw_only=True)
class Guesses:
    """Accounts that fit the domains, accounts last heard from, and how much earlier mail could be
    brought in, by the hash of the address.
    """

    hints: Sequence[AccountHint] = ()
    latest: tuple[AccountLine, ...] = ()
    left_out: Mapping[bytes, int]


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the store knows around an e-mail. `message_id` is set when it has the mail itself; there
    is something in `guesses` only when nobody on it is known.
    """

    rules: CaptureRules
    policies: Policies
    directory: Directory
    message_id: MessageId | None
    guesses: Guesses


def around(store: Store, actor: Actor, mail: OpenMail) -> Known:
    """Everything the rules ask, for the member's own mailbox."""
    (found,) = store.read(actor.workspace_id, asked(actor, mail))
    return Known(
        rules=rules_of(found, MailboxFacts(owner=actor.member_id)),
        policies=policies_of(found),
        directory=_directory(found["contacts"] or ()),
        message_id=found["message_id"],
        guesses=_guesses(found["guesses"] or {}),
    )


def asked(actor: Actor, mail: OpenMail) -> Asked:
    """The statement with its values."""
    values = {
        "owner": actor.member_id,
        "gmail_id": mail.gmail_id,
        "keys": sorted(set(mail.keys)),
        "identity": mail.identity,
        "rfc_hash": mail.rfc_hash,
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


def _directory(rows: Sequence[Mapping[str, Any]]) -> Directory:
    contacts: dict[str, list[KnownContact]] = {}
    for row in rows:
        known = KnownContact(
            contact_id=ContactId(row["id"]),
            created_at=datetime.fromisoformat(row["created_at"]),
            accounts=tuple(AccountId(one) for one in row["accounts"] or ()),
            assigned_to=row["assigned_to"],
        )
        contacts.setdefault(row["key"], []).append(known)
    return Directory(contacts=contacts)
