"""The facts around incoming mail: the two queries of every path, each one statement.

`gather` reads the capture rule's input; sync, import, audit, a click and the card beside an open
email all call it. `look_behind_lock` reads what filing may join. Both read, and decide nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.domain.capture.directory import Directory, KnownAccount, KnownContact
from backend.domain.capture.rule import MailboxFacts
from backend.domain.customers.account_traits import DOMAIN
from backend.domain.ids import (
    AccountId,
    ContactId,
    ConversationId,
    MemberId,
    MessageId,
    WorkspaceId,
)
from backend.domain.incoming import NO_MAILBOX, CaptureFacts, Incoming, Where, report_key
from backend.domain.mail.address import address_key, domain_of
from backend.domain.mail.domains import company_domains
from backend.domain.people.team import Team
from backend.domain.policies import Capture, MailboxKind
from backend.domain.reasons import Reason
from backend.domain.threads.placing import FilingFacts
from backend.domain.threads.ties import Party
from backend.errors import NotFound
from backend.store.asking import as_json, fetch_values
from backend.store.statements import Asked, Statement, sql
from backend.store.workspace_rules import RULES, rules_of

BY_INDEX = Statement(
    "SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)"
)
"""For the rest of the transaction, including Postgres's reference checks. Plans are cached, and one
made while a table was nearly empty would scan it in full later.
"""

GIVEN = "CAST(%(given)s AS json)"
HERE = f"CAST({GIVEN}->>'mailbox' AS bigint)"
OWNER = f"""(SELECT coalesce((SELECT owner_id FROM mailboxes WHERE id = {HERE}),
                    CAST({GIVEN}->>'member' AS bigint)))"""  # noqa: S608
TRAIT = "(SELECT p.value FROM policies p WHERE p.name = 'match.by_domain')"
"""The trait that holds the accounts' domains (D-18); NULL while only addresses match."""

PARTS = f"{RULES.replace(':owner', OWNER)}, " + sql(
    "capture_facts",
    given=GIVEN,
    here=HERE,
    trait=TRAIT,
    domain_trait=DOMAIN,
    unlogged=Reason.UNLOGGED,
)
"""Parts for a larger statement to include. It takes the result of `given`."""

FACTS = Statement(f"SELECT json_build_object({PARTS})")
READ_BACK = 100
"""How many of a conversation's newest messages are checked for their people."""

KNOWN = Statement(sql("filing_facts", given=GIVEN, read_back=READ_BACK))
LOCK = Statement("SELECT pg_advisory_xact_lock(4711, CAST(%(workspace)s AS integer))")
"""One transaction at a time files in a workspace, or takes out (the first number only names the
purpose): both count a conversation's contents.
"""


def gather(
    session: Session, where: Where, mails: Sequence[Incoming], *, claim: Asked | None = None
) -> CaptureFacts | None:
    """The facts of a batch, in one round trip. With a `claim`, which travels along, None when it
    claims nothing: somebody else was first.
    """
    asked = [claim] if claim else []
    facts = (FACTS, {"given": given(where, mails)})
    first, *_, found = fetch_values(session, *asked, (BY_INDEX, {}), facts)
    return None if claim and first is None else facts_of(where, found)


def given(where: Where, mails: Sequence[Incoming]) -> str:
    """The keys of the look-up, as JSON."""
    keys = {key for one in mails for key in one.addresses}
    reports = [one.report for one in mails if one.report]
    looked_up = {
        "mailbox": where.mailbox_id,
        "member": where.member,
        "keys": sorted(keys),
        "domains": sorted({name for key in keys for name in company_domains(domain_of(key))}),
        "sends": [str(one.send_id) for one in mails if one.send_id],
        "reported": [one.message_id for one in reports if one.message_id],
        "reported_sends": [str(one.send_id) for one in reports if one.send_id],
        "left": [key.hex() for key in awaited_under(where, mails)],
        "writers": [key for one in mails if (key := one.envelope.sender)],
        "threads": sorted({one.fetched.thread_id for one in mails}),
        "cited": sorted({key for one in mails for key in one.cites}),
        "identities": [one.identity.hex() for one in mails],
        "hashes": [one.rfc_hash.hex() for one in mails if one.rfc_hash],
        "clicked": [one.gmail_id for one in mails] if where.clicked else [],
    }
    return as_json(looked_up)


def awaited_under(where: Where, mails: Sequence[Incoming]) -> list[bytes]:
    """The hashes under which reports on these messages were left out, for messages that left our
    mailboxes.
    """
    return [where.hashed(report_key(one.fetched.parsed.message_id)) for one in mails if one.left]


