"""One simulator for the package, served over loopback, every answer of it checked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from backend.simulator.config import Config, QuotaMode, Seed
from tests.simulator.checked import create_checked_app
from tests.simulator.google import Google
from tests.simulator.recording import Recorder
from tests.support.serving import serving

if TYPE_CHECKING:
    from backend.simulator.world import World


@dataclass(frozen=True)
class Running:
    """A served simulator and what its recorder saw."""

    root: str
    app: Flask
    recorder: Recorder


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    app = create_checked_app(Config(quota=QuotaMode.OFF, seed=Seed.EMPTY))
    with serving(app) as root:
        yield Running(root, app, app.extensions["recorder"])
    app.extensions["world"].close()


@pytest.fixture
def google(running: Running) -> Iterator[Google]:
    """An empty Google. Afterwards: nothing it answered was foreign to Google's schemas."""
    world: World = running.app.extensions["world"]
    world.reset()
    running.recorder.findings.clear()
    google = Google(running.root)
    yield google
    google.close()
    world.reset()
    assert running.recorder.findings == []


@pytest.fixture
def company(google: Google) -> Google:
    """The same with the seeded company in it."""
    google.post("/simulator/reset", {"seed": "company"})
    return google
