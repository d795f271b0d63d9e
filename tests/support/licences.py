"""The licences of the Python packages of an installation, as they state them themselves."""

import re
from importlib.metadata import PackageMetadata, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements-local.lock"
FILE = ROOT / "THIRD_PARTY.md"
HEADING = "## Python packages"
BY_FILE = {"tzdata": "Apache-2.0"}
"""Where only the licence's text exists, read by us."""
SHORT = {"MIT License": "MIT"}
"""Versions of one package, for different Pythons, word the same licence differently."""
LONGEST = 60
"""Characters of a licence's name; more is its text."""


def locked() -> list[str]:
    """Every package of the lock, on whatever Python it is installed."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    return sorted({line.partition("==")[0] for line in lines if line[:1].isalnum()})


def licence_of(name: str) -> str:
    """What a package says its licence is: the expression, else its name, else the classifiers."""
    told: PackageMetadata = metadata(name)
    classified = [
        one.rpartition(" :: ")[2]
        for one in told.get_all("Classifier") or ()
        if one.startswith("License :: ") and one != "License :: OSI Approved"
    ]
    named = first(told, "License")
    short = named if 0 < len(named) <= LONGEST and "\n" not in named else ""
    wording = first(told, "License-Expression") or " and ".join(classified) or short
    return SHORT.get(wording, wording) or BY_FILE[name]


def first(told: PackageMetadata, field: str) -> str:
    """The field's text, empty where it is not there."""
    return next(iter(told.get_all(field) or ()), "").strip()


def listed() -> dict[str, str]:
    """What THIRD_PARTY.md tells of each package."""
    told = FILE.read_text(encoding="utf-8").partition(HEADING)[2]
    return dict(re.findall(r"^\| `([a-z0-9-]+)` \| ([^|]+) \|$", told, re.MULTILINE))


def write() -> None:
    """Rewrite the list; a package that this Python does not need keeps its line."""
    before = listed()
    rows = [f"| `{name}` | {told} |" for name, told in sorted((before | installed()).items())]
    table = "\n".join(["| package | licence |", "|---|---|", *rows])
    kept = FILE.read_text(encoding="utf-8").partition(HEADING)[0].rstrip()
    FILE.write_text(
        f"{kept}\n\n{HEADING}\n\nInstalled beside the product, unchanged. The list is written by "
        f"`python -m tests.support.licences`.\n\n{table}\n",
        encoding="utf-8",
    )


def installed() -> dict[str, str]:
    """The licence of each package of the lock that is here."""
    found = {}
    for name in locked():
        try:
            found[name] = licence_of(name)
        except ModuleNotFoundError:
            continue
    return found


if __name__ == "__main__":
    write()