def facts_of(where: Where, found: Mapping[str, Any]) -> CaptureFacts:
    """The facts from the query's result. Raises NotFound when the mailbox has gone."""
    rules = rules_of(found, mailbox_of(where, found["mailbox"]))
    return CaptureFacts(
        rules=rules,
        directory=Directory(
            contacts=contacts_of(found["contacts"] or ()),
            accounts=accounts_of(found["accounts"] or (), rules.team),
        ),
        sends=frozenset(UUID(one) for one in found["sends"] or ()),
        reported={rfc_id: MessageId(one) for rfc_id, one in (found["reported"] or {}).items()},
        reported_sends={UUID(one): rfc for one, rfc in (found["reported_sends"] or {}).items()},
        awaited=found["awaited"],
        failing=frozenset(found["failing"] or ()),
        threads=frozenset(found["threads"] or ()),
        cited=frozenset(found["cited"] or ()),
        removed=frozenset(bytes.fromhex(one) for one in found["removed"] or ()),
        unlogged=frozenset(bytes.fromhex(one) for one in found["unlogged"] or ()),
        earlier=found["earlier"] or {},
    )


def mailbox_of(where: Where, row: Sequence[Any] | None) -> MailboxFacts:
    """The mailbox; for a member who has none yet, a default one."""
    if row is None and where.mailbox_id != NO_MAILBOX:
        raise NotFound("This mailbox is not in your workspace.")
    if row is None:
        return MailboxFacts(owner=where.member)
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
    """The accounts behind the domains. Our own domains never identify a customer."""
    accounts: dict[str, list[KnownAccount]] = {}
    for domain, account_id, created_at in rows:
        if domain not in team.domains:
            known = KnownAccount(AccountId(account_id), datetime.fromisoformat(created_at))
            accounts.setdefault(domain, []).append(known)
    return accounts


def wait_for_filing(session: Session, workspace_id: WorkspaceId) -> None:
    """Become the only transaction that files or takes out mail of the workspace, until it ends.

    Taking mail out calls this before it locks a row: filing locks in that order.
    """
    fetch_values(session, lock(workspace_id))


def lock(workspace_id: WorkspaceId) -> Asked:
    """The statement that waits for the lock."""
    return LOCK, {"workspace": str(workspace_id % 2**31)}


def look_behind_lock(
    session: Session, where: Where, mails: Sequence[Incoming], team: Team
) -> FilingFacts:
    """Wait until no other filing of the workspace is running, then read."""
    asked = {
        "mailbox": where.mailbox_id,
        "most": len(mails),
        "identities": sorted({one.identity.hex() for one in mails}),
        "threads": sorted({one.thread_id for one in mails if one.thread_id}),
        "keys": sorted({key for one in mails for key in one.keys}),
        "sends": sorted({str(one.send_id) for one in mails if one.send_id}),
        "contacts": sorted({person for one in mails for person in one.ties.party.contacts}),
    }
    _, found = fetch_values(session, lock(where.workspace_id), (KNOWN, {"given": as_json(asked)}))
    messages = found["messages"] or ()
    return FilingFacts(
        messages={bytes.fromhex(identity): i for identity, i, *_ in messages},
        subjects={bytes.fromhex(identity): subject for identity, *_, subject in messages},
        homes={bytes.fromhex(identity): home for identity, _, home, _ in messages},
        threads=grouped(found["threads"] or ()),
        followed=frozenset(found["followed"] or ()),
        keys=found["keys"] or {},
        bearers=borne(found["bearers"] or ()),
        sends={one: at for one, at in (found["sends"] or {}).items() if at is not None},
        parties=parties(found["people"] or (), found["contacts"] or (), team),
        apart=frozenset(frozenset(pair) for pair in found["apart"] or ()),
        message_ids=[message_id for message_id, _ in found["fresh"]],
        conversation_ids=[conversation_id for _, conversation_id in found["fresh"]],
    )


def grouped(pairs: Iterable[tuple[str, ConversationId]]) -> dict[str, list[ConversationId]]:
    """The values of each key, in order."""
    found: dict[str, list[ConversationId]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def borne(
    rows: Iterable[tuple[str, str, ConversationId]],
) -> dict[str, dict[bytes, ConversationId]]:
    """The messages that have each Message-ID, with their conversations."""
    found: dict[str, dict[bytes, ConversationId]] = {}
    for rfc_id, identity, conversation_id in rows:
        found.setdefault(rfc_id, {})[bytes.fromhex(identity)] = conversation_id
    return found


def parties(
    people: Iterable[tuple[ConversationId, str, bool]],
    contacts: Iterable[tuple[ConversationId, ContactId]],
    team: Team,
) -> dict[ConversationId, Party]:
    """The people on each conversation besides us."""
    keys: dict[ConversationId, set[str]] = defaultdict(set)
    addressed: dict[ConversationId, set[str]] = defaultdict(set)
    known: dict[ConversationId, set[ContactId]] = defaultdict(set)
    for at, address, written in people:
        key = address_key(address)
        if key and not team.owns(key):
            keys[at].add(key)
            addressed[at].update([key] if written else ())
    for at, contact_id in contacts:
        known[at].add(contact_id)
    return {
        at: Party(frozenset(keys[at]), frozenset(known[at]), frozenset(addressed[at]))
        for at in {*keys, *known}
    }
