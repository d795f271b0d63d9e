"""Dry run of a customer list: what it would do, without writing anything.

Applies the rules of `writing` to the whole list at once: an account created by a line is known to
the lines below it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from backend.domain.customers.account_book import AccountBook, AccountRow
from backend.domain.customers.rows import BadLine, Line
from backend.domain.summaries.customer_lists import ListFinding
from backend.services.customer_lists.judging import House
from backend.services.customer_lists.writing import account_lookups, completed, mail_domains
from backend.store import people_import
from backend.store.people_import import ContactRow


@dataclass
class Forecast:
    """The effect of the lines so far."""

    house: House
    lines: Counter[str] = field(default_factory=Counter)
    findings: list[ListFinding] = field(default_factory=list)
    _book: AccountBook = field(default_factory=AccountBook)
    _accounts: dict[int, AccountRow] = field(default_factory=dict)
    _named: set[int] = field(default_factory=set)
    _known: dict[str, ContactRow] = field(default_factory=dict)
    _people: dict[str, ContactRow] = field(default_factory=dict)

    def add(self, session: Session, batch: Sequence[Line | BadLine]) -> None:
        """Add the effect of more lines."""
        good = [one for one in batch if isinstance(one, Line) and not one.left_out]
        self.lines["good"] += len(good)
        self.lines["wrong"] += sum(isinstance(one, BadLine) for one in batch)
        self.lines["left"] += sum(isinstance(one, Line) and one.left_out for one in batch)
        self.findings += [one for line in batch for one in findings_of(line)]
        self._enter_accounts(session, good)
        self._enter_people(session, good)

    @property
    def counts(self) -> dict[str, int]:
        """Lines that are good, wrong, and left out; and who is new, changed, and unchanged."""
        known = {row.id: row for row in self._known.values()}
        people = {row.id: row for row in self._people.values()}
        accounts = {one: self._book.rows[one] for one in self._named}
        return {
            **self.lines,
            "new_contacts": sum(one < 0 for one in people),
            "changed_contacts": sum(known.get(one, row) != row for one, row in people.items()),
            "known_contacts": sum(known.get(one) == row for one, row in people.items()),
            "new_accounts": sum(one < 0 for one in accounts),
            "changed_accounts": sum(
                self._accounts.get(one, row) != row for one, row in accounts.items()
            ),
            "known_accounts": sum(self._accounts.get(one) == row for one, row in accounts.items()),
        }

    def _enter_accounts(self, session: Session, lines: Sequence[Line]) -> None:
        names, domains = account_lookups(lines, self.house)
        present = people_import.accounts_like(session, names=names, domains=domains)
        for row in present:
            self._accounts.setdefault(row.id, row)
        self._book.know(present)
        mail = mail_domains(lines, self.house)
        for line in lines:
            if line.account:
                domain = mail[line.number]
                row = self._book.enter(line.account, self.house.members, mail_domain=domain)
                self._named.add(row.id)

    def _enter_people(self, session: Session, lines: Sequence[Line]) -> None:
        people = [one.person for one in lines if one.person]
        keys = {one.key for one in people} - self._people.keys()
        for key, row in people_import.contacts_with(session, keys).items():
            self._known[key] = row
            self._people.setdefault(key, row)
        for one in people:
            fresh = ContactRow(
                id=-len(self._people) - 1, name=one.name, title=None, assigned_to=None
            )
            self._people[one.key] = completed(self._people.get(one.key, fresh), one, self.house)


def findings_of(line: Line | BadLine) -> list[ListFinding]:
    """The findings of a line: why it is refused, or which part of it is left out."""
    if isinstance(line, BadLine):
        return [ListFinding(line=line.number, kind="wrong", says=one) for one in line.sentences]
    kind = "left" if line.left_out else "note"
    return [ListFinding(line=line.number, kind=kind, says=one) for one in line.notes]
