"""The facts around incoming mail: the two queries of every path, each one statement.

`gather` reads the capture rule's input; sync, import, audit, a click and the card beside an open
email all call it. `look_behind_lock` reads what filing may join. Both read, and decide nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
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
from backend.domain.sending.delivery_report import LeftMail
from backend.domain.threads.placing import FilingFacts
from backend.domain.threads.ties import Party
from backend.errors import NotFound
from backend.store.asking import as_json, fetch_pair, run
from backend.store.statements import BoundStatement, command, sql, statement
from backend.store.workspace_rules import RulesFound, rules_of, rules_sql

BY_INDEX = command(
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

PARTS = f"{rules_sql(OWNER)}, " + sql(
    "capture_facts",
    given=GIVEN,
    here=HERE,
    trait=TRAIT,
    domain_trait=DOMAIN,
    unlogged=Reason.UNLOGGED,
)
"""Parts for a larger statement to include. It takes the result of `given`."""

READ_BACK = 100
"""How many of a conversation's newest messages are checked for their people."""


class ContactRow(NamedTuple):
    """A contact behind an address."""

    key: str
    contact_id: ContactId
    created_at: datetime
    assigned_to: MemberId | None
    accounts: tuple[AccountId, ...]


class AccountRow(NamedTuple):
    """An account behind a domain."""

    domain: str
    account_id: AccountId
    created_at: datetime


class LeftRow(NamedTuple):
    """A message that left one of our mailboxes."""

    message_id: MessageId
    identity: str
    recipients: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class CaptureFound(RulesFound):
    """What `PARTS` finds. Identities and hashes are in hexadecimal digits."""

    mailbox: tuple[MailboxKind, Capture, MemberId | None] | None
    contacts: tuple[ContactRow, ...]
    accounts: tuple[AccountRow, ...]
    sends: frozenset[UUID]
    reported: dict[str, tuple[LeftRow, ...]]
    reported_sends: dict[UUID, str | None]
    awaited: bool
    failing: frozenset[str]
    threads: frozenset[str]
    cited: frozenset[str]
    removed: dict[str, str]
    unlogged: tuple[str, ...]
    earlier: dict[str, dict[str, str | int]]


@dataclass(frozen=True, kw_only=True)
class FilingFound:
    """What is there already of a batch. Identities are in hexadecimal digits; `fresh` has an id for
    a message and one for a conversation, as many pairs as there are mails.
    """

    messages: tuple[tuple[str, MessageId, ConversationId, str], ...]
    threads: tuple[tuple[str, ConversationId], ...]
    followed: frozenset[ConversationId]
    keys: dict[str, ConversationId]
    bearers: tuple[tuple[str, str, ConversationId], ...]
    sends: dict[str, ConversationId | None]
    people: tuple[tuple[ConversationId, str, bool], ...]
    contacts: tuple[tuple[ConversationId, ContactId], ...]
    apart: tuple[tuple[ConversationId, ConversationId], ...]
    fresh: tuple[tuple[MessageId, ConversationId], ...]


FACTS = statement(f"SELECT json_build_object({PARTS})", CaptureFound)
FILED = statement(sql("filing_facts", given=GIVEN, read_back=READ_BACK), FilingFound)
LOCK = command("SELECT pg_advisory_xact_lock(4711, CAST(%(workspace)s AS integer))")
"""One transaction at a time files in a workspace, or takes out (the first number only names the
purpose): both count a conversation's contents.
"""


def gather(
    session: Session,
    where: Where,
    mails: Sequence[Incoming],
    *,
    claim: BoundStatement[str | None] | None = None,
) -> CaptureFacts | None:
    """The facts of a batch, in one round trip. With a `claim`, which travels along, None when it
    claims nothing: somebody else was first.
    """
    facts = FACTS.bind(given=given(where, mails))
    if claim is None:
        _, found = fetch_pair(session, BY_INDEX.bind(), facts)
        return facts_of(where, found)
    claimed, found = fetch_pair(session, claim, facts, behind=[BY_INDEX.bind()])
    return None if claimed is None else facts_of(where, found)


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
        "identities": [identity.hex() for one in mails for identity in one.identities],
        "unlogged": [known.hex() for one in mails for known in one.unlogged_hashes],
        "clicked": [one.gmail_id for one in mails] if where.clicked else [],
    }
    return as_json(looked_up)


