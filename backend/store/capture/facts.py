"""The one gatherer of capture facts: what the rules ask about messages, in one statement.

Sync, import, audit, a click and the card beside an open e-mail all gather here, so that none of
them can ask the capture rule with other facts than the rest. It reads, and decides nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.domain.capture.directory import Directory, KnownAccount, KnownContact
from backend.domain.capture.rule import Asked as Wish
from backend.domain.capture.rule import CaptureRules, Follow, MailboxFacts, MessageFacts, author_of
from backend.domain.customers.account_traits import DOMAIN
from backend.domain.ids import AccountId, ContactId, MemberId, MessageId, PendingId
from backend.domain.mail.address import domain_of
from backend.domain.mail.domains import company_domains
from backend.domain.people.team import Team
from backend.domain.policies import Capture, MailboxKind
from backend.domain.reasons import Reason
from backend.errors import NotFound
from backend.store.asking import as_json
from backend.store.capture.place import NO_MAILBOX, Place
from backend.store.capture.reading import Read, report_key
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


OWNER = f"""(SELECT coalesce((SELECT owner_id FROM mailboxes WHERE id = {HERE}),
                    CAST({GIVEN}->>'member' AS bigint)))"""  # noqa: S608
TRAIT = "(SELECT p.value FROM policies p WHERE p.name = 'match.by_domain')"
"""The trait that holds the accounts' domains (D-18); nothing while only addresses match."""

# The parts stand alone, so that Postgres leaves out those that were given nothing.
PARTS = f"""
  {RULES.replace(":owner", OWNER)},
  'mailbox', (
    SELECT json_build_array(b.kind, b.capture, b.owner_id) FROM mailboxes b WHERE b.id = {HERE}),
  'contacts', (
    SELECT json_agg(json_build_array(k.key, c.id, c.created_at, c.assigned_to, (
             SELECT json_agg(x.account_id ORDER BY x.account_id)
               FROM account_contacts x WHERE x.contact_id = c.id)) ORDER BY c.id)
      FROM contact_addresses k JOIN contacts c ON c.id = k.contact_id
     WHERE k.key = ANY({listed("keys")})),
  'accounts', (
    SELECT json_agg(json_build_array(x.domain, x.id, x.created_at) ORDER BY x.id) FROM (
      SELECT a.domain, a.id, a.created_at FROM accounts a
       WHERE a.domain = ANY({listed("domains")}) AND {TRAIT} = '{DOMAIN}'
       UNION ALL
      SELECT d.domain, a.id, a.created_at
        FROM account_trait_domains d JOIN accounts a ON a.id = d.account_id
       WHERE d.domain = ANY({listed("domains")})
         AND d.trait_id = (SELECT t.id FROM account_traits t WHERE t.name = {TRAIT})) x),
  'sends', (
    SELECT json_agg(p.id) FROM pending_messages p
     WHERE p.id = ANY(CAST({listed("sends")} AS uuid[]))),
  'reported', (
    SELECT json_object_agg(m.rfc_id, m.id) FROM messages m
     WHERE m.rfc_id = ANY({listed("reported")})
       AND EXISTS (SELECT FROM message_copies c
                    WHERE c.message_id = m.id AND 'SENT' = ANY(c.labels))),
  'reported_sends', (
    SELECT json_object_agg(p.id, (SELECT m.rfc_id FROM messages m WHERE m.id = p.sent_message_id))
      FROM pending_messages p
     WHERE p.id = ANY(CAST({listed("reported_sends")} AS uuid[])) AND p.attempts > 0),
  'awaited', EXISTS (
    SELECT FROM left_out_people x WHERE x.person_hash = ANY({listed_bytes("left")})),
  'failing', (
    SELECT json_agg(b.key) FROM bounces b WHERE b.key = ANY({listed("writers")})),
  'threads', (
    SELECT json_agg(g.thread_id)
      FROM gmail_threads g JOIN conversations v ON v.id = g.conversation_id
     WHERE g.mailbox_id = {HERE} AND g.thread_id = ANY({listed("threads")})
       AND v.followed_at IS NOT NULL),
  'cited', (
    SELECT json_agg(t.rfc_id)
      FROM thread_ids t JOIN conversations v ON v.id = t.conversation_id
     WHERE t.rfc_id = ANY({listed("cited")}) AND v.followed_at IS NOT NULL
       AND EXISTS (SELECT FROM messages m
                    WHERE m.rfc_id = t.rfc_id AND m.conversation_id = v.id OFFSET 0)),
  'removed', (
    SELECT json_agg(encode(m.identity, 'hex'))
      FROM messages m
     WHERE m.identity = ANY({listed_bytes("identities")}) AND EXISTS (
       SELECT FROM log_entries l
        WHERE l.message_id = m.id AND l.removed_at IS NOT NULL OFFSET 0)),
  'unlogged', (
    SELECT json_agg(encode(d.rfc_hash, 'hex')) FROM decisions d
     WHERE d.rfc_hash = ANY({listed_bytes("hashes")}) AND d.reason = '{Reason.UNLOGGED}'),
  'earlier', (
    SELECT json_object_agg(d.gmail_id, json_strip_nulls(json_build_object(
             'outcome', d.outcome, 'reason', d.reason, 'rule', d.rule, 'path', d.path,
             'deciding_hash', encode(d.deciding_hash, 'hex'), 'mailbox_id', d.mailbox_id,
             'gmail_id', d.gmail_id, 'decided_at', d.decided_at)))
      FROM decisions d
     WHERE d.mailbox_id = {HERE} AND d.gmail_id = ANY({listed("clicked")}))
"""  # noqa: S608 - only our own text is put together
"""What a statement that asks for more can contain. It takes what `given` makes."""

