"""Which account a line of a customer list means."""

import pytest

from backend.domain.customers.account_book import AccountBook, AccountRow
from backend.domain.customers.rows import AccountCells

ALPHA = AccountRow(id=1, name="Alpha", domain="alpha.example", plan="Gold", health=40)
NAMELESS = AccountRow(id=2, name="Beta", domain=None)
SAME_NAME = AccountRow(id=3, name="alpha", domain="alpha-two.example")
THERE = (ALPHA, NAMELESS, SAME_NAME)


def entered(**cells: object) -> AccountRow:
    line = AccountCells(**cells)  # type: ignore[arg-type]
    return AccountBook.of(THERE).enter(line, {"kim doyle": 9}, mail_domain="beta.example")


@pytest.mark.parametrize(
    ("cells", "account"),
    [
        pytest.param({"name": "ALPHA"}, 1, id="a name means the oldest so called"),
        pytest.param(
            {"name": "Other", "domain": "alpha.example"}, 1, id="a domain means whoever has it"
        ),
        pytest.param(
            {"name": "Alpha", "domain": "alpha-two.example"},
            3,
            id="name and domain mean the one with both",
        ),
        pytest.param(
            {"name": "Beta", "domain": "beta.example"}, 2, id="one without a domain gets it"
        ),
        pytest.param(
            {"name": "Alpha", "domain": "third.example"}, -1, id="another domain is another company"
        ),
        pytest.param({"name": "New"}, -1, id="an unknown name is a new account"),
    ],
)
def test_a_line_means(cells: dict[str, object], account: int) -> None:
    assert entered(**cells).id == account


def test_what_a_line_leaves_empty_stays_and_the_rest_is_completed() -> None:
    row = entered(name="Alpha", health=0, csm="Kim DOYLE", ae="Nobody")
    assert (row.plan, row.health, row.csm_id, row.ae_id) == ("Gold", 0, 9, None)


def test_a_new_account_gets_the_domain_of_its_people_unless_it_is_taken() -> None:
    book = AccountBook.of(THERE)
    first = book.enter(AccountCells(name="Gamma"), {}, mail_domain="gamma.example")
    second = book.enter(AccountCells(name="Delta"), {}, mail_domain="gamma.example")
    again = book.enter(AccountCells(name="gamma"), {}, mail_domain="gamma.example")
    assert (first.domain, second.domain) == ("gamma.example", None)
    assert again.id == first.id != second.id
