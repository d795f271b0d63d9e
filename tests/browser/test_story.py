"""The story of the README, played as a person would, in the product that one command starts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import DESKTOP, PATIENCE_MS
from tests.support.company import ANA, DANA, ROBIN
from tests.support.processes import eventually
from tests.support.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.flow]

SUBJECT = "Renewal of our plan for next year"
ANSWER = "Yes, 120 seats and quarterly invoices both work."
REACTION = "Wonderful, I sign this afternoon."
SOON_MS = 40_000
"""A mail leaves within seconds; two busy cores may need more."""


@pytest.fixture
def page(chromium: Browser, product: Product) -> Iterator[Page]:
    context = chromium.new_context(viewport=DESKTOP)
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


class Gmail:
    """The simulator's page."""

    def __init__(self, page: Page, product: Product) -> None:
        self.page, self.root = page, f"http://127.0.0.1:{product.place.simulator_port}"

    def be(self, email: str) -> None:
        """Opens the page of this person. A switch on it replaces what is clicked meanwhile."""
        self.page.goto(f"{self.root}/simulator?person={email}")
        expect(self.page.get_by_label("Person")).to_have_value(email)

    def open_mail(self, subject: str) -> None:
        self.page.locator("main").get_by_text(subject).first.click()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def answer(self, text: str) -> None:
        self.press("Reply")
        self.page.get_by_label("Message body").last.fill(text)
        self.press("Send")

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()


class Console:
    """The product's own pages."""

    def __init__(self, page: Page, product: Product) -> None:
        self.page, self.root = page, f"http://127.0.0.1:{product.place.port}"

    def sign_in(self, name: str) -> None:
        self.page.goto(self.root + "/")
        self.page.get_by_text("Sign in with Google").first.click()
        self.page.get_by_text(name).first.click()
        allow = self.page.get_by_role("button", name="Allow")
        home = self.page.get_by_role("link", name="Conversations").first
        expect(allow.or_(home).first).to_be_visible()
        if allow.count():
            allow.click()
        expect(home).to_be_visible()

    def connect_gmail(self) -> None:
        self.page.goto(self.root + "/settings/email")
        self.page.get_by_role("button", name="Connect Gmail").first.click()
        self.page.get_by_text("Robin Vale").first.click()
        self.page.get_by_role("button", name="Allow").click()
        self.page.get_by_role("button", name="Save and connect").click()
        expect(self.page.get_by_text("Authenticated").first).to_be_visible()
        self.page.get_by_label("Sending can be undone").select_option("0")
        self.page.get_by_role("button", name="Save", exact=True).click()
        expect(self.page.get_by_text("Saved.").first).to_be_visible()

    def open_conversation(self, subject: str) -> str:
        self.page.locator("main").get_by_role("link", name=subject).first.click()
        expect(self.page.get_by_role("button", name="Queue reply")).to_be_visible()
        return self.page.url

    def queue_reply(self, text: str) -> None:
        self.page.get_by_role("textbox", name="Message").fill(text)
        self.page.get_by_role("button", name="Queue reply").click()
        expect(self.page.get_by_text("leaves").first).to_be_visible()

    def conversation(self, subject: str) -> bool:
        self.page.goto(self.root + "/conversations")
        return self.page.locator("main").get_by_text(subject).count() > 0


def test_a_mail_is_logged_seen_by_a_colleague_and_taken_out_again(
    page: Page, product: Product
) -> None:
    gmail = Gmail(page, product)
    gmail.be(ROBIN)
    gmail.open_mail(SUBJECT)
    gmail.sees("VP Operations, Northwind Traders")
    gmail.sees("Not logged yet")
    gmail.press("Log")
    gmail.sees("By you, just now")

    gmail.be(ANA)
    gmail.open_mail(SUBJECT)
    gmail.sees("By Robin Vale")

    gmail.be(ROBIN)
    gmail.open_mail(SUBJECT)
    gmail.press("Undo")
    gmail.sees("Not logged yet")


def test_an_unknown_sender_becomes_a_contact(page: Page, product: Product) -> None:
    gmail = Gmail(page, product)
    gmail.be(ROBIN)
    gmail.open_mail("Lighting for a new cross-dock")
    gmail.sees("Nothing has been stored.")
    gmail.press("Add contact")
    gmail.sees("By you, just now")


@pytest.mark.contract("K-2", "H-5")
def test_a_reply_leaves_from_the_console_and_the_answer_arrives_by_push(
    page: Page, product: Product
) -> None:
    gmail, console = Gmail(page, product), Console(page, product)
    console.sign_in("Robin Vale")
    console.connect_gmail()
    eventually(lambda: console.conversation(SUBJECT), within=60)
    conversation = console.open_conversation(SUBJECT)
    console.queue_reply(ANSWER)

    gmail.be(DANA)
    gmail.open_mail(SUBJECT)
    written = page.locator("main iframe").last.content_frame.get_by_text(ANSWER)
    expect(written.first).to_be_visible(timeout=SOON_MS)
    gmail.answer(REACTION)

    def arrived() -> bool:
        page.goto(conversation)
        return page.locator("main").get_by_text(REACTION).count() > 0

    eventually(arrived, within=30)


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


def test_the_home_card_shows_the_import_without_a_refresh(page: Page, product: Product) -> None:
    """Connecting Gmail from the side panel: the window closes itself, the card is redrawn."""
    Gmail(page, product).be(ANA)
    panel = page.locator("#panel")
    with page.expect_popup() as opened:
        panel.get_by_role("button", name="Connect Gmail").click()
    allow_everything(opened.value, "Ana Lindt")
    expect(panel.get_by_text("Connect Gmail to start")).to_have_count(0, timeout=SOON_MS)
    expect(panel.get_by_text("Today")).to_be_visible()
    page.locator("#inspector-button").click()
    expect(page.get_by_text("seemed closed at once")).to_have_count(0)
