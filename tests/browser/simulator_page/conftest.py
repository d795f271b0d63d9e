"""The page with the seeded company, and an add-on that answers what a test wants."""

from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser

from backend.simulator.config import Seed
from tests.browser.chromium import Window, new_context, new_page
from tests.browser.simulator_page.page import SimulatorPage
from tests.simulator.page.add_on import card, text, trigger_answer
from tests.simulator.page.installation import Installation, serving_installation


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with serving_installation(tmp_path_factory.mktemp("add-on"), Seed.COMPANY) as installation:
        yield installation


@pytest.fixture(scope="package")
def window(served: Installation, chromium: Browser) -> Iterator[Window]:
    """One for all tests: opening another costs more than most of them."""
    with new_context(chromium, served.root) as context, new_page(context) as window:
        yield window


@pytest.fixture
def simulator_page(served: Installation, window: Window) -> Iterator[SimulatorPage]:
    """Everything as seeded. Afterwards: no script failed and no policy was broken."""
    window.clear()
    requests.post(f"{served.root}/simulator/reset", timeout=30)
    installation = served.fresh()
    installation.add_on.answers["/home?from=gmail"] = trigger_answer(
        card(text("Nothing waits"), title="Today")
    )
    installation.add_on.answers["/message"] = trigger_answer(card(text("Somebody")))
    yield SimulatorPage(window.page, installation, window.complaints)
    assert window.complaints.texts == []
