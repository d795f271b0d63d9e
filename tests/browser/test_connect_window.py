"""Connecting Gmail from the side panel: the window closes itself and the card is redrawn."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import DESKTOP, PATIENCE_MS
from tests.support.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.flow]

SOON_MS = 40_000
"""Two redirects to Google and back; two busy cores need their time."""


@pytest.fixture
def page(chromium: Browser, product: Product) -> Iterator[Page]:
    context = chromium.new_context(
        viewport=DESKTOP, base_url=f"http://127.0.0.1:{product.place.simulator_port}"
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def allow_everything(window: Page, name: str) -> None:
    """Sign in to Rapport, let it use the mailbox, and confirm that it is the right one."""
    window.get_by_text("Sign in with Google").first.click()
    window.get_by_text(name).first.click()
    allow = window.get_by_role("button", name="Allow")
    allow.click()
    go_on = window.get_by_role("button", name="Continue to Google")
    expect(window.get_by_text("Who will be able to read it")).to_be_visible(timeout=SOON_MS)
    go_on.click()
    window.get_by_text(name).first.click()
    expect(window.get_by_text("Send email on your behalf")).to_be_visible(timeout=SOON_MS)
    allow.click()
    save = window.get_by_role("button", name="Save and connect")
    expect(save).to_be_visible(timeout=SOON_MS)
    with window.expect_event("close", timeout=SOON_MS):
        save.click()


def test_the_home_card_shows_the_import_without_a_refresh(page: Page) -> None:
    page.goto("/simulator")
    page.get_by_label("Person").select_option(label="Ana Lindt")
    panel = page.locator("#panel")
    with page.expect_popup() as opened:
        panel.get_by_role("button", name="Connect Gmail").click()
    allow_everything(opened.value, "Ana Lindt")
    expect(panel.get_by_text("Connect Gmail to start")).to_have_count(0, timeout=SOON_MS)
    expect(panel.get_by_text("Today")).to_be_visible()
    page.locator("#inspector-button").click()
    expect(page.get_by_text("seemed closed at once")).to_have_count(0)
