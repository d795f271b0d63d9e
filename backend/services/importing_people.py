"""A customer list becomes accounts and contacts: new ones are made, known ones are completed.

The list is judged line by line first (`judged`) and then written in batches, each of them a short
transaction: whoever clicks meanwhile waits for a moment only. Taking the same list in again changes
nothing, so a run that was interrupted is simply repeated. An empty cell never overwrites.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from itertools import islice
from typing import TypeVar

from sqlalchemy.orm import Session

from backend.domain.account_book import AccountBook
from backend.domain.actor import Actor
from backend.domain.blocklist import NeverLog, blocked
from backend.domain.creation import Candidate, MayNotCreate, Path, Standing, may_create
from backend.domain.envelope import Author, Envelope
from backend.domain.ids import ContactId
from backend.domain.people_rows import BadLine, Line, PersonCells
from backend.domain.policies import ContactCreation, LateMatch, MatchField
from backend.domain.roles import Permission, Role, allowed, refusal
from backend.domain.suggestions import company_domain
from backend.domain.suppression import SuppressionCause
from backend.domain.team import Team
from backend.errors import NotAllowed
from backend.services.administering.account_traits import unusable
from backend.services.deps import Deps
from backend.services.late_matching import bring_along
from backend.store import account_traits, audit, people_import, suppressions, team
from backend.store.account_traits import Said
from backend.store.capture import rules
from backend.store.capture.rules import policies
from backend.store.models import Account, Contact
from backend.store.people_import import ContactRow, NewContact

L = TypeVar("L", Line, Line | BadLine)
BATCH = 500
"""Lines in one transaction: a fraction of a second, and far fewer locks than Postgres has."""


@dataclass(frozen=True, kw_only=True)
class House:
    """What holds for the whole list: our own people, and who must not be stored. `traits` has the
    ids of the accounts' traits by name; mail is matched by the one that is `matching`.
    """

    team: Team
    never_log: NeverLog
    members: Mapping[str, int]
    traits: Mapping[str, int]
    matching: str | None


def house_of(deps: Deps, actor: Actor) -> House:
    """Raises NotAllowed for whoever may not add people and accounts."""
    for permission in (Permission.CONTACT_CREATE, Permission.ACCOUNT_EDIT):
        if not allowed(Role(actor.role), permission, own=True):
            raise NotAllowed(refusal(permission, own=True))
    with deps.store.begin(actor.workspace_id) as session:
        ours, never = rules.workspace_rules(session)
        people = team.members(session)
        traits = account_traits.names(session)
        matching = policies(session).match_by_domain
    named = {one.name.casefold(): one.id for one in people}
    return House(
        team=ours,
        never_log=never,
        members=named | {one.email_key: one.id for one in people},
        traits=traits,
        matching=matching,
    )


def judged(
    deps: Deps, actor: Actor, house: House, lines: Iterable[Line | BadLine]
) -> Iterator[Line | BadLine]:
    """Each line again, refused where nobody may be added or where a domain is our own. Somebody
    who is on an earlier line too is told.
    """
    seen: dict[str, int] = {}
    for batch in _batches(lines):
        keys = [one.person.key for one in batch if isinstance(one, Line) and one.person]
        found = suppressions.of_addresses(deps.store, deps.keyed_hash, actor.workspace_id, keys)
        erased = {one.address for one in found if one.cause is SuppressionCause.ERASED}
        for line in batch:
            found_now = line if isinstance(line, BadLine) else _judge(line, house, erased)
            yield _told_again(found_now, seen)


def import_people(
    deps: Deps, actor: Actor, house: House, lines: Iterable[Line]
) -> Iterator[Counter[str]]:
    """Write good lines down. Yields after each batch what it did: "lines", "new accounts",
    "changed accounts", "changed traits", "new contacts", "changed contacts", "memberships",
    "unsubscribed".
    """
    total: Counter[str] = Counter()
    for batch in _batches(lines):
        with deps.store.begin(actor.workspace_id) as session:
            done = _Batch(deps, actor, session).write(batch, house)
        total += done
        yield done
    if total.keys() - {"lines"}:
        detail = {name.replace(" ", "_"): number for name, number in total.items()}
        with deps.store.begin(actor.workspace_id) as session:
            audit.note(session, actor, "people.imported", "csv", now=deps.now(), detail=detail)


def _judge(line: Line, house: House, erased: set[str]) -> Line | BadLine:
    wrong: list[str] = []
    domain = line.account.domain if line.account else None
    if domain in house.team.domains:
        wrong.append(f"{domain} is your team's own domain.")
    if line.person:
        answer = may_create(
            _candidate(line.person, house, erased), team=house.team, creation=ContactCreation.BOTH
        )
        wrong += [answer.sentence] if isinstance(answer, MayNotCreate) else []
    if wrong:
        return BadLine(line.number, tuple(wrong))
    asked = (
        *((line.account.csm, line.account.ae) if line.account else ()),
        *((line.person.assigned_to,) if line.person else ()),
    )
    unknown = [name for name in asked if name and name.casefold() not in house.members]
    notes = tuple(f'Nobody of your team is "{name}"; left out.' for name in unknown)
    return _with_usable_traits(replace(line, notes=(*line.notes, *notes)), house)


def _with_usable_traits(line: Line, house: House) -> Line:
    """The line without what its traits cannot say, which is told."""
    if line.account is None:
        return line
    judged = [
        (name, value, unusable(value, name, house.team, house.matching))
        for name, value in line.account.traits
    ]
    kept = tuple((name, value) for name, value, sentence in judged if sentence is None)
    notes = tuple(f"{name} is left out: {sentence}" for name, _, sentence in judged if sentence)
    return replace(line, account=replace(line.account, traits=kept), notes=(*line.notes, *notes))


def _told_again(line: Line | BadLine, seen: dict[str, int]) -> Line | BadLine:
    """The line with a note when its person was on another; `seen` has the first line of each."""
    if isinstance(line, BadLine) or line.person is None:
        return line
    first = seen.setdefault(line.person.key, line.number)
    if first == line.number:
        return line
    note = f"{line.person.key} is on line {first} too; both lines are one person."
    return replace(line, notes=(*line.notes, note))


def _candidate(person: PersonCells, house: House, erased: set[str]) -> Candidate:
    standing = Standing.ERASED if person.key in erased else Standing.FREE
    if blocked(Envelope(person.key), "", house.never_log) is not None:
        standing = Standing.NEVER_LOGGED
    return Candidate(
        address=person.key,
        field=MatchField.FROM,
        author=Author.PERSON,
        path=Path.ONE_CLICK,
        standing=standing,
    )


class _Batch:
    """Some lines in one transaction."""

    def __init__(self, deps: Deps, actor: Actor, session: Session) -> None:
        self.deps, self.actor, self.session = deps, actor, session
        self.now = deps.now()
        self.done: Counter[str] = Counter()

    def write(self, lines: Sequence[Line], house: House) -> Counter[str]:
        people = {one.person.key for one in lines if one.person}
        named = {one.account.name.lower() for one in lines if one.account}
        people_import.lock(self.session, self.actor, addresses=people, names=named)
        accounts = self._accounts(lines, house, named)
        self._traits(lines, house, accounts)
        contacts = self._contacts([one.person for one in lines if one.person], house)
        pairs = {
            (accounts[one.number], contacts[one.person.key])
            for one in lines
            if one.account and one.person
        }
        self.done["memberships"] = people_import.join_accounts(
            self.session, self.actor, sorted(pairs), self.now
        )
        left = {
            self.deps.keyed_hash.of(self.actor.workspace_id, one.person.key): one.person.key
            for one in lines
            if one.person and one.person.unsubscribed
        }
        self.done["unsubscribed"] = people_import.unsubscribe(
            self.session,
            self.actor,
            {one: (contacts[key], key) for one, key in left.items()},
            self.now,
        )
        self.done["lines"] = len(lines)
        return +self.done

    def _accounts(self, lines: Sequence[Line], house: House, named: set[str]) -> dict[int, int]:
        """The account of each line that has one, by the number of the line."""
        cells = {one.number: one.account for one in lines if one.account}
        mail = {
            one.number: company_domain(one.person.key, house.team) if one.person else None
            for one in lines
        }
        domains = {one for one in mail.values() if one}
        domains |= {one.domain for one in cells.values() if one.domain}
        present = people_import.accounts_like(self.session, names=named, domains=domains)
        book = AccountBook.of(present)
        entered = {
            number: book.enter(one, house.members, mail_domain=mail[number]).id
            for number, one in cells.items()
        }
        new = [row for row in book.rows.values() if row.id < 0]
        ids = self._ids(Account, [row.id for row in new])
        people_import.add_accounts(
            self.session, self.actor, [replace(row, id=ids[row.id]) for row in new], self.now
        )
        changed = [book.rows[row.id] for row in present if book.rows[row.id] != row]
        people_import.change(self.session, accounts=changed)
        self.done["new accounts"], self.done["changed accounts"] = len(new), len(changed)
        return {number: ids.get(one, one) for number, one in entered.items()}

    def _traits(self, lines: Sequence[Line], house: House, accounts: Mapping[int, int]) -> None:
        """What the lines say of the accounts in columns that the workspace named."""
        said = [
            Said(house.traits[name], accounts[one.number], value)
            for one in lines
            if one.account
            for name, value in one.account.traits
        ]
        self.done["changed traits"] = account_traits.put(self.session, self.actor, said, self.now)

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
            wanted[one.key] = replace(
                row,
                name=one.given_name or row.name,
                title=one.title or row.title,
                assigned_to=house.members.get(one.assigned_to.casefold(), row.assigned_to),
            )
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
        if policies(self.session).late_match is LateMatch.ON:
            for new in ids.values():
                bring_along(self.session, self.deps, self.actor, ContactId(new), asked=False)
        changed = [wanted[key] for key, row in present.items() if wanted[key] != row]
        people_import.change(self.session, contacts=changed)
        self.done["new contacts"], self.done["changed contacts"] = len(first), len(changed)
        return {key: ids.get(row.id, row.id) for key, row in wanted.items()}

    def _ids(self, table: type[Account | Contact], waiting: Sequence[int]) -> dict[int, int]:
        found = people_import.new_ids(self.session, table, len(waiting))
        return dict(zip(waiting, found, strict=True))

    def _since(self, person: PersonCells) -> datetime:
        if person.known_since is None:
            return self.now
        return min(datetime.combine(person.known_since, time(), UTC), self.now)


def _batches(lines: Iterable[L]) -> Iterator[list[L]]:
    waiting = iter(lines)
    while batch := list(islice(waiting, BATCH)):
        yield batch
