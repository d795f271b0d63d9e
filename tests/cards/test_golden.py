"""Each answer of the side panel, whole, as a file to be read in a review."""

import json
from pathlib import Path

import pytest

from cards.clicks import Json
from tests.cards.conftest import FOLDER, Golden
from tests.cards.states import STATES
from tests.support.card_checks import findings

IDS = [f"{kind}/{name}" for kind, name, _ in STATES]
FILES = sorted(FOLDER.glob("*/*.json"))


@pytest.mark.parametrize(("kind", "name", "answer"), STATES, ids=IDS)
def test_the_answer_is_the_golden_one(kind: str, name: str, answer: Json, golden: Golden) -> None:
    text = json.dumps(answer, indent=2, ensure_ascii=False) + "\n"
    assert golden.text(kind, name, present=text) == text


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_google_takes_every_golden_file(path: Path) -> None:
    assert findings(path.parent.name, json.loads(path.read_text())) == []


def test_each_golden_file_is_a_state_of_today() -> None:
    assert {f"{p.parent.name}/{p.stem}" for p in FOLDER.glob("*/*.json")} == set(IDS)
