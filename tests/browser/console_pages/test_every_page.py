"""Every kind of page: accessible in both themes, silent on the console, and narrow enough."""

import pytest
from playwright.sync_api import Browser

from tests.browser.axe import violations_in_both_themes
from tests.browser.console_pages.conftest import ADMIN, Served, pages_of, surfing

pytestmark = pytest.mark.browser

MISSING = "the server responded with a status of 404"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_axe_finds_nothing_and_no_page_complains(chromium: Browser, served: Served) -> None:
    found: dict[str, list[str]] = {}
    with surfing(chromium, served, ADMIN, color_scheme="light", reduced_motion="reduce") as ana:
        for path in pages_of(served):
            ana.page.goto(path)
            wrong = violations_in_both_themes(ana.page)
            said = [text for text in ana.complaints.texts if MISSING not in text]
            ana.complaints.texts.clear()
            if wrong or said:
                found[path] = wrong + said
    assert found == {}


def test_no_page_scrolls_sideways_on_a_narrow_phone(chromium: Browser, served: Served) -> None:
    narrow = {"width": 320, "height": 640}
    wide: dict[str, int] = {}
    with surfing(chromium, served, ADMIN, viewport=narrow) as ana:
        for path in pages_of(served):
            ana.page.goto(path)
            too_much = ana.page.evaluate(OVERFLOW)
            if too_much > 0:
                wide[path] = too_much
    assert wide == {}
