"""`python -m tests`: the checks and tests, the same for people and CI.

python -m tests check          format, lint, types, import contracts, then every test
python -m tests quick          format, lint, types, import contracts, tests of rules and cards
python -m tests test [ARGS]    pytest, with its own arguments
python -m tests golden         rewrite the golden card answers; read the difference
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
BIN = Path(PYTHON).parent
PYTEST = [PYTHON, "-m", "pytest", "-q"]

STATIC_CHECKS: dict[str, list[str | Path]] = {
    "format": [BIN / "ruff", "format", "--check", "."],
    "lint": [BIN / "ruff", "check", "."],
    # H015 is about line breaks, H030 about words for search engines, which never see these pages.
    "templates": [BIN / "djlint", "backend", "--lint", "--quiet", "--ignore", "H015,H030"],
    "import contracts": [BIN / "lint-imports"],
    "types": [BIN / "mypy"],
    "types of run.py": [BIN / "mypy", "run.py"],
}
TYPES = ("types", "types of run.py")
"""They keep one core at work for most of a minute."""
QUICK = ("format", "lint", "import contracts")
QUICK_TESTS = ("tests/domain", "tests/cards", "backend/domain")
# Files that start processes and browsers take longest and wait most: at the end, one process would
# run them while the others are idle.
# The tests of workers measure reaction times: they run after flows and browsers, which take the
# whole machine.
SLOW_FIRST = ("tests/flows", "tests/browser", "tests/console", "tests/worker")


def main(arguments: list[str]) -> int:
    match arguments:
        case ["check"]:
            code = check()
        case ["quick"]:
            code = quick()
        case ["test", *rest]:
            code = pytest(rest)
        case ["golden"]:
            code = pytest(["tests/cards", "--update-golden"])
        case ["contract"]:
            code = list_contract()
        case _:
            print(__doc__)
            code = 2
    return code


def check() -> int:
    """Each step with its time, up to the first that fails, whose output is shown. Only type
    checking runs beside the tests, which run to their end.
    """
    if not all(passes(name) for name in STATIC_CHECKS if name not in TYPES):
        return 1
    argv = [*PYTEST, *side_by_side(), *in_order()]
    tests = subprocess.Popen(argv, cwd=PROJECT)
    typed = [passes(name, amid="\n") for name in TYPES]
    failed = tests.wait()
    if not all(typed):
        print("The types are not right: what is wrong stands further up.", flush=True)
    return failed or int(not all(typed))


def quick() -> int:
    """Runs what needs no server, within a minute: static checks beside the tests of rules and
    cards.

    Every check runs, whether or not an earlier one failed.
    """
    number = max((os.cpu_count() or 1) - 1, 1)
    argv = [*PYTEST, "-n", str(min(number, 4)), *QUICK_TESTS]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        tests = subprocess.Popen(argv, cwd=PROJECT, stdout=said, stderr=subprocess.STDOUT)
        passed = [passes(name) for name in (*QUICK, *TYPES)]
        failed = tests.wait()
        said.seek(0)
        print(said.read(), end="")
    return failed or int(not all(passed))


def passes(name: str, *, amid: str = "") -> bool:
    """Make a static check and tell of it; what it said is shown when it failed. `amid` sets its
    line off from what another process is printing.
    """
    argv = [str(word) for word in STATIC_CHECKS[name]]
    if not amid:
        print(f"{name:18}", end="", flush=True)
    started = time.monotonic()
    done = subprocess.run(argv, cwd=PROJECT, check=False, capture_output=True, text=True)
    verdict = "ok" if done.returncode == 0 else "failed"
    took = f"{verdict:8}{time.monotonic() - started:6.1f} s"
    print(f"{amid}{name:18}{took}" if amid else took, flush=True)
    if done.returncode != 0:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def side_by_side() -> list[str]:
    """Two processes more than there are cores, each with servers of its own: tests wait for
    browsers, for processes that start, and for time to pass.

    The tests of a file stay in one process: they share a database.
    """
    number = min(max(os.cpu_count() or 1, 2), 4) + 2
    return ["-n", str(number), "--dist", "loadfile", "--no-loadscope-reorder"]


def in_order() -> list[str]:
    """Every folder of tests, those first whose files take longest."""
    folders = sorted(
        str(path.parent.relative_to(PROJECT))
        for path in (PROJECT / "tests").glob("*/__init__.py")
        if path.parent.name not in {"support", "factories", "benchmarks"}
    )
    first = [name for name in SLOW_FIRST if name in folders]
    return [*first, *(name for name in folders if name not in first), "backend/domain"]


def pytest(arguments: list[str]) -> int:
    """Straight onto the terminal, so that it ends with pytest's own closing line."""
    return subprocess.run([*PYTEST, *arguments], cwd=PROJECT, check=False).returncode


def list_contract() -> int:
    """What `@pytest.mark.contract("V-9", …)` says anywhere in the tests."""
    marks = re.compile(r"mark\.contract\(([^)]*)\)")
    texts = [path.read_text(encoding="utf-8") for path in (PROJECT / "tests").rglob("*.py")]
    cited = [one for text in texts for mark in marks.findall(text) for one in named(mark)]
    for contract_id, number in sorted(Counter(cited).items(), key=by_family_and_number):
        print(f"{contract_id:8}{number:4}")
    return 0


def named(mark: str) -> list[str]:
    return re.findall(r"[\"']([A-Z]+-\d+)[\"']", mark)


def by_family_and_number(counted: tuple[str, int]) -> tuple[str, int]:
    family, _, number = counted[0].partition("-")
    return family, int(number)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