def awaited_under(where: Where, mails: Sequence[Incoming]) -> list[bytes]:
    """The hashes under which reports on these messages were left out, for messages that left our
    mailboxes.
    """
    return [where.hashed(report_key(one.fetched.parsed.message_id)) for one in mails if one.left]


def facts_of(where: Where, found: CaptureFound) -> CaptureFacts:
    """The facts among what was found. Raises NotFound when the mailbox is gone."""
    rules = rules_of(found, mailbox_of(where, found))
    return CaptureFacts(
        rules=rules,
        directory=Directory(
            contacts=contacts_of(found.contacts), accounts=accounts_of(found.accounts, rules.team)
        ),
        sends=found.sends,
        reported={rfc_id: left_mails(rows) for rfc_id, rows in found.reported.items()},
        reported_sends=found.reported_sends,
        awaited=found.awaited,
        failing=found.failing,
        threads=found.threads,
        cited=found.cited,
        removed={bytes.fromhex(one): subject for one, subject in found.removed.items()},
        unlogged=frozenset(bytes.fromhex(one) for one in found.unlogged),
        earlier=found.earlier,
    )


def mailbox_of(where: Where, found: CaptureFound) -> MailboxFacts:
    """The mailbox; a member's own as it would be, where they have none yet."""
    if found.mailbox is not None:
        return MailboxFacts(*found.mailbox)
    if where.mailbox_id != NO_MAILBOX:
        raise NotFound("This mailbox is not in your workspace.")
    return MailboxFacts(owner=where.member)


def contacts_of(rows: Iterable[ContactRow]) -> Mapping[str, Sequence[KnownContact]]:
    """The contacts behind the addresses, with their accounts."""
    contacts: dict[str, list[KnownContact]] = {}
    for row in rows:
        known = KnownContact(row.contact_id, row.created_at, row.accounts, row.assigned_to)
        contacts.setdefault(row.key, []).append(known)
    return contacts


def accounts_of(rows: Iterable[AccountRow], team: Team) -> Mapping[str, Sequence[KnownAccount]]:
    """The accounts behind the domains. Our own domains name no customer, whatever was entered."""
    accounts: dict[str, list[KnownAccount]] = {}
    for row in rows:
        if row.domain not in team.domains:
            known = KnownAccount(row.account_id, row.created_at)
            accounts.setdefault(row.domain, []).append(known)
    return accounts


def left_mails(rows: Iterable[LeftRow]) -> Sequence[LeftMail]:
    """The messages behind one Message-ID."""
    return [
        LeftMail(id=one, identity=bytes.fromhex(identity), recipients=recipients)
        for one, identity, recipients in rows
    ]


def wait_for_filing(session: Session, workspace_id: WorkspaceId) -> None:
    """Become the only transaction that files or takes out mail of the workspace, until it ends.

    Taking mail out calls this before it locks a row: filing locks in that order.
    """
    run(session, lock(workspace_id))


def lock(workspace_id: WorkspaceId) -> BoundStatement[None]:
    """The statement that waits."""
    return LOCK.bind(workspace=str(workspace_id % 2**31))


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
    filed = FILED.bind(given=as_json(asked))
    _, found = fetch_pair(session, lock(where.workspace_id), filed)
    return FilingFacts(
        messages={bytes.fromhex(identity): i for identity, i, *_ in found.messages},
        subjects={bytes.fromhex(identity): subject for identity, *_, subject in found.messages},
        homes={bytes.fromhex(identity): home for identity, _, home, _ in found.messages},
        threads=grouped(found.threads),
        followed=found.followed,
        keys=found.keys,
        bearers=borne(found.bearers),
        sends={one: at for one, at in found.sends.items() if at is not None},
        parties=parties(found.people, found.contacts, team),
        apart=frozenset(frozenset(pair) for pair in found.apart),
        message_ids=[message_id for message_id, _ in found.fresh],
        conversation_ids=[conversation_id for _, conversation_id in found.fresh],
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
