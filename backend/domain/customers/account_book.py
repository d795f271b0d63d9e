"""Which account a line of a customer list means, among existing ones and those of earlier lines.

A domain means the account that has it, whatever its name; a name means the account of that name,
unless that one has another domain.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from backend.domain.customers.rows import AccountCells


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """An account as stored, or as planned. New ones have negative ids until written."""

    id: int
    name: str
    domain: str | None
    csm_id: int | None = None
    ae_id: int | None = None
    plan: str | None = None
    health: int | None = None
    renews_on: date | None = None


@dataclass(slots=True)
class AccountBook:
    """Accounts by id, as the lines so far left them."""

    rows: dict[int, AccountRow] = field(default_factory=dict)
    _by_name: dict[str, list[int]] = field(default_factory=dict)
    _by_domain: dict[str, int] = field(default_factory=dict)
    _new: int = 0

    @classmethod
    def of(cls, rows: Iterable[AccountRow]) -> "AccountBook":
        """A book of the existing accounts, the oldest first."""
        book = cls()
        for row in rows:
            book._put(row)
        return book

    def know(self, rows: Iterable[AccountRow]) -> None:
        """Add what is there and not in the book yet."""
        for row in rows:
            if row.id not in self.rows:
                self._put(row)

    def enter(
        self, cells: AccountCells, people: Mapping[str, int], *, mail_domain: str | None
    ) -> AccountRow:
        """The account of a line, updated or created from it. `people` has members by name;
        `mail_domain` is what a new account without a domain gets, unless it is taken.

        >>> book = AccountBook.of([AccountRow(id=7, name="Alpha", domain=None)])
        >>> book.enter(AccountCells(name="ALPHA", plan="Gold"), {}, mail_domain=None).id
        7
        >>> book.enter(AccountCells(name="Beta"), {}, mail_domain="beta.example").domain
        'beta.example'
        """
        found = self._find(cells)
        if found is None:
            free = None if mail_domain in self._by_domain else mail_domain
            self._new -= 1
            found = AccountRow(id=self._new, name=cells.name, domain=cells.domain or free)
        row = replace(
            found,
            domain=found.domain or cells.domain,
            csm_id=people.get(cells.csm.casefold(), found.csm_id),
            ae_id=people.get(cells.ae.casefold(), found.ae_id),
            plan=cells.plan or found.plan,
            health=found.health if cells.health is None else cells.health,
            renews_on=cells.renews_on or found.renews_on,
        )
        self._put(row)
        return row

    def _find(self, cells: AccountCells) -> AccountRow | None:
        called = [self.rows[one] for one in self._by_name.get(cells.name.lower(), ())]
        if cells.domain is None:
            return called[0] if called else None
        exact = [row for row in called if row.domain == cells.domain]
        owner = self._by_domain.get(cells.domain)
        if exact or owner is not None:
            return exact[0] if exact else self.rows[owner or 0]
        return next((row for row in called if row.domain is None), None)

    def _put(self, row: AccountRow) -> None:
        self.rows[row.id] = row
        named = self._by_name.setdefault(row.name.lower(), [])
        if row.id not in named:
            named.append(row.id)
        if row.domain is not None:
            self._by_domain.setdefault(row.domain, row.id)
