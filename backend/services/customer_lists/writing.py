"""Upserts a customer list: creates new accounts and contacts, completes known ones.

The list is judged line by line first (`judging`) and then written in batches, each a short
transaction that other people's clicks hardly notice. Importing the same list again changes nothing,
so an interrupted run is simply repeated. An empty cell never overwrites.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import TypeVar

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.customers.account_book import AccountBook, AccountRow
from backend.domain.customers.rows import Line, PersonCells
from backend.domain.ids import AccountId, ContactId
from backend.domain.people.actor import Actor
from backend.domain.people.suggestions import company_domain
from backend.domain.policies import LateMatch
from backend.services.customer_lists.judging import House, batches
from backend.services.late_matching import bring_along
from backend.store import account_traits, audit, people_import
from backend.store.account_traits import Said
from backend.store.list_journal import Journal, Row
from backend.store.models import Account, Contact
from backend.store.people_import import ContactRow, NewContact, as_columns
from backend.store.workspace_rules import policies

R = TypeVar("R", AccountRow, ContactRow)
LEFT_TO_OTHERS = "addresses left to other contacts"


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a batch did: counts by name ("lines", "new accounts", "changed accounts", "changed
    traits", "new contacts", "changed contacts", "further addresses", "addresses left to other
    contacts", "memberships", "unsubscribed"), the journal for its undo, and its last line.
    """

    counts: Counter[str]
    journal: Journal
    through_line: int


def import_people(
    deps: Deps, actor: Actor, house: House, lines: Iterable[Line]
) -> Iterator[Counter[str]]:
    """Write good lines, each batch in a transaction. Yields the counts of each (`Written`)."""
    done: Counter[str] = Counter()
    for batch in batches(lines):
        with deps.store.begin(actor.workspace_id) as session:
            written = write_batch(session, deps, actor, house, batch)
        done += written.counts
        yield written.counts
    if done.keys() - {"lines", LEFT_TO_OTHERS}:
        with deps.store.begin(actor.workspace_id) as session:
            note_import(session, deps, actor, "csv", done)


def write_batch(
    session: Session, deps: Deps, actor: Actor, house: House, lines: Sequence[Line]
) -> Written:
    """Write some lines within the caller's transaction."""
    batch = _Batch(deps, actor, session)
    counts = batch.write(lines, house)
    return Written(counts=counts, journal=batch.journal, through_line=lines[-1].number)


def note_import(
    session: Session, deps: Deps, actor: Actor, subject: str, done: Mapping[str, int]
) -> None:
    """Record in the audit log what a list did."""
    detail = {name.replace(" ", "_"): number for name, number in done.items()}
    audit.note(session, actor, "people.imported", subject, now=deps.now(), detail=detail)


def completed(row: ContactRow, cells: PersonCells, house: House) -> ContactRow:
    """A contact after a line: empty cells keep the old value."""
    return replace(
        row,
        name=cells.given_name or row.name,
        title=cells.title or row.title,
        assigned_to=house.members.get(cells.assigned_to.casefold(), row.assigned_to),
    )


def account_lookups(lines: Sequence[Line], house: House) -> tuple[set[str], set[str]]:
    """Names, in lower case, and domains by which the accounts of these lines may be known."""
    names = {one.account.name.lower() for one in lines if one.account}
    domains = {one for one in mail_domains(lines, house).values() if one}
    return names, domains | {
        one.account.domain for one in lines if one.account and one.account.domain
    }


def mail_domains(lines: Sequence[Line], house: House) -> dict[int, str | None]:
    """The company domain of a person's address, by line number."""
    return {
        one.number: company_domain(one.person.key, house.team) if one.person else None
        for one in lines
        if one.account
    }


def pairs(before: Mapping[int, R], changed: Iterable[R]) -> list[tuple[Row, Row]]:
    """Rows before and after."""
    return [(as_columns(before[row.id]), as_columns(row)) for row in changed]


