"""Quick-jump: every page by all its names, people and accounts by theirs."""

from urllib.parse import urlencode

import pytest

from backend.console.navigation import ENTRIES
from backend.domain.people.roles import Role
from backend.services.creating_contacts import NewContact, create_contact
from tests.console.conftest import Visitor
from tests.support.company import DANA, KIM, ROBIN, Company


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


def test_names_are_found_in_any_order_and_without_accents(
    robin: Visitor, quiet_company: Company
) -> None:
    person = NewContact(name="Björn von Müller", email="bjorn@northwind.example", account=None)
    create_contact(quiet_company.deps, quiet_company.actor(), person=person, log=None, nonce="1")
    for asked in ("müller BJÖRN", "bjorn muller", "mull jör", "Muller, Bjorn", "von muller"):
        assert "Björn von Müller" in robin.page("/jump?" + urlencode({"q": asked})), asked
    assert "1 contact" in robin.page("/contacts?q=muller+bjorn")
    assert "Traders" in robin.page("/accounts?q=Träders+north")
    assert "Nothing is called" in robin.page("/jump?q=muller+dana")


def test_subjects_are_found_by_whoever_may_read_them(
    robin: Visitor, kim: Visitor, ana: Visitor, quiet_company: Company
) -> None:
    first = {"to": [ROBIN], "from": DANA, "subject": "Fusión secreta"}
    before = quiet_company.simulator.post("/simulator/mail", first).json()["message_id"]
    answer = {"subject": "Re: Lunch", "in_reply_to": f"<{before}>", "to": [KIM]}
    quiet_company.receives(KIM, **{"from": DANA, **answer})
    for email in (ROBIN, KIM):
        quiet_company.connected(email)
    robin.post("/mailbox/sharing", sharing="metadata")
    assert "Fusión secreta" in robin.page("/jump?q=secreta+fusion")
    for other in (kim, ana):
        assert "Conversations Fus" not in other.page("/jump?q=secreta+fusion")


def test_htmx_gets_the_list_alone(robin: Visitor) -> None:
    text = robin.get("/jump?q=", **{"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" not in text
    for entry in ENTRIES:
        assert (f"{entry.title}</span>" in text) is (entry.least is Role.MEMBER)
