"""Each package's docstring is its table of contents: a newcomer finds a file without a search."""

import ast
import re
from pathlib import Path

from tests.house.tree import ROOT, sources, text_of

WITHOUT = ("backend/simulator", "backend/store/migrations", "backend/domain/policies")
"""Packages that are not listed: another program, numbered files, and one whose names are listed."""


def test_the_contents_of_a_package_name_each_of_its_modules() -> None:
    missing = [
        f"{path}: {module}"
        for path in packages()
        for module in modules_of(path.parent)
        if not re.search(rf"(?m)^{module}\b|`{module}`", docstring_of(path))
    ]

    assert not missing, "\n".join(missing)


def test_the_contents_of_a_package_name_nothing_else() -> None:
    gone = [
        f"{path}: {name}"
        for path in packages()
        for name in re.findall(r"(?m)^(\w+) {2,}\S", docstring_of(path))
        if name not in modules_of(path.parent)
    ]

    assert not gone, "\n".join(gone)


def packages() -> list[Path]:
    """The `__init__` of each package that has a table of contents."""
    found = sources("addon", "backend", "cards", "worker")
    inits = [path for path in found if path.name == "__init__.py"]
    return [path for path in inits if not str(path).startswith(WITHOUT)]


def modules_of(package: Path) -> set[str]:
    """The modules and packages in a folder, without those that Python itself starts."""
    folder = ROOT / package
    modules = {path.stem for path in folder.glob("*.py")}
    below = {path.parent.name for path in folder.glob("*/__init__.py")}
    return (modules | below) - {"__init__", "__main__"}


def docstring_of(path: Path) -> str:
    """The docstring of a module, or nothing."""
    return ast.get_docstring(ast.parse(text_of(path))) or ""
