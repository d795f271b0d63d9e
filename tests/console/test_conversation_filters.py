"""Conversations narrowed to a mailbox, an account or an account type."""

import pytest

from tests.console.conftest import Visitor
from tests.support.office import KIM, ROBIN, Office


@pytest.fixture
def ids(quiet_office: Office) -> dict[str, int]:
    quiet_office.receives(ROBIN, **{"from": "dana@northwind.example", "subject": "Pilot results"})
    quiet_office.connected(ROBIN)
    quiet_office.run("UPDATE accounts SET plan = 'Trial' WHERE name = 'Northwind Traders'")
    quiet_office.run("UPDATE accounts SET plan = 'Paid' WHERE name = 'Fabrikam'")
    find = "SELECT id FROM team_members WHERE email_key = %s"
    named = "SELECT id FROM accounts WHERE name = %s"
    return {
        "robin": int(quiet_office.value(find, ROBIN)),
        "kim": int(quiet_office.value(find, KIM)),
        "north": int(quiet_office.value(named, "Northwind Traders")),
        "fabrikam": int(quiet_office.value(named, "Fabrikam")),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("mine=1", True),
        ("member={robin}", True),
        ("member={kim}", False),
        ("mine=1&member={kim}", False),
        ("account={north}", True),
        ("account={fabrikam}", False),
        ("plan=Trial", True),
        ("plan=Paid", False),
        ("account={north}&plan=Trial&member={robin}&waiting=1&heard=30", True),
        ("account={north}&heard=over-30", False),
    ],
)
def test_a_filter_keeps_what_fits_it(
    robin: Visitor, ids: dict[str, int], query: str, *, found: bool
) -> None:
    assert ("Pilot results" in robin.page(f"/conversations?{query.format(**ids)}")) is found


def test_one_choice_says_whose_mailbox(robin: Visitor, ids: dict[str, int]) -> None:
    page = robin.get("/conversations?mine=1").get_data(as_text=True)
    assert f'<option value="{ids["robin"]}" selected>My mailbox</option>' in page
    assert 'name="mine"' not in page
