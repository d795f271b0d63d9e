"""The page with the seeded company, and an add-on that answers what a test wants."""

from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext

from backend.simulator.config import Seed
from tests.browser.chromium import new_context, new_page
from tests.browser.simulator_page.playing import Play
from tests.simulator.page.add_on import card, text, trigger_answer
from tests.simulator.page.desk import Desk, serving_desk


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with serving_desk(tmp_path_factory.mktemp("add-on"), Seed.COMPANY) as desk:
        yield desk


@pytest.fixture(scope="package")
def context(served: Desk, chromium: Browser) -> Iterator[BrowserContext]:
    with new_context(chromium, served.root) as context:
        yield context


@pytest.fixture
def play(served: Desk, context: BrowserContext) -> Iterator[Play]:
    """Everything as seeded. Afterwards: no script failed and no policy was broken."""
    requests.post(f"{served.root}/simulator/reset", timeout=30)
    desk = served.fresh()
    desk.add_on.answers["/home?from=gmail"] = trigger_answer(
        card(text("Nothing waits"), title="Today")
    )
    desk.add_on.answers["/message"] = trigger_answer(card(text("Somebody")))
    with new_page(context) as (page, complaints):
        yield Play(page, desk, complaints)
        assert complaints.texts == []
