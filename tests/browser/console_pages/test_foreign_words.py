"""What others write never breaks a page: endless words, right-to-left text, many recipients."""

import pytest
from playwright.sync_api import expect

from tests.browser.console_pages.conftest import Surfer
from tests.support.company import DANA, ROBIN, Company

pytestmark = pytest.mark.browser

ENDLESS = "Donaudampfschifffahrtsgesellschaft" * 12
ARABIC = "مرحبا روبن،\n\nنود تجديد العقد."
RIGHT = "(node) => getComputedStyle(node).unicodeBidi"
WIDTHS = "() => ['table', 'main'].map((name) => document.querySelector(name).offsetWidth)"


@pytest.fixture
def strange(quiet_company: Company) -> None:
    """A strange mail, there before the mailbox is connected."""
    many = ", ".join(f"person{number}.with-a-name@sub-{number}.example" for number in range(30))
    mail = {"from": DANA, "subject": f"Re: {ENDLESS}", "text": ARABIC, "cc": many}
    quiet_company.receives(ROBIN, **mail)


def test_an_endless_word_leaves_the_other_columns_in_sight(strange: None, robin: Surfer) -> None:
    page = robin.page
    page.goto("/conversations")
    expect(page.get_by_role("link", name=ENDLESS)).to_be_visible()
    table, main = page.evaluate(WIDTHS)
    assert table <= main
    expect(page.get_by_role("link", name="Northwind Traders").first).to_be_in_viewport()


def test_text_from_right_to_left_keeps_its_direction(strange: None, robin: Surfer) -> None:
    page = robin.page
    page.goto("/conversations")
    page.get_by_role("link", name=ENDLESS).click()
    assert page.locator(".mail-text").last.evaluate(RIGHT) == "plaintext"
    everybody = page.get_by_text("person29.with-a-name@sub-29.example").last
    expect(everybody).not_to_be_visible()
    page.get_by_text("Everybody it went to").click()
    expect(everybody).to_be_visible()
