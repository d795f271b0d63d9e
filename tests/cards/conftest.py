"""Golden answers, and the switch that rewrites them: `pytest tests/cards --update-golden`."""

from dataclasses import dataclass
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "golden"


@dataclass(frozen=True)
class Golden:
    """The folder of golden answers; `update` writes what differs."""

    update: bool

    def text(self, kind: str, name: str, *, present: str) -> str:
        """What the file says; in an update that is what the code says at present."""
        path = FOLDER / kind / f"{name}.json"
        if self.update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(present)
        return path.read_text()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write tests/golden from the present cards"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    return Golden(update=bool(request.config.getoption("--update-golden", default=False)))
