"""Quick-jump: every page by all its names, people and accounts by theirs."""

import pytest

from backend.console.navigation import ENTRIES
from backend.domain.roles import Role
from tests.console.conftest import Visitor


@pytest.mark.contract("V-24", "VC-89")
@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("Settings → Data Management → Integrations → Gmail", "Integrations: Gmail"),
        ("sending windows", "Email settings"),
        ("Settings → Profile", "Email settings"),
        ("my profile general", "Email settings"),
        ("users", "Contacts"),
        ("blocklist", "Never log"),
        ("dashboard", "Home"),
        ("mail is missing", "Help"),
        ("third-party", ""),
        ("pol", "Policies"),
    ],
)
def test_a_page_is_found_by_the_names_of_other_documents(
    robin: Visitor, words: str, page: str
) -> None:
    answer = robin.client.get("/jump", query_string={"q": words})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert (f"{page}</span></a>" in text) if page else ("Nothing is called" in text)


def test_people_and_accounts_are_found_beside_pages(robin: Visitor) -> None:
    text = robin.page("/jump?q=dana")
    assert "Contacts Dana Reyes Northwind Traders" in text.replace("DR ", "")
    assert "Accounts" in robin.page("/jump?q=fabrikam")
    assert "Nothing is called “zzz”" in robin.page("/jump?q=zzz")


def test_htmx_gets_the_list_alone(robin: Visitor) -> None:
    text = robin.get("/jump?q=", **{"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" not in text
    for entry in ENTRIES:
        assert (f"{entry.title}</span>" in text) is (entry.least is Role.MEMBER)
