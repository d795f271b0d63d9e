"""A code module is one concept in at most 400 lines; nine functions of ten fit into 25 lines.

Tables are free: a module that is nothing but data (phrases by language, reasons, policies) is read
by looking something up in it, not from top to bottom.
"""

import ast
from pathlib import Path

from tests.house.tree import PACKAGES, lines_of, sources, text_of

MOST_LINES, MOST_TEST_LINES, P90_FUNCTION_LINES = 400, 400, 25


def is_free(path: Path) -> bool:
    """A migration, or a table: no function longer than a look-up, most lines at module level."""
    if "migrations" in path.parts:
        return True
    functions = sum(lines for _, lines in functions_of(path))
    return functions < lines_of(path) / 4


def functions_of(path: Path) -> list[tuple[str, int]]:
    """Every function of the module with its length in lines, signature and docstring included."""
    return [
        (node.name, (node.end_lineno or node.lineno) - node.lineno + 1)
        for node in ast.walk(ast.parse(text_of(path)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_no_module_outgrows_its_budget() -> None:
    long = {
        str(path): lines_of(path)
        for path in sources(*PACKAGES)
        if lines_of(path) > MOST_LINES and not is_free(path)
    }
    assert long == {}


def test_no_test_module_outgrows_its_budget() -> None:
    long = {
        str(path): lines_of(path) for path in sources("tests") if lines_of(path) > MOST_TEST_LINES
    }
    assert long == {}


def test_nine_functions_of_ten_fit_on_a_screen() -> None:
    lengths = sorted(lines for path in sources(*PACKAGES) for _, lines in functions_of(path))
    assert lengths[len(lengths) * 9 // 10] <= P90_FUNCTION_LINES


def test_every_module_opens_with_what_it_decides_or_does() -> None:
    bare = [
        str(path)
        for path in sources(*PACKAGES)
        if not text_of(path).lstrip().startswith(('"""', 'r"""'))
    ]
    assert bare == []
