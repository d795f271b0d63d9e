"""The README's commands are the commands, each with the sentence of its own help."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from backend.cli.group import COMMANDS, help_of, rapport

PROJECT = Path(__file__).resolve().parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_stands_in_the_readme_with_its_sentence(name: str) -> None:
    command = rapport.get_command(click.Context(rapport), name)
    assert command is not None
    sentence = str(command.help).split("\n\n")[0]
    assert f"| `rapport {name}` | {sentence} |" in README
    assert help_of(name) == inspect.cleandoc(str(command.help))


def test_the_list_of_commands_does_not_wait_for_what_they_need() -> None:
    look = "import sys; from backend.cli.group import rapport; rapport(['--help'], 'rapport', "
    code = f"{look}standalone_mode=False); sys.exit('sqlalchemy' in sys.modules)"
    argv = [sys.executable, "-c", code]
    shown = subprocess.run(argv, cwd=PROJECT, check=True, capture_output=True, text=True)
    assert "doctor            Look at settings, servers and schema" in shown.stdout


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`rapport ([a-z-]+)", README))))
def test_a_command_the_readme_names_exists(name: str) -> None:
    assert name in COMMANDS


@pytest.mark.parametrize("command", sorted(set(re.findall(r"python3 (run\.py[^`\n]*)", README))))
def test_the_start_script_is_called_as_it_can_be(command: str) -> None:
    words = command.partition("#")[0].split()[1:]
    assert not words or words[0] in {"test", "--mbox", "--empty", *COMMANDS}


@pytest.mark.parametrize(
    "name",
    sorted(
        file.stem
        for file in (PROJECT / "tests" / "benchmarks").glob("*.py")
        if "__main__" in file.read_text(encoding="utf-8")
    ),
)
def test_a_benchmark_stands_in_the_readme(name: str) -> None:
    (told,) = [one for one in README.split("\n\n") if "tests.benchmarks.NAME" in one]
    assert f"`{name}`" in told
