"""One Chromium for all browser tests, and a whole product for those that want one."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import running_chromium
from tests.support.product import Place, Product, running_product
from tests.support.servers import reachable_folder


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """Started by one command, and used up by the tests of one file."""
    with (
        reachable_folder() as folder,
        running_product(Place.inside(folder), folder / "output.txt") as started,
    ):
        yield started
