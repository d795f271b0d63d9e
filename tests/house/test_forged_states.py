"""Tests reach states through services and edges: a row that a test writes by itself may stand for a
state that nobody can reach. What only a fault brings about has its name in `tests.support.faults`.
"""

import ast
import re
from collections.abc import Mapping

from tests.house.tree import ROOT, sources, text_of

WRITES = re.compile(
    r"\b(INSERT INTO|DELETE FROM|TRUNCATE|UPDATE \w+( AS)?( \w+)? SET|ALTER TABLE|DROP TRIGGER)\b"
    r"|\bUPDATE $"
)
FREE: Mapping[str, str] = {
    "tests/store/": "tests of the tables themselves",
    "tests/benchmarks/": "measures, which need millions of rows",
    "tests/simulator/": "Google's stand-in, with a database of its own",
    "tests/local/": "databases that are made for the test and hold nothing of ours",
    "tests/support/databases.py": "empties and copies whole databases between tests",
    "tests/support/faults.py": "what only a fault brings about, with its name",
    "tests/house/": "names statements, and runs none",
}
"""Where tests may write with SQL, and why."""


def writing(source: str) -> list[str]:
    """The texts in Python code that write to tables, those of f-strings piece by piece."""
    texts = (one.value for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Constant))
    return [one for one in texts if isinstance(one, str) and WRITES.search(one)]


def test_no_test_forges_a_state() -> None:
    paths = [path for path in sources("tests") if not path.as_posix().startswith(tuple(FREE))]
    found = {path.as_posix(): texts for path in paths if (texts := writing(text_of(path)))}
    assert len(paths) > 200
    assert found == {}, "reach the state through a service, an edge or a fault instead"


def test_writing_statements_are_recognised() -> None:
    for code in (
        '"UPDATE mailboxes AS m SET state = 1"',
        'f"UPDATE {x} SET a = 1"',
        '"DELETE FROM x"',
    ):
        assert len(writing(code)) == 1, code
    assert (
        writing('"""Update what was set."""; rows("SELECT updated FROM x FOR UPDATE OF y")') == []
    )


def test_the_places_that_may_write_exist() -> None:
    assert [one for one in FREE if not (ROOT / one).exists()] == []
