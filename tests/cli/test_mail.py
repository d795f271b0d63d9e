"""`rapport inspect-mail`: one JSON object for each file, whatever is in it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from backend.cli.group import rapport

LETTER = b"From: Eva <eva@acme.example>\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n\nHi\n\n> old\n"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """A letter, noise, nothing, and no file at all."""
    (tmp_path / "letter.eml").write_bytes(LETTER)
    (tmp_path / "noise.eml").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "empty.eml").touch()
    return [str(tmp_path / f"{name}.eml") for name in ("letter", "noise", "empty", "absent")]


def test_one_line_for_each_file_in_their_order(files: list[str]) -> None:
    result = CliRunner().invoke(rapport, ["inspect-mail", "--jsonl", *files])
    assert result.exit_code == 0
    found = [json.loads(line) for line in result.output.splitlines()]
    assert len(found) == len(files)
    assert (found[0]["subject"], found[0]["reply_text"]) == ("Grüße", "Hi")
    assert "file_not_readable" in found[3]["defects"]


def test_without_lines_it_is_readable(files: list[str]) -> None:
    result = CliRunner().invoke(rapport, ["inspect-mail", files[0]])
    assert '"subject": "Grüße"' in result.output
    assert json.loads(result.output)["kind"] == "human"


def test_half_a_character_is_still_json(tmp_path: Path) -> None:
    half = tmp_path / "half.eml"
    half.write_bytes(b"Content-Type: text/plain; charset=utf-7\n\n+2D0-\n")
    result = CliRunner().invoke(rapport, ["inspect-mail", str(half)])
    assert result.exit_code == 0
    json.loads(result.output)
