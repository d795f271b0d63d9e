"""The gallery in a browser: all golden cards at once, each of them a link into the side panel."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import violations
from tests.browser.chromium import new_context, new_page
from tests.simulator.page.test_gallery import GOLDEN, served

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Afterwards: no script failed. Pictures are not here, so that they are not asked for."""
    with (
        served(GOLDEN) as root,
        new_context(chromium, root) as context,
        new_page(context) as window,
    ):
        window.page.route("https://rapport.example.com/**", lambda route: route.fulfill(body=b""))
        yield window.page
        assert window.complaints.texts == []


def test_every_state_is_drawn_and_leads_into_the_panel(page: Page) -> None:
    page.goto("/simulator/gallery")
    number = len([*GOLDEN.glob("trigger/*.json"), *GOLDEN.glob("action/*.json")])
    expect(page.locator(".state")).to_have_count(number)
    expect(page.locator(".state", has=page.locator(".state-card, .state-note"))).to_have_count(
        number
    )
    assert violations(page) == []
    page.get_by_role("link", name="message-logged-by-a-colleague", exact=True).click()
    panel = page.locator("#panel")
    expect(panel.get_by_text("By Kim Doyle, 3 hours ago")).to_be_visible()
    assert violations(page) == []
