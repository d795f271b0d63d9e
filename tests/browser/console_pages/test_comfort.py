"""What JavaScript adds: live filters that Back undoes, quick-jump, dialogs, menus, theme."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.axe import violations
from tests.browser.console_pages.conftest import Served, Surfer, surfing
from tests.support.company import ROBIN

pytestmark = pytest.mark.browser


def test_a_live_filter_asks_once_for_an_edit_and_back_shows_the_whole_page(robin: Surfer) -> None:
    page = robin.page
    page.goto("/accounts")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "accounts?" in one.url else None)
    page.get_by_label("Search name or domain").press_sequentially("north", delay=20)
    expect(page.get_by_role("link", name="Fabrikam")).to_have_count(0)
    expect(page.get_by_role("link", name="Northwind Traders")).to_be_visible()
    assert len(asked) == 1
    assert "q=north" in page.url
    page.get_by_role("link", name="Northwind Traders").click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Accounts", exact=True)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Accounts", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Fabrikam")).to_be_visible()
    assert robin.complaints.texts == []


@pytest.mark.contract("V-24")
@pytest.mark.parametrize("keys", ["Control+j", "Control+k"])
def test_quick_jump_opens_by_keyboard_and_goes_to_the_first_found(robin: Surfer, keys: str) -> None:
    page = robin.page
    page.goto("/")
    page.keyboard.press(keys)
    box = page.get_by_label("Jump to", exact=True)
    expect(box).to_be_focused()
    expect(page.locator("#jump").get_by_role("link", name="Policies")).to_be_visible()
    assert violations(page) == []
    box.fill("sending windows")
    expect(page.locator("#jump").get_by_role("link")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Email settings")).to_be_visible()


def test_send_now_asks_in_a_dialog_that_can_be_left(robin: Surfer, served: Served) -> None:
    page = robin.page
    page.goto(f"/pending/{served.pending}")
    page.get_by_role("link", name="Send now").click()
    dialog = page.get_by_role("dialog", name="Send now?")
    expect(dialog).to_be_visible()
    assert violations(page) == []
    dialog.get_by_role("button", name="Keep it as it is").click()
    expect(dialog).not_to_be_visible()
    assert served.company.value("SELECT urgency FROM pending_messages") == "scheduled"
    page.get_by_role("link", name="Send now").click()
    dialog.get_by_role("button", name="Send now").click()
    expect(page.get_by_text("It leaves in a moment.").first).to_be_visible()
    assert served.company.value("SELECT urgency FROM pending_messages") == "now"


def test_a_menu_closes_with_escape_and_gives_the_focus_back(robin: Surfer) -> None:
    page = robin.page
    page.goto("/conversations/pending")
    menu = page.get_by_label("Acts for Renewal check-in")
    menu.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Open", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Edit", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(page.get_by_role("link", name="Open", exact=True)).not_to_be_visible()


def test_the_skip_link_comes_first(robin: Surfer) -> None:
    page = robin.page
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_theme_is_switched_and_remembered(robin: Surfer) -> None:
    page = robin.page
    page.goto("/")
    before = page.locator("html").get_attribute("data-bs-theme")
    page.get_by_label("Switch between light and dark").click()
    page.goto("/accounts")
    assert page.locator("html").get_attribute("data-bs-theme") != before


@pytest.mark.contract("VC-40")
def test_the_forecast_follows_the_date(robin: Surfer, served: Served) -> None:
    page = robin.page
    page.goto(f"/conversations/{served.conversation}")
    expect(page.locator("#forecast")).to_contain_text("Leaves now")
    expect(page.get_by_label("Date and time")).not_to_be_visible()
    page.get_by_label("After a delay").check()
    expect(page.locator("#forecast")).to_contain_text("On the date chosen for it")
    expect(page.get_by_label("Length of the delay")).to_be_visible()


def test_a_message_of_a_customer_is_shown_in_a_closed_frame(robin: Surfer, served: Served) -> None:
    page = robin.page
    page.goto(f"/conversations/{served.conversation}")
    page.get_by_text("Show the original").first.click()
    frame = page.frame_locator("iframe[title^='Original text']").first
    expect(frame.locator("b")).to_have_text("Robin")
    assert robin.complaints.texts == []


def test_the_time_zone_of_the_browser_is_offered_where_another_is_set(
    chromium: Browser, served: Served
) -> None:
    with surfing(chromium, served, ROBIN, timezone_id="Asia/Tokyo") as tokyo:
        page = tokyo.page
        page.goto("/settings/email")
        expect(page.get_by_text("Your browser is in Asia/Tokyo.")).to_be_visible()
        page.get_by_role("button", name="Use that").click()
        expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("Times in Asia/Tokyo")).to_be_visible()
        expect(page.get_by_text("Your browser is in")).to_be_hidden()
        assert tokyo.complaints.texts == []


def test_enter_waits_for_what_was_typed_instead_of_opening_what_stood_there(
    robin: Surfer,
) -> None:
    page = robin.page
    page.goto("/")
    page.keyboard.press("Control+j")
    expect(page.locator("#jump").get_by_role("link", name="Policies")).to_be_visible()
    page.keyboard.type("never log")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Never log")).to_be_visible()


def test_all_rows_are_ticked_at_once_and_counted(robin: Surfer) -> None:
    page = robin.page
    page.goto("/contacts")
    page.get_by_label("Tick all of this page").check()
    rows = page.get_by_role("checkbox", name="Dana Reyes")
    expect(rows).to_be_checked()
    expect(page.get_by_role("button", name="Set unsubscribed")).to_be_in_viewport()
    count = page.locator("[name=contact]").count()
    expect(page.get_by_text(f"With the {count} ticked contacts:")).to_be_visible()


def test_the_browsers_zone_is_offered_where_somebody_arrives(
    chromium: Browser, served: Served
) -> None:
    with surfing(chromium, served, ROBIN, timezone_id="Asia/Tokyo") as tokyo:
        page = tokyo.page
        page.goto("/")
        expect(page.get_by_text("this browser is in Asia/Tokyo")).to_be_visible()
        page.get_by_role("button", name="Use that").click()
        expect(page.get_by_text("Times are in Asia/Tokyo from now on")).to_be_visible()
        expect(page.get_by_text("this browser is in")).to_have_count(0)
        assert tokyo.complaints.texts == []
