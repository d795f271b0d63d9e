"""`run.py`: what it becomes, when it prepares again, and that old Pythons can read it."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import run

ROOT = Path(run.__file__).parent


@pytest.mark.parametrize(
    ("arguments", "program"),
    [
        pytest.param("", "-m backend.cli up", id="nothing starts everything"),
        pytest.param(
            "--mbox a.mbox", "-m backend.cli up --mbox a.mbox", id="options are those of up"
        ),
        pytest.param("test", "-m tests check", id="test is every check"),
        pytest.param("test quick", "-m tests quick", id="quick is what needs no server"),
        pytest.param("test -k x", "-m tests test -k x", id="test with arguments is pytest"),
        pytest.param("doctor -v", "-m backend.cli doctor -v", id="a command is one of rapport"),
    ],
)
def test_arguments_choose_the_program(arguments: str, program: str) -> None:
    assert run.program(arguments.split()) == program.split()


def test_python_38_can_read_it_to_say_that_it_is_too_old() -> None:
    ast.parse((ROOT / "run.py").read_text(), feature_version=(3, 8))


def test_an_older_python_gets_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit) as exited:
        run.main([])
    assert exited.value.code == "Rapport needs Python 3.11 or newer, and this is Python 3.9."


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with locks and a .venv that was prepared from the one for tests."""
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(run, "STAMP", tmp_path / "stamp")
    (tmp_path / "requirements-local.lock").write_text("flask==1\n")
    (tmp_path / "requirements-dev.lock").write_text("flask==1\npytest==1\n")
    run.STAMP.write_text(json.dumps(run.stamp("requirements-dev.lock")))
    return tmp_path


def test_what_was_set_up_for_tests_also_serves_a_start(project: Path) -> None:
    assert run.is_prepared("requirements-dev.lock")
    assert run.is_prepared("requirements-local.lock")


def test_a_changed_lock_is_set_up_again(project: Path) -> None:
    (project / "requirements-dev.lock").write_text("flask==2\n")
    assert not run.is_prepared("requirements-dev.lock")


def test_a_moved_project_is_set_up_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = project / "moved"
    moved.mkdir()
    for lock in project.glob("*.lock"):
        (moved / lock.name).write_text(lock.read_text())
    monkeypatch.setattr(run, "ROOT", moved)
    assert not run.is_prepared("requirements-local.lock")


def test_an_interrupted_set_up_is_repeated(project: Path) -> None:
    run.STAMP.write_text('{"lock": "requi')
    assert not run.is_prepared("requirements-local.lock")


def test_help_names_the_two_commands() -> None:
    shown = subprocess.run(
        [sys.executable, ROOT / "run.py", "--help"], capture_output=True, text=True, check=True
    )
    assert "python3 run.py test" in shown.stdout


def test_locks_hold_hashes_and_no_addresses() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text()
        assert "://" not in text, lock.name
        requirements = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
        assert requirements, lock.name
        for requirement in requirements:
            assert "==" in requirement.splitlines()[0]
            assert "--hash=sha256:" in requirement, requirement
