"""Everything the rules ask about a batch, in one statement: the workspace's rules, and what is
known of the messages' people and threads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.domain.capture_facts import CaptureRules, MailboxFacts
from backend.domain.ids import AccountId, ContactId, MemberId
from backend.domain.known import Directory, KnownContact
from backend.domain.policies import Capture, MailboxKind
from backend.domain.reasons import Reason
from backend.errors import NotFound
from backend.store.asking import as_json
from backend.store.capture.place import Place
from backend.store.capture.reading import Read
from backend.store.capture.rules import RULES, rules_of
from backend.store.statements import Asked, Statement

BY_INDEX = Statement(
    "SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)"
)
"""For the rest of the transaction, references that Postgres checks included. Plans are kept, and
one that was made while a table was nearly empty would read it from end to end when it is full.
"""

GIVEN = "CAST(%(given)s AS json)"
HERE = f"CAST({GIVEN}->>'mailbox' AS bigint)"


def listed(name: str) -> str:
    """A list among what was given, as an array that an index is good for."""
    return f"ARRAY(SELECT json_array_elements_text({GIVEN}->'{name}'))"


def listed_bytes(name: str) -> str:
    """The same for bytes, which JSON holds in hexadecimal."""
    return f"ARRAY(SELECT decode(x, 'hex') FROM json_array_elements_text({GIVEN}->'{name}') x)"  # noqa: S608


# The parts stand alone, so that Postgres leaves out those that were given nothing.
FACTS = Statement(
    f"""
SELECT json_build_object(
  {RULES.replace(":owner", f"(SELECT owner_id FROM mailboxes WHERE id = {HERE})")},
  'mailbox', (
    SELECT json_build_array(b.kind, b.capture, b.owner_id) FROM mailboxes b WHERE b.id = {HERE}),
  'contacts', (
    SELECT json_agg(json_build_array(k.key, c.id, c.created_at, c.assigned_to, (
             SELECT json_agg(x.account_id ORDER BY x.account_id)
               FROM account_contacts x WHERE x.contact_id = c.id)) ORDER BY c.id)
      FROM contact_addresses k JOIN contacts c ON c.id = k.contact_id
     WHERE k.key = ANY({listed("keys")})),
  'sends', (
    SELECT json_agg(p.id) FROM pending_messages p
     WHERE p.id = ANY(CAST({listed("sends")} AS uuid[]))),
  'reported', (
    SELECT json_object_agg(m.rfc_id, m.id) FROM messages m
     WHERE m.rfc_id = ANY({listed("reported")}) AND m.outgoing),
  'threads', (
    SELECT json_agg(g.thread_id)
      FROM gmail_threads g JOIN conversations v ON v.id = g.conversation_id
     WHERE g.mailbox_id = {HERE} AND g.thread_id = ANY({listed("threads")})
       AND v.followed_at IS NOT NULL),
  'cited', (
    SELECT json_agg(t.rfc_id)
      FROM thread_ids t JOIN conversations v ON v.id = t.conversation_id
     WHERE t.rfc_id = ANY({listed("cited")}) AND v.followed_at IS NOT NULL),
  'removed', (
    SELECT json_agg(encode(m.identity, 'hex'))
      FROM messages m JOIN log_entries l ON l.message_id = m.id
     WHERE m.identity = ANY({listed_bytes("identities")}) AND l.removed_at IS NOT NULL),
  'unlogged', (
    SELECT json_agg(encode(d.rfc_hash, 'hex')) FROM decisions d
     WHERE d.rfc_hash = ANY({listed_bytes("hashes")}) AND d.reason = '{Reason.UNLOGGED.value}'),
  'earlier', (
    SELECT json_object_agg(d.gmail_id, json_strip_nulls(json_build_object(
             'outcome', d.outcome, 'reason', d.reason, 'rule', d.rule, 'path', d.path,
             'deciding_hash', encode(d.deciding_hash, 'hex'), 'mailbox_id', d.mailbox_id,
             'gmail_id', d.gmail_id, 'decided_at', d.decided_at)))
      FROM decisions d
     WHERE d.mailbox_id = {HERE} AND d.gmail_id = ANY({listed("clicked")}))
)
"""  # noqa: S608 - only our own text is put together
)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known around the messages of a batch.

    `sends` are ids of our own pending mail; `reported` our messages by Message-ID, on which a
    bounce may report; `threads` and `cited` lead to conversations that somebody follows. A person
    took `removed` messages out, by identity, and `unlogged` ones back, by the hash of their
    Message-ID. `earlier` has the decisions on clicked messages, by Gmail id.
    """

    rules: CaptureRules
    directory: Directory
    sends: frozenset[UUID]
    reported: Mapping[str, int]
    threads: frozenset[str]
    cited: frozenset[str]
    removed: frozenset[bytes]
    unlogged: frozenset[bytes]
    earlier: Mapping[str, Mapping[str, str | int]]


def questions(place: Place, read: Sequence[Read]) -> tuple[Asked, Asked]:
    """What to ask for this batch. The last answer holds the facts."""
    given = {
        "mailbox": place.mailbox_id,
        "keys": sorted({key for one in read for _, key in one.envelope}),
        "sends": [str(one.send_id) for one in read if one.send_id],
        "reported": [one.reported for one in read if one.reported],
        "threads": sorted({one.fetched.thread_id for one in read}),
        "cited": sorted({key for one in read for key in one.cites}),
        "identities": [one.identity.hex() for one in read],
        "hashes": [one.rfc_hash.hex() for one in read if one.rfc_hash],
        "clicked": [one.fetched.gmail_id for one in read] if place.clicked else [],
    }
    return (BY_INDEX, {}), (FACTS, {"given": as_json(given)})


def facts_of(found: Mapping[str, Any]) -> Facts:
    """The facts among what was found. Raises NotFound when the mailbox is gone."""
    if found["mailbox"] is None:
        raise NotFound("This mailbox is not in your workspace.")
    kind, captures, owner_id = found["mailbox"]
    owner = MemberId(owner_id) if owner_id is not None else None
    return Facts(
        rules=rules_of(found, MailboxFacts(MailboxKind(kind), Capture(captures), owner)),
        directory=directory_of(found["contacts"] or ()),
        sends=frozenset(UUID(one) for one in found["sends"] or ()),
        reported=found["reported"] or {},
        threads=frozenset(found["threads"] or ()),
        cited=frozenset(found["cited"] or ()),
        removed=frozenset(bytes.fromhex(one) for one in found["removed"] or ()),
        unlogged=frozenset(bytes.fromhex(one) for one in found["unlogged"] or ()),
        earlier=found["earlier"] or {},
    )


def directory_of(rows: Sequence[Sequence[Any]]) -> Directory:
    """The contacts behind the addresses, with their accounts."""
    contacts: dict[str, list[KnownContact]] = {}
    for key, contact_id, created_at, assigned_to, account_ids in rows:
        known = KnownContact(
            contact_id=ContactId(contact_id),
            created_at=datetime.fromisoformat(created_at),
            accounts=tuple(AccountId(one) for one in account_ids or ()),
            assigned_to=MemberId(assigned_to) if assigned_to is not None else None,
        )
        contacts.setdefault(key, []).append(known)
    return Directory(contacts=contacts)
