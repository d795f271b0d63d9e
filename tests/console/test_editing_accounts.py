"""Accounts are made, edited, archived and deleted by hand, by several people at once."""

import re

import pytest

from tests.console.conftest import Visitor, at, words
from tests.console.test_account_traits import northwind
from tests.support.company import Company

WAS = re.compile(r'name="(was-[^"]+)" value="([^"]*)"')


def drawn(visitor: Visitor, account: str) -> dict[str, str]:
    """The form as it is on the screen, sent back as it is."""
    was = dict(WAS.findall(visitor.get(f"{account}/edit").get_data(as_text=True)))
    return was | {name.removeprefix("was-"): value for name, value in was.items()}


def test_fields_are_edited_told_and_undone(quiet_company: Company, robin: Visitor) -> None:
    account = northwind(quiet_company)
    kim = quiet_company.value("SELECT id FROM team_members WHERE name LIKE 'Kim%%'")
    form = drawn(robin, account)
    wrong = robin.post(account, **{**form, "health": "101", "renews_on": "soon", "name": " "})
    assert wrong.status_code == 422
    for sentence in ("101 is too much", "“soon” is not a date", "Enter a name."):
        assert sentence in words(wrong), sentence
    assert 'value="soon"' in wrong.get_data(as_text=True)
    unsaid = robin.post(account, **{**form, "health": "41", "health_reason": ""})
    assert "Say why the health is set" in words(unsaid)
    said = {"health": "41", "health_reason": "Nobody answers", "ae": str(kim), "plan": "Gold"}
    page = robin.follow(robin.post(account, **{**form, **said, "renews_on": "2027-03-01"}))
    for word in ("Saved.", ", 41. Nobody answers", "Gold", "1 Mar 2027", "Changed by Robin"):
        assert word in page, word
    assert "Nothing was changed." in robin.follow(robin.post(account, **drawn(robin, account)))
    changes = robin.page(f"{account}/changes")
    assert "Renews:" in changes
    assert "Kim" in changes
    undoing = re.search(r"/accounts/edits/\d+/undoing", robin.get(f"{account}/changes").text)
    assert undoing is not None
    undone = robin.follow(robin.post(undoing.group()))
    assert "Undone." in undone
    assert "Gold" not in undone
    assert "undone already" in robin.follow(robin.post(undoing.group()))


def test_two_editors_lose_nothing(quiet_company: Company, robin: Visitor, kim: Visitor) -> None:
    account = northwind(quiet_company)
    mine, theirs = drawn(robin, account), drawn(kim, account)
    kim.post(account, **{**theirs, "plan": "Silver", "domain": "northwind.test"})
    both = robin.post(account, **{**mine, "plan": "Gold", "renews_on": "2027-03-01"})
    assert both.status_code == 409
    assert "Account type was changed meanwhile (Kim" in words(both)
    assert "it is “Silver” now" in words(both)
    assert quiet_company.value("SELECT plan FROM accounts WHERE name LIKE 'Northw%%'") == "Silver"
    html = both.get_data(as_text=True)
    again = {**mine, **dict(WAS.findall(html)), "plan": "Gold", "renews_on": "2027-03-01"}
    assert robin.post(account, **again).status_code == 303
    row = quiet_company.rows("SELECT plan, domain, renews_on::text FROM accounts WHERE id = 1")
    assert row == [("Gold", "northwind.test", "2027-03-01")]
    kim.get(account)
    undoing = sorted(re.findall(r"/accounts/edits/\d+/undoing", kim.get(f"{account}/changes").text))
    assert len(undoing) == 1, "what Kim did was changed again since"


def test_an_account_is_made_archived_and_deleted(
    quiet_company: Company, robin: Visitor, ana: Visitor
) -> None:
    there = robin.post("/accounts", name="northwind traders", domain="")
    assert there.status_code == 422
    assert "An account of this name is there already." in words(there)
    assert robin.post("/accounts", name="Alder", domain="gmail.com").status_code == 422
    alder = {"name": "Alder Works", "domain": "alder.example", "anyway": "1", "nonce": "once"}
    made = robin.post("/accounts", **alder)
    assert robin.post("/accounts", **alder).headers["Location"] == made.headers["Location"]
    account = at(made)
    assert "Alder Works is an account now." in robin.follow(made)
    archived = robin.follow(robin.post(f"{account}/archiving", archived="yes"))
    assert "Archived. Its mail still comes in." in archived
    assert "Alder Works" not in robin.page("/accounts")
    assert "Alder Works" in robin.page("/accounts?archived=1")
    robin.post(f"{account}/archiving", archived="")
    assert "Alder Works" in robin.page("/accounts")
    assert robin.post(f"{account}/deletion").status_code == 403
    assert "no mail is deleted" in ana.page(f"{account}/deletion")
    assert "Alder Works is deleted." in ana.follow(ana.post(f"{account}/deletion"))
    assert "This account is not there any more." in ana.follow(ana.post(f"{account}/deletion"))
    assert ana.get(account).status_code == 404
    assert ana.post(account, name="X").status_code == 404


@pytest.mark.parametrize("field", ["csm", "owner", "ae"])
def test_a_person_who_is_not_there_is_refused(
    quiet_company: Company, robin: Visitor, field: str
) -> None:
    answer = robin.post(northwind(quiet_company), **{field: "999999"})
    assert answer.status_code == 422
    assert "Choose another one." in words(answer)