FACTS = Statement(f"SELECT json_build_object({PARTS})")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known around the messages of a batch.

    `sends` are ids of our own pending mail. What a report may be about: `reported` has messages
    that left one of our mailboxes, by Message-ID, and `reported_sends` pending mail that was
    posted, with its Message-ID where that is known. `awaited` says that a report on mail of this
    batch came before it and was left out; `failing` are writers whose address failed. `threads` and
    `cited`, ids of mails that are here, lead to conversations that somebody follows. A person took
    `removed` messages out, by identity, and `unlogged` ones back, by the hash of their Message-ID.
    `earlier` has the decisions on clicked messages, by Gmail id.
    """

    rules: CaptureRules
    directory: Directory
    sends: frozenset[UUID]
    reported: Mapping[str, int]
    reported_sends: Mapping[UUID, str | None]
    awaited: bool
    failing: frozenset[str]
    threads: frozenset[str]
    cited: frozenset[str]
    removed: frozenset[bytes]
    unlogged: frozenset[bytes]
    earlier: Mapping[str, Mapping[str, str | int]]


def questions(place: Place, read: Sequence[Read]) -> tuple[Asked, Asked]:
    """What to ask for this batch. The last answer holds the facts."""
    return (BY_INDEX, {}), (FACTS, {"given": given(place, read)})


def given(place: Place, read: Sequence[Read]) -> str:
    """What the facts are looked up by."""
    keys = {key for one in read for key in one.keys}
    looked_up = {
        "mailbox": place.mailbox_id,
        "member": place.member,
        "keys": sorted(keys),
        "domains": sorted({name for key in keys for name in company_domains(domain_of(key))}),
        "sends": [str(one.send_id) for one in read if one.send_id],
        "reported": [key for one in read if one.report and (key := one.report.message_id)],
        "reported_sends": [
            str(one.report.send_id) for one in read if one.report and one.report.send_id
        ],
        "left": [place.keyed_hash.of(place.workspace_id, key).hex() for key in reports_on(read)],
        "writers": [key for one in read if (key := one.envelope.sender)],
        "threads": sorted({one.fetched.thread_id for one in read}),
        "cited": sorted({key for one in read for key in one.cites}),
        "identities": [one.identity.hex() for one in read],
        "hashes": [one.rfc_hash.hex() for one in read if one.rfc_hash],
        "clicked": [one.fetched.gmail_id for one in read] if place.clicked else [],
    }
    return as_json(looked_up)


def reports_on(read: Sequence[Read]) -> list[str]:
    """Under what reports on these messages were left out, where they left a mailbox of ours."""
    return [report_key(one.fetched.parsed.message_id) for one in read if one.left]


def facts_of(place: Place, found: Mapping[str, Any]) -> Facts:
    """The facts among what was found. Raises NotFound when the mailbox is gone."""
    rules = rules_of(found, mailbox_of(place, found["mailbox"]))
    return Facts(
        rules=rules,
        directory=Directory(
            contacts=contacts_of(found["contacts"] or ()),
            accounts=accounts_of(found["accounts"] or (), rules.team),
        ),
        sends=frozenset(UUID(one) for one in found["sends"] or ()),
        reported=found["reported"] or {},
        reported_sends={UUID(one): rfc for one, rfc in (found["reported_sends"] or {}).items()},
        awaited=found["awaited"],
        failing=frozenset(found["failing"] or ()),
        threads=frozenset(found["threads"] or ()),
        cited=frozenset(found["cited"] or ()),
        removed=frozenset(bytes.fromhex(one) for one in found["removed"] or ()),
        unlogged=frozenset(bytes.fromhex(one) for one in found["unlogged"] or ()),
        earlier=found["earlier"] or {},
    )


def about(place: Place, read: Read, facts: Facts) -> MessageFacts:
    """What the rule is told about one message."""
    fetched, ours = read.fetched, read.send_id
    follows = fetched.thread_id in facts.threads or not facts.cited.isdisjoint(read.cites)
    was_removed = read.identity in facts.removed or read.rfc_hash in facts.unlogged
    return MessageFacts(
        envelope=read.envelope,
        subject=fetched.parsed.subject,
        directory=facts.directory,
        labels=fetched.label_ids,
        author=author_of(read.kind),
        send_id=ours if ours in facts.sends else None,
        is_report=read.report is not None,
        reports_on=told_of(read, facts),
        follow=Follow.REPLIES if follows else Follow.NO,
        asked=wish(place, was_removed=was_removed),
    )


def wish(place: Place, *, was_removed: bool) -> Wish:
    """What a person said: now, by this click, or earlier, by taking the message out."""
    if place.asked is not Wish.NOTHING:
        return place.asked
    return Wish.TAKE_OUT if was_removed else Wish.NOTHING


def mailbox_of(place: Place, row: Sequence[Any] | None) -> MailboxFacts:
    """The mailbox; a member's own as it would be, where they have none yet."""
    if row is None and place.mailbox_id != NO_MAILBOX:
        raise NotFound("This mailbox is not in your workspace.")
    if row is None:
        return MailboxFacts(owner=place.member)
    kind, captures, owner_id = row
    owner = MemberId(owner_id) if owner_id is not None else None
    return MailboxFacts(MailboxKind(kind), Capture(captures), owner)


def contacts_of(rows: Sequence[Sequence[Any]]) -> Mapping[str, Sequence[KnownContact]]:
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
    return contacts


def accounts_of(rows: Sequence[Sequence[Any]], team: Team) -> Mapping[str, Sequence[KnownAccount]]:
    """The accounts behind the domains. Our own domains name no customer, whatever was entered."""
    accounts: dict[str, list[KnownAccount]] = {}
    for domain, account_id, created_at in rows:
        if domain not in team.domains:
            known = KnownAccount(AccountId(account_id), datetime.fromisoformat(created_at))
            accounts.setdefault(domain, []).append(known)
    return accounts


def told_of(read: Read, facts: Facts) -> MessageId | PendingId | None:
    """The mail of ours that it reports on, as far as that is known: its send id says it best."""
    report = read.report
    if report is None:
        return None
    if report.send_id in facts.reported_sends:
        return report.send_id
    found = facts.reported.get(report.message_id or "")
    return MessageId(found) if found is not None else None
