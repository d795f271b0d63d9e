"""What the rules must be told about an open e-mail that Gmail alone has, in one statement.

Separate from the facts of a batch because a card waits for the answer: the rules, the people behind
the addresses, and whether another mailbox brought the message in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.domain.actor import Actor
from backend.domain.capture_facts import CaptureRules, MailboxFacts
from backend.domain.ids import AccountId, ContactId, MessageId
from backend.domain.known import Directory, KnownContact
from backend.domain.policies import Policies
from backend.domain.suggestions import AccountHint
from backend.domain.summaries.people import AccountLine
from backend.store.capture.rules import RULES, policies_of, rules_of
from backend.store.session import Store
from backend.store.statements import Statement

SIGHT = Statement(
    f"""
SELECT json_build_object(
  {RULES},
  'message_id', (SELECT m.id FROM messages m WHERE m.identity = %(identity)s),
  'contacts', (
    SELECT json_agg(json_build_object('key', k.key, 'id', c.id, 'created_at', c.created_at,
             'assigned_to', c.assigned_to,
             'accounts', (SELECT json_agg(x.account_id ORDER BY x.account_id)
                            FROM account_contacts x WHERE x.contact_id = c.id))
             ORDER BY c.id)
      FROM contact_addresses k JOIN contacts c ON c.id = k.contact_id WHERE k.key = ANY(%(keys)s))
)
""".replace(":owner", "%(owner)s")  # noqa: S608 - only our own text
)
# Of the decisions only the newest are looked through: the first import and some weeks. The index on
# hashes cannot help, because Postgres does not know its operator for one that cannot leak.
GUESSES = Statement("""
SELECT json_build_object(
  'hints', (
    SELECT json_agg(json_build_array(x.id, x.name, x.domain)) FROM (
      SELECT a.id, a.name, a.domain FROM accounts a WHERE a.domain = ANY(%(domains)s)
       ORDER BY length(a.domain) DESC, a.id LIMIT 10) x),
  'latest', (
    SELECT json_agg(json_build_array(x.id, x.name)) FROM (
      SELECT a.id, a.name FROM accounts a
       ORDER BY CASE WHEN a.last_interaction_at IS NULL THEN '-infinity'
                     ELSE a.last_interaction_at END DESC, a.id DESC LIMIT %(latest)s) x),
  'left_out', (
    SELECT count(*) FROM (
      SELECT d.people_hashes, d.outcome, d.gmail_id FROM decisions d
       WHERE d.mailbox_id = (SELECT id FROM mailboxes
                              WHERE owner_id = %(member_id)s ORDER BY id LIMIT 1)
       ORDER BY d.gmail_id DESC LIMIT %(newest)s) x
     WHERE x.people_hashes @> ARRAY[CAST(%(hashed)s AS bytea)] AND x.outcome = 'skipped'
       AND x.gmail_id <> %(but)s)
)
""")
NEWEST_DECISIONS = 2000


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the store knows around an e-mail. `message_id` is set when it has the mail itself."""

    rules: CaptureRules
    policies: Policies
    directory: Directory
    message_id: MessageId | None


@dataclass(frozen=True, kw_only=True)
class Stranger:
    """Whom to guess about. `but` is the Gmail id of the open mail itself."""

    domains: Sequence[str]
    hashed: bytes
    but: str


@dataclass(frozen=True, kw_only=True)
class Guesses:
    """Accounts that fit the domain, accounts last heard from, and mails that were left out."""

    hints: Sequence[AccountHint]
    latest: tuple[AccountLine, ...]
    left_out: int


def around(store: Store, actor: Actor, keys: Sequence[str], identity: bytes | None) -> Known:
    """Everything the rules ask, for the member's own mailbox."""
    values = {"owner": actor.member_id, "keys": sorted(set(keys)), "identity": identity}
    (found,) = store.read(actor.workspace_id, (SIGHT, values))
    return Known(
        rules=rules_of(found, MailboxFacts(owner=actor.member_id)),
        policies=policies_of(found),
        directory=_directory(found["contacts"] or ()),
        message_id=found["message_id"],
    )


def guesses(store: Store, actor: Actor, stranger: Stranger, *, accounts: int) -> Guesses:
    """What to fill into the form for somebody unknown."""
    values = {
        "member_id": actor.member_id,
        "domains": list(stranger.domains),
        "hashed": stranger.hashed,
        "but": stranger.but,
        "latest": accounts,
        "newest": NEWEST_DECISIONS,
    }
    (found,) = store.read(actor.workspace_id, (GUESSES, values))
    return Guesses(
        hints=[AccountHint(AccountId(i), name, domain) for i, name, domain in found["hints"] or ()],
        latest=tuple(AccountLine(id=AccountId(i), name=name) for i, name in found["latest"] or ()),
        left_out=found["left_out"],
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
