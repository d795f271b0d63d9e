"""pyproject.toml is the one list of dependencies; everything else is generated from it."""

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import run
from backend.settings import environment
from tests.house.tree import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PRODUCT = PROJECT["project"]["dependencies"]
LOCAL = [*PRODUCT, *PROJECT["project"]["optional-dependencies"]["local"]]
DEV = [*LOCAL, *PROJECT["dependency-groups"]["dev"]]


def pinned(lock: str) -> dict[str, str]:
    """The version of each package that this Python would install from a lock."""
    found = {}
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if not line[:1].isalnum():
            continue
        requirement = Requirement(line.removesuffix("\\"))
        if requirement.marker is None or requirement.marker.evaluate():
            found[requirement.name] = str(requirement.specifier).removeprefix("==")
    return found


def needed(requirements: list[str]) -> dict[str, list[Requirement]]:
    """Every package that these need, with what is asked of it, as the installed ones say."""
    found: dict[str, list[Requirement]] = {}
    waiting = [(Requirement(text), "") for text in requirements]
    seen = set()
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        found.setdefault(name, []).append(requirement)
        for wanted in ("", *requirement.extras):
            if (name, wanted) not in seen:
                seen.add((name, wanted))
                waiting += [(Requirement(text), wanted) for text in requires(name)]
    return found


def requires(name: str) -> list[str]:
    """What an installed package needs."""
    try:
        return distribution(name).requires or []
    except PackageNotFoundError:
        pytest.fail(f"{name} is not in .venv. Set it up again: python3 run.py test tests/house")


@pytest.mark.parametrize(
    ("lock", "requirements"),
    [
        ("requirements.lock", PRODUCT),
        ("requirements-local.lock", LOCAL),
        ("requirements-dev.lock", DEV),
    ],
)
def test_a_lock_holds_exactly_what_pyproject_needs(lock: str, requirements: list[str]) -> None:
    versions, asked = pinned(lock), needed(requirements)
    assert set(versions) == set(asked), "Run: python3 run.py lock"
    for name, wishes in asked.items():
        assert all(versions[name] in wish.specifier for wish in wishes), name


@pytest.mark.parametrize(("lock", "group"), [(run.TOOL_LOCK, "tools"), (run.AUDIT_LOCK, "audit")])
def test_what_run_py_fetches_for_itself_is_locked(lock: str, group: str) -> None:
    assert set(PROJECT["dependency-groups"][group]) <= set(pinned(lock))


def test_the_locks_are_the_ones_that_run_py_writes() -> None:
    assert {path.name for path in ROOT.glob("*.lock")} == set(run.LOCKS)
    assert not list(ROOT.glob("requirements*.in"))


def test_every_lock_agrees_with_the_larger_ones() -> None:
    largest = pinned("requirements-dev.lock")
    for lock in ("requirements.lock", "requirements-local.lock"):
        assert pinned(lock).items() <= largest.items()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_holds_the_product_and_not_the_simulator(installed: Path) -> None:
    assert not (installed / "backend" / "simulator").exists()
    kept = {
        path.relative_to(ROOT)
        for top in ("addon", "backend", "cards", "worker")
        for path in (ROOT / top).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and "simulator" not in path.parts
    }
    assert [path for path in kept if not (installed / path).exists()] == []
    entry = next(installed.glob("*.dist-info")) / "entry_points.txt"
    assert "rapport = backend.cli.__main__:main" in entry.read_text()


def run_installed(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in environment().items() if name[:8] != "RAPPORT_"}
    argv = [sys.executable, "-m", "backend.cli", *arguments]
    return subprocess.run(
        argv,
        cwd=installed,
        env={**env, "PYTHONPATH": str(installed), "RAPPORT_DATA_DIR": str(installed / "data")},
        check=False,
        capture_output=True,
        text=True,
    )


def test_an_installation_works_without_the_simulator(installed: Path) -> None:
    assert "/addon/" in run_installed(installed, "deployment").stdout
    code = "import backend.wsgi, worker.jobs, worker.schedule, backend.local.up"
    subprocess.run([sys.executable, "-c", code], cwd=installed, check=True)


@pytest.mark.parametrize("command", ["simulator", "up"])
def test_what_needs_the_simulator_says_where_it_is(command: str, installed: Path) -> None:
    done = run_installed(installed, command)
    assert done.returncode == 2
    assert "The simulator is not part of this installation." in done.stderr
    assert "Traceback" not in done.stderr


WITH_DIGEST = "example.test/python:3.13@sha256:" + "a" * 64


def released(tmp_path: Path, **images: str) -> subprocess.CompletedProcess[str]:
    """The release script, with a docker on its path that only says what it was asked."""
    docker = tmp_path / "docker"
    docker.write_text('#!/bin/sh\necho "$@"\n')
    docker.chmod(0o755)
    env = {"PATH": f"{tmp_path}:{environment()['PATH']}", **images}
    argv = [sys.executable, str(ROOT / ".ci" / "release"), "1.0"]
    return subprocess.run(argv, env=env, check=False, capture_output=True, text=True)


def test_a_release_refuses_a_tag_without_digest(tmp_path: Path) -> None:
    done = released(tmp_path, PYTHON_IMAGE="python:3.13-slim", POSTGRES_IMAGE=WITH_DIGEST)
    assert (done.returncode, done.stdout) == (2, "")
    assert "PYTHON_IMAGE is 'python:3.13-slim', which has no digest" in done.stderr
    assert "VALKEY_IMAGE is not set" in done.stderr
    assert "POSTGRES_IMAGE" not in done.stderr


def test_a_release_builds_from_the_base_it_was_given(tmp_path: Path) -> None:
    images = dict.fromkeys(("PYTHON_IMAGE", "POSTGRES_IMAGE", "VALKEY_IMAGE"), WITH_DIGEST)
    done = released(tmp_path, **images)
    assert done.returncode == 0
    assert f"--build-arg PYTHON_IMAGE={WITH_DIGEST} --tag rapport:1.0" in done.stdout


def test_the_images_are_arguments_everywhere() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    compose = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)) == {"${PYTHON_IMAGE}"}
    named = re.findall(r"^ +image: (\S+)", compose, re.MULTILINE)
    assert named
    assert all(re.fullmatch(r"\$\{[A-Z]+_IMAGE:-[^}]+\}", one) for one in named)


FAULT = {"id": "PYSEC-1", "fix_versions": ["2.0"]}


@pytest.mark.parametrize(
    ("packages", "code", "said"),
    [
        ([{"name": "a", "version": "1", "vulns": []}], 0, "1 packages, none with a known"),
        ([{"name": "a", "version": "1", "vulns": [FAULT]}], 1, "a 1 has PYSEC-1, mended in 2.0."),
        ([{"name": "a", "skip_reason": "not found"}], 3, "1 of 1 packages could not be checked"),
    ],
)
def test_the_audit_says_what_it_found_and_what_it_could_not_ask(
    packages: list[dict[str, object]], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.print_audit("requirements.lock", packages) == code
    assert said in capsys.readouterr().out
