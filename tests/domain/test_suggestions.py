"""What the form for somebody unknown starts with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.ids import AccountId
from backend.domain.mail.address import address_key
from backend.domain.people.suggestions import (
    AccountHint,
    Suggestion,
    company_domain,
    name_from,
    suggest,
)
from tests.domain.mail import KIM_AT, TEAM

ALPHA = AccountHint(AccountId(1), "Alpha Traders", "alpha.example")
ACME = AccountHint(AccountId(2), "Acme", "www.acme.co.uk")


@pytest.mark.contract("M5")
@pytest.mark.parametrize(
    ("display", "key", "name"),
    [
        pytest.param("Lee Ward", "lw@a.example", "Lee Ward", id="as they call themselves"),
        pytest.param("Ward, Lee", "lw@a.example", "Lee Ward", id="family name first"),
        pytest.param('"Lee Ward"', "lw@a.example", "Lee Ward", id="in quotes"),
        pytest.param("Lee Ward (Alpha)", "lw@a.example", "Lee Ward", id="with a company behind"),
        pytest.param("Lee Ward via Sales", "lw@a.example", "Lee Ward", id="through a group"),
        pytest.param("Lee O'Neil", "lo@a.example", "Lee O'Neil", id="with an apostrophe"),
        pytest.param("Ward, Lee, MD", "lw@a.example", "Ward, Lee, MD", id="two commas are left"),
        pytest.param("Ward,", "lw@a.example", "Ward,", id="nothing behind the comma"),
        pytest.param("lw@a.example", "lee.ward@a.example", "Lee Ward", id="an address as a name"),
        pytest.param("", "lee_ward-smith2+x@a.example", "Lee Ward Smith", id="from the address"),
        pytest.param("", "李雷@a.example", "李雷", id="in another script"),
        pytest.param("", "1234@a.example", "1234@a.example", id="the address when all else fails"),
    ],
)
def test_the_name(display: str, key: str, name: str) -> None:
    assert name_from(display, key) == name


@given(st.text(max_size=40), st.emails())
def test_there_is_always_a_name_and_never_a_line_break(display: str, email: str) -> None:
    name = name_from(display, address_key(email))
    assert name.strip()
    assert "\n" not in name


@pytest.mark.contract("M5")
@pytest.mark.parametrize(
    ("key", "domain"),
    [
        pytest.param("lee@alpha.example", "alpha.example", id="a company"),
        pytest.param("lee@mail.acme.co.uk", "acme.co.uk", id="a company's mail server"),
        pytest.param("lee@gmail.com", None, id="free mail names no company"),
        pytest.param("lee@mailinator.com", None, id="nor does disposable mail"),
        pytest.param("lee@acme.github.io", None, id="nor a host shared by strangers"),
        pytest.param("info@alpha.example", None, id="a function is no person"),
        pytest.param(KIM_AT, None, id="we are no customer"),
    ],
)
def test_the_company(key: str, domain: str | None) -> None:
    assert company_domain(key, TEAM) == domain


@pytest.mark.contract("M5")
@pytest.mark.parametrize(
    ("company", "account", "new_account_name"),
    [
        pytest.param("alpha.example", ALPHA, None, id="an account with that domain"),
        pytest.param("acme.co.uk", ACME, None, id="one whose domain was entered with www"),
        pytest.param("notalpha.example", None, "Notalpha", id="not one that ends alike"),
        pytest.param("beta-tools.example", None, "Beta Tools", id="a name for a new one"),
        pytest.param("1und1.example", None, "Und", id="from the letters of the domain"),
        pytest.param("123.example", None, None, id="none from digits alone"),
        pytest.param(None, None, None, id="nothing without a company"),
    ],
)
def test_the_account(
    company: str | None, account: AccountHint | None, new_account_name: str | None
) -> None:
    found = suggest("Lee Ward", "lee@x.example", company=company, accounts=[ALPHA, ACME])
    assert found == Suggestion("Lee Ward", account, new_account_name)
