"""C-4: several contacts share one address, and the rep says who is meant."""

import pytest

from tests.addon.panel import Panel, Shown
from tests.support.company import DANA, KIM, ROBIN, Company
from tests.support.decisions import add_contact
from tests.support.open_mail import mail_from_dana


@pytest.fixture
def warehouse(company: Company) -> str:
    """The id of a second contact with Dana's address, at another account."""
    addresses = ("desk@fabrikam.example", DANA)
    return str(add_contact(company, "Warehouse desk", *addresses, accounts=["Fabrikam"]))


def choices(shown: Shown) -> list[str]:
    """Who can be chosen, the one the card is about first."""
    return [
        item["text"]
        for section in shown.card["sections"]
        for widget in section["widgets"]
        if widget.get("selectionInput", {}).get("name") == "person"
        for item in widget["selectionInput"]["items"]
    ]


@pytest.mark.contract("D-6")
def test_the_card_lets_the_rep_choose_and_keeps_to_it(
    panel: Panel, company: Company, warehouse: str
) -> None:
    shown = panel.open(mail_from_dana(company)[ROBIN])
    assert (shown.title, choices(shown)) == (
        "Dana Reyes",
        ["Dana Reyes, Northwind Traders", "Warehouse desk, Fabrikam"],
    )
    chosen = shown.press("Use this person", {"person": warehouse})
    assert chosen.title == "Warehouse desk"
    assert choices(chosen)[0] == "Warehouse desk, Fabrikam"
    assert chosen.press("Log").title == "Warehouse desk"
    noted = chosen.press("Save note", {"note": "Ask for the key"})
    assert noted.title == "Warehouse desk"
    assert company.value("SELECT a.name FROM notes n JOIN accounts a ON a.id = n.account_id") == (
        "Fabrikam"
    )
    assert panel.open(shown.message or "").title == "Dana Reyes"


@pytest.mark.contract("D-6")
def test_a_remembered_choice_is_the_whole_teams(
    panel: Panel, company: Company, warehouse: str
) -> None:
    mail = mail_from_dana(company)
    shown = panel.open(mail[ROBIN])
    chosen = shown.press("Use this person", {"person": warehouse, "remember": "yes"})
    assert chosen.answer["stateChanged"] is True
    theirs = panel.open(mail[KIM], KIM)
    assert theirs.title == "Warehouse desk"
    assert "Not this person? | 2 contacts have it" in theirs.text()
    logged = theirs.press("Log")
    assert logged.title == "Warehouse desk"
    dana = next(i for i in _items(theirs) if i["text"].startswith("Dana Reyes"))["value"]
    back = theirs.press("Use this person", {"person": dana, "remember": "yes"})
    assert back.title == "Dana Reyes"
    assert panel.open(mail[ROBIN]).title == "Dana Reyes"


def test_nobody_chosen_or_somebody_gone_is_said_in_a_line(
    panel: Panel, company: Company, warehouse: str
) -> None:
    shown = panel.open(mail_from_dana(company)[ROBIN])
    nobody = shown.press("Use this person", {"person": "x"})
    assert nobody.notice == "Choose one of the people, then press the button again."
    gone = shown.press("Use this person", {"person": str(int(warehouse) + 1), "remember": "yes"})
    assert "This contact no longer shares an address. Open the email again." in gone.text()
    gone = shown.press("Use this person", {"person": str(int(warehouse) + 1)})
    assert gone.title == "Dana Reyes"


def _items(shown: Shown) -> list[dict[str, str]]:
    return [
        item
        for section in shown.card["sections"]
        for widget in section["widgets"]
        for item in widget.get("selectionInput", {}).get("items", [])
    ]
