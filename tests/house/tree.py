"""The project's files, read once for the tests of this folder."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("addon", "backend", "cards", "worker")
CONTRACT_ID = re.compile(r"(V|VC|K|S|H|D)-\d+")
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


def cited_contract_ids(top: str = "tests") -> set[str]:
    """Every id that a test below this folder is marked with, beside it or in its table of cases."""
    found: set[str] = set()
    for path in sources(top):
        tree = ast.parse(text_of(path))
        cited = [one for node in ast.walk(tree) for one in _arguments_of_mark(node)]
        found |= {str(one.value) for one in cited if isinstance(one, ast.Constant)}
        if not all(isinstance(one, ast.Constant) for one in cited):
            found |= _ids_in(tree)
    return found


def shown_contract_ids() -> set[str]:
    """The ids that are shown from their users' side. Marks elsewhere are pointers."""
    return cited_contract_ids("tests/contract")


def _arguments_of_mark(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.contract"):
        return node.args
    return []


def _ids_in(tree: ast.Module) -> set[str]:
    """The ids of a file whose cases carry them."""
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return {text for text in texts if isinstance(text, str) and CONTRACT_ID.fullmatch(text)}
