"""The project's files, read once for the tests of this folder."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("addon", "backend", "cards", "worker")
NOT_READ = frozenset({".venv", "node_modules", "__pycache__", "vendor"})


def sources(*tops: str) -> Iterator[Path]:
    """Every Python file below these folders, by path from the root."""
    for top in tops:
        for path in sorted((ROOT / top).rglob("*.py")):
            if NOT_READ.isdisjoint(path.parts):
                yield path.relative_to(ROOT)


def text_of(path: Path) -> str:
    """The file's text."""
    return (ROOT / path).read_text(encoding="utf-8")


def lines_of(path: Path) -> int:
    """How long the file is."""
    return len(text_of(path).splitlines())


def cited_contract_ids() -> set[str]:
    """Every id that a test is marked with."""
    found: set[str] = set()
    for path in sources("tests"):
        for node in ast.walk(ast.parse(text_of(path))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.contract"):
                found |= {str(one.value) for one in node.args if isinstance(one, ast.Constant)}
    return found
