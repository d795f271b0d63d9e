"""Every kind of page: accessible in both themes, silent on the console, and narrow enough."""

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.browser.axe import violations_in_both_themes
from tests.browser.chromium import DESKTOP
from tests.browser.console_pages.conftest import ADMIN, Served, pages_of, surfing

pytestmark = pytest.mark.browser

MISSING = "the server responded with a status of 404"
PHONE: ViewportSize = {"width": 320, "height": 640}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_every_page_is_accessible_narrow_enough_and_complains_of_nothing(
    chromium: Browser, served: Served
) -> None:
    found: dict[str, list[str]] = {}
    with surfing(chromium, served, ADMIN, color_scheme="light", reduced_motion="reduce") as ana:
        for path in pages_of(served):
            ana.page.goto(path)
            wrong = violations_in_both_themes(ana.page)
            ana.page.set_viewport_size(PHONE)
            if (too_wide := ana.page.evaluate(OVERFLOW)) > 0:
                wrong.append(f"It scrolls sideways by {too_wide} pixels on a narrow phone.")
            ana.page.set_viewport_size(DESKTOP)
            said = [text for text in ana.complaints.texts if MISSING not in text]
            ana.complaints.texts.clear()
            if wrong or said:
                found[path] = wrong + said
    assert found == {}
