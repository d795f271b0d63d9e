"""Conversations narrowed to a mailbox, an account or an account type."""

import re

import pytest

from backend.queries.conversations import listing
from tests.console.conftest import Visitor, words
from tests.support.office import KIM, ROBIN, Office

SPARSE = """
WITH made AS (
  INSERT INTO conversations (workspace_id, subject, message_count, first_message_at,
                             last_message_at)
  SELECT w.id, 'Subject ' || lpad(n::text, 2, '0'), 1, now(), now() - n / 2 * interval '1 hour'
    FROM workspaces w, generate_series(1, 60) n
  RETURNING id, workspace_id, subject)
INSERT INTO gmail_threads (workspace_id, mailbox_id, thread_id, conversation_id)
SELECT made.workspace_id, m.id, made.subject, made.id FROM made, mailboxes m
 WHERE made.subject IN ('Subject 03', 'Subject 04', 'Subject 05', 'Subject 31', 'Subject 60')
"""
HELD = "SELECT conversation_id::text FROM gmail_threads ORDER BY 1"
"""Two by two conversations are of the same moment, so that a part may end between them."""

LINES = re.compile(r'href="/conversations/(\d+)"')
NEXT = re.compile(r'href="([^"]+)" rel="next"')
PREVIOUS = re.compile(r'href="([^"]+)" rel="prev"')


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


def test_a_long_list_is_looked_through_part_by_part_in_both_directions(
    robin: Visitor, quiet_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However rare a match is, a page stays bounded and nothing stays unfound."""
    quiet_office.connected(ROBIN)
    quiet_office.run(SPARSE)
    monkeypatch.setattr(listing, "LOOKED_THROUGH", 10)
    held = [one for (one,) in quiet_office.rows(HELD)]
    first = robin.get("/conversations?mine=1")
    assert "3 conversations in this part of the list" in words(first)
    assert "The next page searches older conversations" in words(first)
    there, last = walk(robin, "/conversations?mine=1", NEXT)
    assert sorted(there) == held
    back, _ = walk(robin, last, PREVIOUS)
    assert sorted(back) == held
    second = robin.get(link(NEXT, first.get_data(as_text=True)))
    assert "No match so far" in words(second)


def test_home_says_that_there_may_be_more_than_it_counted(
    robin: Visitor, quiet_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet_office.connected(ROBIN)
    quiet_office.run(SPARSE)
    quiet_office.run("UPDATE conversations SET last_inbound_at = last_message_at")
    assert "Waiting for your answer 5 " in robin.page("/")
    monkeypatch.setattr(listing, "LOOKED_THROUGH", 10)
    assert "Waiting for your answer 3+" in robin.page("/")


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
