"""Account traits: an admin names one, anybody fills it, and a policy files mail by it (S-18)."""

import pytest

from tests.console.conftest import Visitor
from tests.support.company import ROBIN, Company

LEE = "Lee Ward <lee@northwind.example>"


def northwind(company: Company) -> str:
    found = company.value("SELECT id FROM accounts WHERE name = 'Northwind Traders'")
    return f"/accounts/{found}"


@pytest.mark.contract("S-16", "S-18", "S-19", "D-18")
def test_an_admin_names_the_trait_that_holds_the_domains(
    quiet_company: Company, ana: Visitor, connected: Visitor
) -> None:
    added = ana.post("/settings/account-traits", name="Web domain")
    assert "Added: Web domain." in ana.follow(added)
    page = ana.get("/settings/policies").get_data(as_text=True)
    assert "Accounts match by the domains in their trait “Web domain”." in page
    ana.post("/settings/policies/D-18", **{"match.by_domain": "Web domain"})
    traits = ana.page("/settings/account-traits")
    assert "Mail is filed by it" in traits

    trait = quiet_company.value("SELECT id FROM account_traits")
    key, account = f"trait-{trait}", northwind(quiet_company)
    wrong = connected.post(account, domain="", **{key: "gmail.com"})
    assert wrong.status_code == 422
    assert "“gmail.com” is no mail domain" in wrong.get_data(as_text=True)
    saved = connected.post(account, domain="northwind.test", **{key: "northwind.example"})
    assert "Saved." in connected.follow(saved)
    html = connected.get(f"{account}/edit").get_data(as_text=True)
    assert 'value="northwind.example"' in html
    assert 'value="northwind.test"' in html

    quiet_company.receives(ROBIN, subject="By domain", **{"from": LEE})
    quiet_company.later(minutes=20).sweep()
    assert "By domain" in connected.page(account)


def test_only_admins_name_traits(quiet_company: Company, robin: Visitor, ana: Visitor) -> None:
    assert robin.post("/settings/account-traits", name="Web domain").status_code == 403
    assert "Only admins add and remove traits." in robin.page("/settings/account-traits")
    for name in ("Domain", " ", "Plan", "x" * 61):
        assert ana.post("/settings/account-traits", name=name).status_code == 422, name
    assert quiet_company.value("SELECT count(*) FROM account_traits") == 0


def test_a_trait_is_removed_with_what_it_says(quiet_company: Company, ana: Visitor) -> None:
    ana.post("/settings/account-traits", name="Region")
    again = ana.post("/settings/account-traits", name="region")
    assert "There is a trait “region” already." in ana.follow(again)
    trait = quiet_company.value("SELECT id FROM account_traits")
    ana.post(northwind(quiet_company), domain="", **{f"trait-{trait}": "South"})
    assert "Says something of 1 account" in ana.page("/settings/account-traits")
    removed = ana.post(f"/settings/account-traits/{trait}/removal")
    assert "Removed: Region." in ana.follow(removed)
    assert quiet_company.value("SELECT count(*) FROM account_trait_values") == 0
    again = ana.post(f"/settings/account-traits/{trait}/removal")
    assert "it was removed already" in ana.follow(again)
