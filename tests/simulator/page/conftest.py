"""A simulator with an add-on installed in it; both are real servers."""

from collections.abc import Iterator

import pytest

from backend.simulator.config import Seed
from tests.simulator.page.desk import Desk, serving_desk


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with serving_desk(tmp_path_factory.mktemp("add-on"), Seed.EMPTY) as desk:
        yield desk


@pytest.fixture
def desk(served: Desk) -> Desk:
    """Everything as it was installed."""
    return served.fresh()
