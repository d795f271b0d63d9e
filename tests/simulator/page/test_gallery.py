"""The gallery (SIM-33): every state of the cards from files, judged as if Google had got it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from backend.simulator.app import create_app
from backend.simulator.config import Config, QuotaMode, Seed
from tests.support.serving import serving

PROJECT = Path(__file__).resolve().parents[3]
GOLDEN = PROJECT / "tests" / "golden"


@contextmanager
def served(cards: Path | None) -> Iterator[str]:
    """A simulator with this folder of cards, in which our own add-on is installed."""
    deployment = PROJECT / "addon" / "deployment.json"
    config = Config(quota=QuotaMode.OFF, seed=Seed.EMPTY, deployment=deployment, cards=cards)
    app = create_app(config)
    with serving(app) as root:
        yield root
    app.extensions["world"].close()


def states(cards: Path | None, name: str = "") -> list[dict[str, Any]]:
    with served(cards) as root:
        answer = requests.get(f"{root}/simulator/cards", params={"name": name}, timeout=20)
    found: list[dict[str, Any]] = answer.json()["states"]
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one good card, one that Google refuses, and one that is no JSON."""
    (tmp_path / "trigger").mkdir()
    card = {"sections": [{"widgets": [{"image": {"imageUrl": "https://else.example/a.png"}}]}]}
    good = {"action": {"navigations": [{"pushCard": card}]}}
    (tmp_path / "trigger" / "good.json").write_text(json.dumps(good))
    (tmp_path / "trigger" / "refused.json").write_text(json.dumps({"renderActions": good}))
    (tmp_path / "trigger" / "torn.json").write_text('{"action"')
    return tmp_path


def test_every_golden_card_can_be_drawn_and_nothing_is_wrong_with_it() -> None:
    found = states(GOLDEN)
    files = [*(GOLDEN / "trigger").glob("*.json"), *(GOLDEN / "action").glob("*.json")]
    assert {one["name"] for one in found} == {f"{f.parent.name}/{f.stem}" for f in files}
    worse = [one for one in found for it in one["findings"] if it["severity"] != "advice"]
    assert worse == []
    assert [one["name"] for one in found if one["answer"] is None] == []


def test_pictures_come_from_the_add_on_that_is_installed(folder: Path) -> None:
    (state,) = states(folder, "trigger/good")
    (widget,) = state["cards"][0]["sections"][0]["widgets"]
    assert widget["image"]["imageUrl"] == "https://rapport.example.com/a.png"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("trigger/refused", "Cannot find field: renderActions"),
        ("trigger/torn", "The file cannot be read"),
    ],
)
def test_a_card_that_google_refuses_says_why(folder: Path, name: str, said: str) -> None:
    (state,) = states(folder, name)
    assert (state["answer"], state["cards"]) == (None, [])
    assert any(said in one["text"] for one in state["findings"])


def test_without_a_folder_there_is_nothing_to_show() -> None:
    assert states(None) == []
