"""No page trusts foreign text, and no file knows the machine it was written on."""

import os
import re
from functools import cache
from pathlib import Path

import pytest

from tests.house.tree import NOT_READ, ROOT

TRUSTS = re.compile(r"\|\s*safe\b|autoescape\s+false")
ON_SOME_MACHINE = re.compile(r"(?<![\w./:])/(?:home|Users|root|work)/\w+")
TEXTS = {".py", ".html", ".js", ".css", ".md", ".toml", ".json", ".yaml", ".in", ".txt", ".lock"}


@cache
def texts() -> list[Path]:
    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_READ and name[0] != "."]
        found += [Path(folder, name) for name in files if Path(name).suffix in TEXTS]
    return sorted(path for path in found if path.name not in NOT_READ and path.name[0] != ".")


def test_no_template_switches_escaping_off() -> None:
    trusting = [
        path for path in texts() if path.suffix == ".html" and TRUSTS.search(path.read_text())
    ]
    assert trusting == []


@pytest.mark.parametrize("top", sorted({one.relative_to(ROOT).parts[0] for one in texts()}))
def test_no_file_names_a_folder_of_the_machine_it_was_written_on(top: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in texts()
        if path.relative_to(ROOT).parts[0] == top
        for match in ON_SOME_MACHINE.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []
