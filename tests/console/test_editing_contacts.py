"""Contacts are edited by hand: fields, addresses, accounts, archive and deletion."""

import re

from tests.console.conftest import Visitor, at, words
from tests.console.test_editing_accounts import WAS
from tests.support.company import Company

UNDOING = re.compile(r"/contacts/edits/\d+/undoing")


def dana(company: Company) -> str:
    found = company.value("SELECT id FROM contacts WHERE name = 'Dana Reyes'")
    return f"/contacts/{found}"


def test_fields_are_edited_by_two_and_undone(
    quiet_company: Company, robin: Visitor, kim: Visitor
) -> None:
    contact = dana(quiet_company)
    was = dict(WAS.findall(robin.get(f"{contact}/edit").get_data(as_text=True)))
    shown = was | {name.removeprefix("was-"): value for name, value in was.items()}
    bad = {"phone": "call me", "last_login_on": "2099-01-01", "name": ""}
    wrong = robin.post(contact, **{**shown, **bad})
    assert wrong.status_code == 422
    for sentence in ("“call me” is not a phone number", "still to come", "Enter a name."):
        assert sentence in words(wrong), sentence
    fields = {"phone": "+44 20 7946 0000", "is_admin": "yes", "last_login_on": "2026-11-02"}
    page = robin.follow(robin.post(contact, **{**shown, **fields}))
    for word in ("+44 20 7946 0000", "2 Nov 2026", "Changed by Robin"):
        assert word in page, word
    late = kim.post(contact, **{**shown, "phone": "030 1234", "title": "CFO"})
    assert late.status_code == 409
    assert "Phone was changed meanwhile (Robin" in words(late)
    other = kim.post(contact, **{**shown, "title": "CFO"})
    assert "+44 20 7946 0000" in kim.follow(other), "who left the phone alone keeps it"
    changes = robin.get(f"{contact}/changes").text
    robin.post(UNDOING.findall(changes)[-1])
    page = robin.page(contact)
    assert "CFO" in page
    assert "+44 20 7946 0000" not in page


def test_addresses_and_accounts_are_changed_and_undone(
    quiet_company: Company, robin: Visitor
) -> None:
    contact = dana(quiet_company)
    for address, sentence in (
        ("dana@", "dana@ is not a usable email address"),
        ("new@lumenworks.example", "team"),
    ):
        refused = robin.post(f"{contact}/addresses", address=address)
        assert refused.status_code == 422
        assert sentence in words(refused), address
    robin.follow(robin.post(f"{contact}/addresses", address="Dana@Home.example"))
    change = f"{contact}/addresses/change"
    moved = robin.follow(robin.post(change, primary="Dana@Home.example"))
    assert "Mail goes to Dana@Home.example from now on." in moved
    removed = robin.follow(robin.post(change, remove="dana@northwind.example"))
    assert "dana@northwind.example is removed. Its mail stays" in removed
    taken = robin.post(f"{robin_made(robin)}/addresses", address="dana@home.example")
    assert "Dana Reyes has this address." in words(taken)
    robin.post(UNDOING.findall(robin.get(f"{contact}/changes").text)[0])
    rows = quiet_company.rows(
        "SELECT address, is_primary FROM contact_addresses a JOIN contacts c ON c.id = contact_id"
        " WHERE c.name = 'Dana Reyes' ORDER BY a.key"
    )
    assert rows == [("Dana@Home.example", True), ("dana@northwind.example", False)]

    accounts = f"{contact}/accounts"
    assert robin.post(accounts, account="No such", role="").status_code == 422
    joined = robin.follow(robin.post(accounts, account="northwind traders", role="Champion"))
    assert "Champion" in joined
    account = quiet_company.value("SELECT id FROM accounts WHERE name = 'Northwind Traders'")
    left = robin.follow(robin.post(f"{accounts}/leaving", account=account))
    assert "No account." in left
    assert "Northwind Traders (Champion) → nothing" in robin.page(f"{contact}/changes")


def robin_made(robin: Visitor) -> str:
    return at(robin.post("/contacts", name="Lee Ward", email="lee@alder.example", account=""))


def test_a_contact_is_archived_and_deleted(
    quiet_company: Company, robin: Visitor, ana: Visitor
) -> None:
    contact = dana(quiet_company)
    assert "Their mail still comes in." in robin.follow(
        robin.post(f"{contact}/archiving", archived="yes")
    )
    assert "Dana Reyes" not in robin.page("/contacts?q=Dana")
    assert "Dana Reyes" in robin.page("/contacts?archived=1")
    assert robin.get(f"{contact}/deletion").status_code == 403
    assert robin.post(f"{contact}/deletion").status_code == 403
    assert "no mail is filed under them any more" in ana.page(f"{contact}/deletion")
    assert "Dana Reyes is deleted." in ana.follow(ana.post(f"{contact}/deletion"))
    assert "This contact is not there any more." in ana.follow(ana.post(f"{contact}/deletion"))
    assert ana.get(contact).status_code == 404
