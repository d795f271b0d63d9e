"""The page with the seeded company, and an add-on that answers what a test wants."""

from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser

from backend.simulator.config import Seed
from tests.browser.chromium import Window, new_context, new_page
from tests.browser.simulator_page.playing import Play
from tests.simulator.page.add_on import card, text, trigger_answer
from tests.simulator.page.desk import Desk, serving_desk


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with serving_desk(tmp_path_factory.mktemp("add-on"), Seed.COMPANY) as desk:
        yield desk


@pytest.fixture(scope="package")
def window(served: Desk, chromium: Browser) -> Iterator[Window]:
    """One for all tests: opening another costs more than most of them."""
    with new_context(chromium, served.root) as context, new_page(context) as window:
        yield window


@pytest.fixture
def play(served: Desk, window: Window) -> Iterator[Play]:
    """Everything as seeded. Afterwards: no script failed and no policy was broken."""
    window.clear()
    requests.post(f"{served.root}/simulator/reset", timeout=30)
    desk = served.fresh()
    desk.add_on.answers["/home?from=gmail"] = trigger_answer(
        card(text("Nothing waits"), title="Today")
    )
    desk.add_on.answers["/message"] = trigger_answer(card(text("Somebody")))
    yield Play(window.page, desk, window.complaints)
    assert window.complaints.texts == []
