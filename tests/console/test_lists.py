"""Lists: searched, filtered, sorted, and read a page at a time in both directions."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from backend.domain.paging import ListQuery
from backend.queries import accounts, contacts
from tests.console.conftest import Visitor, words
from tests.support.company import Company
from tests.support.decisions import import_customers, unsubscribe

NAMES = re.compile(r"Account \d{3}")
NEXT = re.compile(r'href="([^"]+)" rel="next"')
PREVIOUS = re.compile(r'href="([^"]+)" rel="prev"')


@contextmanager
def counted(company: Company) -> Iterator[list[str]]:
    """The statements that are sent to Postgres meanwhile."""
    statements: list[str] = []
    engine = company.deps.store._engine

    def note(*about: Any) -> None:
        statements.append(about[2])

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def link(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    assert found is not None
    return found.group(1).replace("&amp;", "&")


@pytest.fixture
def many(quiet_company: Company) -> None:
    """120 accounts more, half of them on trial; with some of them there was mail."""
    lines = []
    for n in range(1, 121):
        person = f"Pat {n},pat@a{n}.example" if n % 12 == 0 else ","
        lines.append(f"Account {n:03},a{n}.example,{'Trial' if n % 2 == 0 else ''},{person}")
        if n % 12 == 0:
            at = quiet_company.deps.now() - timedelta(hours=n)
            quiet_company.receives(**{"from": f"pat@a{n}.example", "date": at.isoformat()})
    import_customers(quiet_company, "Account,Domain,Plan,Name,Email", *lines)
    quiet_company.connected()


@pytest.mark.usefixtures("many")
def test_pages_hold_every_row_once_and_lead_back(robin: Visitor) -> None:
    for sort in ("name", "interaction", "reply"):
        path, seen, pages = f"/accounts?sort={sort}", [], []
        while True:
            answer = robin.get(path)
            text = answer.get_data(as_text=True)
            names = NAMES.findall(words(answer))
            seen += names
            pages.append(names)
            if not NEXT.search(text):
                break
            path = link(NEXT, text)
        assert len(seen) == len(set(seen)) == 120, sort
        back = robin.get(link(PREVIOUS, text))
        assert NAMES.findall(words(back)) == pages[-2], sort


@pytest.mark.usefixtures("many")
def test_the_number_of_rows_is_said_with_and_without_a_filter(
    robin: Visitor, quiet_company: Company
) -> None:
    example = len(quiet_company.simulator.company["accounts"])
    assert f"{example + 120} accounts" in robin.page("/accounts")
    assert "60 accounts" in robin.page("/accounts?plan=Trial")


def test_a_list_needs_the_same_number_of_queries_for_one_row_and_for_fifty(
    quiet_company: Company,
) -> None:
    actor = quiet_company.actor()
    counts = {}
    for rows in (1, 50):
        with counted(quiet_company) as statements:
            accounts.accounts(quiet_company.deps, actor, ListQuery(limit=rows))
            contacts.contacts(quiet_company.deps, actor, ListQuery(limit=rows))
        counts[rows] = len(statements)
    assert counts[1] == counts[50]


def test_a_search_that_finds_nothing_offers_the_way_out(robin: Visitor) -> None:
    text = robin.page("/accounts?q=nortwind")
    assert "No accounts match" in text
    assert "Clear filters" in text


def test_wildcards_in_a_search_are_taken_literally(robin: Visitor) -> None:
    assert "No accounts match" in robin.page("/accounts?q=%25_%25")


def test_contacts_are_found_by_name_and_by_the_start_of_an_address(robin: Visitor) -> None:
    assert "Dana Reyes" in robin.page("/contacts?q=reyes")
    assert "Dana Reyes" in robin.page("/contacts?q=DANA%40north")
    assert "No contacts match" in robin.page("/contacts?q=northwind.example")


@pytest.mark.contract("VC-85", "VC-86")
def test_the_list_says_who_unsubscribed_and_filters_by_it(
    robin: Visitor, quiet_company: Company
) -> None:
    unsubscribe(quiet_company.at(datetime(2026, 10, 2, 12, tzinfo=UTC)))
    text = robin.page("/contacts?subscription=unsubscribed")
    assert "Unsubscribed 2 Oct" in text
    assert "Dana Reyes" in text
    assert "Mei Tan" not in text
    assert "Dana Reyes" not in robin.page("/contacts?subscription=subscribed")
    assert "Dana Reyes" in robin.page("/contacts?sort=unsubscribed").partition("Unsubscribed 2")[0]


@pytest.mark.contract("VC-87")
def test_ticked_contacts_are_switched_by_hand_and_back(
    robin: Visitor, quiet_company: Company
) -> None:
    ids = dict(quiet_company.rows("SELECT name, id FROM contacts"))
    two = [ids["Dana Reyes"], ids["Mei Tan"]]
    form = {"contact": two, "to": "unsubscribed", "back": "/contacts?subscription=unsubscribed"}
    text = robin.follow(robin.post("/contacts/subscriptions", **form))
    assert "2 contacts are unsubscribed." in text
    assert "2 contacts" in text.partition("Times in")[0]
    assert "Dana Reyes" in text
    robin.post("/contacts/subscriptions", contact=ids["Dana Reyes"], to="subscribed")
    text = robin.page("/contacts?subscription=unsubscribed")
    assert "Dana Reyes" not in text
    assert "Mei Tan" in text
    for wrong in ({"to": "unsubscribed"}, {"contact": two, "to": "nothing"}):
        assert robin.post("/contacts/subscriptions", **wrong).status_code == 422
    away = robin.post("/contacts/subscriptions", **{**form, "back": "//evil.example"})
    assert away.headers["Location"] == "/contacts"


@pytest.mark.contract("S-36")
def test_accounts_and_contacts_are_narrowed_by_how_long_ago_something_was(
    robin: Visitor, quiet_company: Company
) -> None:
    for sender, days in (
        (somebody_at(quiet_company, "Litware"), 3),
        (somebody_at(quiet_company, "Fabrikam"), 40),
        ("dana@northwind.example", 3),
        ("mei@fabrikam.example", 40),
    ):
        at = quiet_company.deps.now() - timedelta(days=days)
        quiet_company.receives(**{"from": sender, "date": at.isoformat()})
    quiet_company.connected()
    for value, there, away in (
        ("7", ("Litware", "Dana Reyes"), ("Fabrikam", "Mei Tan")),
        ("over-30", ("Fabrikam", "Mei Tan"), ("Litware", "Dana Reyes")),
        ("90", ("Fabrikam", "Mei Tan"), ("Wingtip Toys", "Jon Berg")),
        ("never", ("Wingtip Toys", "Jon Berg"), ("Fabrikam", "Mei Tan")),
    ):
        for page, name, other in zip(("/accounts", "/contacts"), there, away, strict=True):
            for field, sort in (("heard", "interaction"), ("replied", "reply")):
                text = robin.page(f"{page}?{field}={value}&sort={sort}")
                table_only = text.partition("Last email reply")[2].rpartition("Clear filters")[0]
                assert name in table_only, (page, field, value)
                assert other not in table_only, (page, field, value)


def somebody_at(company: Company, account: str) -> str:
    """The address of a contact there."""
    query = (
        "SELECT p.key FROM contact_addresses p JOIN account_contacts USING (contact_id)"
        " JOIN accounts a ON a.id = account_id WHERE a.name = %s ORDER BY p.key"
    )
    return str(company.value(query, account))


@pytest.mark.parametrize("cursor", ["garbage", "WyJhZnRlciIsICJ4IiwgIjEiXQ"])
def test_a_link_to_a_page_that_was_tampered_with_harms_nothing(robin: Visitor, cursor: str) -> None:
    assert robin.get(f"/accounts?cursor={cursor}").status_code in {200, 404}


def test_htmx_gets_the_region_and_going_back_gets_the_page(robin: Visitor) -> None:
    region = robin.get("/accounts?q=north", **{"HX-Request": "true"}).get_data(as_text=True)
    back = robin.get(
        "/accounts?q=north",
        **{"HX-Request": "true", "HX-History-Restore-Request": "true"},
    ).get_data(as_text=True)
    assert "Northwind Traders" in region
    assert "<html" not in region
    assert "<html" in back


def test_the_people_of_one_account_are_named_as_such_and_the_way_out_is_shown(
    robin: Visitor, quiet_company: Company
) -> None:
    number = quiet_company.value("SELECT id FROM accounts WHERE name = 'Northwind Traders'")
    answer = robin.get(f"/contacts?account={number}&sort=name")
    assert "Mei Tan" not in words(answer)
    text = answer.get_data(as_text=True)
    assert 'href="/contacts?sort=name" aria-label="Show all accounts"' in text


@pytest.mark.contract("S-34", "S-35", "S-37")
def test_accounts_are_sorted_by_their_last_interaction_and_reply(
    robin: Visitor, quiet_company: Company
) -> None:
    quiet_company.receives(**{"from": somebody_at(quiet_company, "Litware")})
    quiet_company.connected()
    by_reply = robin.page("/accounts?sort=reply")
    assert by_reply.index("Litware") < by_reply.index("Fabrikam")
    assert "Last email reply" in by_reply
