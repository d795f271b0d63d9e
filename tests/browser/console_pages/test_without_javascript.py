"""The whole job without JavaScript: filter, open, write, edit, ask, send, switch settings."""

import pytest
from playwright.sync_api import expect

from tests.browser.console_pages.conftest import Served, Surfer
from tests.support.company import DANA

pytestmark = pytest.mark.browser


def test_a_list_is_filtered_by_a_button(plain_robin: Surfer) -> None:
    page = plain_robin.page
    page.goto("/accounts")
    page.get_by_label("Search name or domain").fill("north")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_role("link", name="Northwind Traders")).to_be_visible()
    expect(page.get_by_role("link", name="Fabrikam")).to_have_count(0)


def test_a_mail_is_written_edited_and_deleted(plain_robin: Surfer, served: Served) -> None:
    page = plain_robin.page
    page.goto("/conversations/new")
    page.get_by_label("To", exact=True).fill(DANA)
    page.get_by_label("Subject", exact=True).fill("Written by hand")
    page.get_by_label("Message", exact=True).fill("Hello")
    page.get_by_label("After a delay").check()
    page.get_by_label("Length of the delay").fill("3")
    page.get_by_role("button", name="Queue email").click()
    expect(page.get_by_role("heading", name="Written by hand")).to_be_visible()

    page.get_by_label("Edit this email").click()
    page.get_by_label("Subject", exact=True).fill("Written anew")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Written anew")).to_be_visible()

    page.get_by_role("link", name="Delete").click()
    expect(page.get_by_text("will never be sent")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("link", name="Written anew")).to_have_count(0)


def test_send_now_asks_on_a_page_of_its_own(plain_robin: Surfer, served: Served) -> None:
    page = plain_robin.page
    page.goto(f"/pending/{served.pending}")
    page.get_by_role("link", name="Send now").click()
    expect(page.get_by_role("heading", name="Send now")).to_be_visible()
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_text("It leaves in a moment.")).to_be_visible()


def test_menus_open_and_the_way_out_works(plain_robin: Surfer) -> None:
    page = plain_robin.page
    page.goto("/")
    page.locator("summary", has_text="Robin Vale, your menu").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in with Google")).to_be_visible()


def test_the_theme_of_the_system_counts(plain_robin: Surfer) -> None:
    page = plain_robin.page
    page.emulate_media(color_scheme="dark")
    page.goto("/")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