class _Batch:
    """The lines of one transaction."""

    def __init__(self, deps: Deps, actor: Actor, session: Session) -> None:
        self.deps, self.actor, self.session = deps, actor, session
        self.now = deps.now()
        self.done: Counter[str] = Counter()
        self.journal = Journal()

    def write(self, lines: Sequence[Line], house: House) -> Counter[str]:
        people = {key for one in lines if one.person for key in one.person.keys}
        named, _ = account_lookups(lines, house)
        people_import.lock(self.session, self.actor, addresses=people, names=named)
        accounts = self._accounts(lines, house, named)
        self._traits(lines, house, accounts)
        contacts = self._contacts([one.person for one in lines if one.person], house)
        pairs = {
            (accounts[one.number], contacts[one.person.key])
            for one in lines
            if one.account and one.person
        }
        self.journal.memberships = people_import.join_accounts(
            self.session, self.actor, sorted(pairs), self.now
        )
        self.done["memberships"] = len(self.journal.memberships)
        left = {
            self.deps.keyed_hash.of(self.actor.workspace_id, key): key
            for one in lines
            if one.person and one.person.unsubscribed
            for key in one.person.keys
            if key in contacts
        }
        stopped = people_import.unsubscribe(
            self.session,
            self.actor,
            {one: (contacts[key], key) for one, key in left.items()},
            self.now,
        )
        self.journal.stopped = [one.hex() for one in stopped]
        self.done["unsubscribed"] = len(stopped)
        self.done["lines"] = len(lines)
        return +self.done

    def _accounts(
        self, lines: Sequence[Line], house: House, named: set[str]
    ) -> dict[int, AccountId]:
        """The account of each line that has one, by line number."""
        cells = {one.number: one.account for one in lines if one.account}
        mail = mail_domains(lines, house)
        _, domains = account_lookups(lines, house)
        present = people_import.accounts_like(self.session, names=named, domains=domains)
        book = AccountBook.of(present)
        entered = {
            number: book.enter(one, house.members, mail_domain=mail[number]).id
            for number, one in cells.items()
        }
        new = [row for row in book.rows.values() if row.id < 0]
        ids = self._ids(Account, [row.id for row in new])
        added = [replace(row, id=ids[row.id]) for row in new]
        people_import.add_accounts(self.session, self.actor, added, self.now)
        changed = [book.rows[row.id] for row in present if book.rows[row.id] != row]
        before = {row.id: row for row in present}
        self.journal.accounts = [as_columns(row) for row in added]
        self.journal.changed_accounts = pairs(before, changed)
        people_import.change(self.session, accounts=changed)
        self.done["new accounts"], self.done["changed accounts"] = len(new), len(changed)
        return {number: AccountId(ids.get(one, one)) for number, one in entered.items()}

    def _traits(
        self, lines: Sequence[Line], house: House, accounts: Mapping[int, AccountId]
    ) -> None:
        """Account traits, from the columns that the workspace named."""
        said = [
            Said(house.traits[name], accounts[one.number], value)
            for one in lines
            if one.account
            for name, value in one.account.traits
        ]
        before = account_traits.said_now(self.session, said) if said else {}
        changed = account_traits.put(self.session, self.actor, said, self.now)
        last = {(one.trait_id, one.account_id): one.value for one in said}
        self.journal.traits = [
            (*pair, before.get(pair, ""), value) for pair, value in last.items() if pair in changed
        ]
        self.done["changed traits"] = len(changed)

    def _contacts(self, people: Sequence[PersonCells], house: House) -> dict[str, int]:
        """The contact of each address."""
        present = people_import.contacts_with(self.session, {one.key for one in people})
        wanted = dict(present)
        first: dict[str, PersonCells] = {}
        for one in people:
            row = wanted.get(one.key)
            if row is None:
                first[one.key] = one
                row = ContactRow(id=-len(first), name=one.name, title=None, assigned_to=None)
            wanted[one.key] = completed(row, one, house)
        ids = self._ids(Contact, [wanted[key].id for key in first])
        people_import.add_contacts(
            self.session,
            self.actor,
            [
                NewContact(
                    contact=replace(wanted[key], id=ids[wanted[key].id]),
                    key=key,
                    address=one.address,
                    since=self._since(one),
                )
                for key, one in first.items()
            ],
        )
        written = {key: ids.get(row.id, row.id) for key, row in wanted.items()}
        more = self._further(people, written)
        if policies(self.session).late_match is LateMatch.ON:
            for number in sorted({*ids.values(), *more.values()}):
                bring_along(self.session, self.deps, self.actor, ContactId(number), asked=False)
        changed = [wanted[key] for key, row in present.items() if wanted[key] != row]
        people_import.change(self.session, contacts=changed)
        known = {row.id: row for row in present.values()}
        self.journal.contacts = [
            {**as_columns(wanted[key]), "id": written[key], "key": key} for key in first
        ]
        self.journal.changed_contacts = pairs(known, changed)
        self.done["new contacts"], self.done["changed contacts"] = len(first), len(changed)
        return more | written

    def _further(self, people: Sequence[PersonCells], written: Mapping[str, int]) -> dict[str, int]:
        """Add the lines' further addresses to their contacts. An address of another contact stays
        theirs. Returns the contacts by their new addresses.
        """
        asked = {
            key: (written[one.key], text) for one in people for key, text in one.further.items()
        }
        there = people_import.contacts_with(self.session, asked)
        new = {key: asked[key] for key in asked if key not in there}
        people_import.add_addresses(
            self.session, self.actor, [(one, key, text) for key, (one, text) in new.items()]
        )
        self.journal.addresses = [(one, key) for key, (one, _) in new.items()]
        self.done["further addresses"] = len(new)
        self.done[LEFT_TO_OTHERS] = sum(
            there[key].id != one for key, (one, _) in asked.items() if key in there
        )
        return {key: one for key, (one, _) in new.items()}

    def _ids(self, table: type[Account | Contact], waiting: Sequence[int]) -> dict[int, int]:
        found = people_import.new_ids(self.session, table, len(waiting))
        return dict(zip(waiting, found, strict=True))

    def _since(self, person: PersonCells) -> datetime:
        if person.known_since is None:
            return self.now
        return min(datetime.combine(person.known_since, time(), UTC), self.now)
