"""A person playing on the page: the few moves that the tests share."""

from dataclasses import dataclass
from urllib.parse import urlencode

import requests
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import Complaints
from tests.simulator.page.add_on import AddOn
from tests.simulator.page.installation import Installation

SEEDED_SUBJECT = "Lighting for a new cross-dock"


@dataclass(frozen=True)
class SimulatorPage:
    """The page in a browser, its server, and the add-on."""

    page: Page
    installation: Installation
    complaints: Complaints

    @property
    def add_on(self) -> AddOn:
        return self.installation.add_on

    def open(self, **query: str) -> None:
        self.page.goto(f"/simulator?{urlencode(query)}")

    def open_message(self, subject: str = SEEDED_SUBJECT) -> None:
        """From the inbox, by a click."""
        self.open()
        self.row(subject).click()
        expect(self.page.locator(".message").last).to_be_visible()

    def row(self, subject: str) -> Locator:
        return self.page.locator(".row", has_text=subject)

    def button(self, name: str) -> Locator:
        return self.panel.get_by_role("button", name=name, exact=True)

    @property
    def panel(self) -> Locator:
        return self.page.locator("#panel")

    @property
    def title(self) -> Locator:
        """The title of the visible card."""
        return self.panel.locator(".card-host:not([hidden]) .card-title")

    @property
    def notice(self) -> Locator:
        return self.page.get_by_role("status").locator(".snackbar")

    def receive(self, **mail: object) -> None:
        """Mail arrives from outside."""
        answer = requests.post(f"{self.installation.root}/simulator/mail", json=mail, timeout=20)
        assert answer.ok, answer.text

    def events(self, path: str) -> list[dict[str, object]]:
        """The events that the add-on got at a path."""
        return [one.event for one in self.add_on.received if one.path == path]
