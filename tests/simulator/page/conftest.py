"""A simulator with an add-on installed in it; both are real servers."""

from collections.abc import Iterator

import pytest

from backend.simulator.config import Seed
from tests.simulator.page.installation import Installation, serving_installation


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with serving_installation(tmp_path_factory.mktemp("add-on"), Seed.EMPTY) as installation:
        yield installation


@pytest.fixture
def installation(served: Installation) -> Installation:
    """Everything as it was installed."""
    return served.fresh()
