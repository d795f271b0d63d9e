"""Conversations narrowed to a mailbox, an account or an account type."""

import re
from datetime import timedelta

import pytest

from backend.queries.conversations import listing
from tests.console.conftest import Visitor, words
from tests.support.company import DANA, KIM, ROBIN, Company
from tests.support.decisions import import_customers

HELD = "SELECT conversation_id::text FROM gmail_threads WHERE mailbox_id = %s ORDER BY 1"
MOST, ROBINS, LOOKED_THROUGH = 20, {2, 3, 10, 20}, 4

LINES = re.compile(r'href="/conversations/(\d+)"')
NEXT = re.compile(r'href="([^"]+)" rel="next"')
PREVIOUS = re.compile(r'href="([^"]+)" rel="prev"')


@pytest.fixture
def ids(quiet_company: Company) -> dict[str, int]:
    return quiet_company.begun("the pilot of a trial", lambda: pilot(quiet_company))


def pilot(quiet_company: Company) -> dict[str, int]:
    quiet_company.receives(ROBIN, **{"from": "dana@northwind.example", "subject": "Pilot results"})
    quiet_company.connected(ROBIN)
    import_customers(quiet_company, "Account,Plan", "Northwind Traders,Trial", "Fabrikam,Paid")
    find = "SELECT id FROM team_members WHERE email_key = %s"
    named = "SELECT id FROM accounts WHERE name = %s"
    return {
        "robin": int(quiet_company.value(find, ROBIN)),
        "kim": int(quiet_company.value(find, KIM)),
        "north": int(quiet_company.value(named, "Northwind Traders")),
        "fabrikam": int(quiet_company.value(named, "Fabrikam")),
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
    ids: dict[str, int], robin: Visitor, query: str, *, found: bool
) -> None:
    assert ("Pilot results" in robin.page(f"/conversations?{query.format(**ids)}")) is found


def test_one_choice_says_whose_mailbox(ids: dict[str, int], robin: Visitor) -> None:
    page = robin.get("/conversations?mine=1").get_data(as_text=True)
    assert f'<option value="{ids["robin"]}" selected>My mailbox</option>' in page
    assert 'name="mine"' not in page


def test_a_long_list_is_looked_through_part_by_part_in_both_directions(
    robin: Visitor, quiet_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However rare a match is, a page stays bounded and nothing stays unfound. Two by two
    conversations are of the same moment, so that a part may end between them.
    """
    now = quiet_company.deps.now()
    for number in range(1, MOST + 1):
        at = now - timedelta(hours=1 + number // 2)
        mail = {"from": DANA, "subject": f"Subject {number}", "date": at.isoformat()}
        quiet_company.receives(ROBIN if number in ROBINS else KIM, **mail)
    quiet_company.connected(KIM)
    box = quiet_company.connected(ROBIN)
    held = [one for (one,) in quiet_company.rows(HELD, box)]
    assert len(held) == len(ROBINS)
    assert "Waiting for your answer 4 " in robin.page("/")
    monkeypatch.setattr(listing, "LOOKED_THROUGH", LOOKED_THROUGH)
    assert "Waiting for your answer 2+" in robin.page("/")
    first = robin.get("/conversations?mine=1")
    assert "2 conversations in this part of the list" in words(first)
    assert "The next page searches older conversations" in words(first)
    there, last = walk(robin, "/conversations?mine=1", NEXT)
    assert sorted(there) == held
    back, _ = walk(robin, last, PREVIOUS)
    assert sorted(back) == held
    second = robin.get(link(NEXT, first.get_data(as_text=True)))
    assert "No match so far" in words(second)


def walk(visitor: Visitor, path: str, way: re.Pattern[str]) -> tuple[list[str], str]:
    """The conversations on the pages from `path` on, and where the way ends."""
    seen: list[str] = []
    while True:
        text = visitor.get(path).get_data(as_text=True)
        seen += LINES.findall(text)
        if not way.search(text):
            return seen, path
        path = link(way, text)


def link(way: re.Pattern[str], text: str) -> str:
    found = way.search(text)
    assert found is not None
    return found.group(1).replace("&amp;", "&")
