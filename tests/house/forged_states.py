"""Where tests write states with SQL, and how often. `python -m tests.house.forged_states` counts.

A test that writes a row by itself may stand for a state that nobody can reach. The list beside this
file holds what there still is, so that it only shrinks.
"""

import ast
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from tests.house.tree import sources, text_of

LIST = Path(__file__).with_name("forged_states.txt")
WRITES = re.compile(r"\b(INSERT INTO|DELETE FROM|TRUNCATE|UPDATE \w+( AS)?( \w+)? SET)\b")
FREE: Mapping[str, str] = {
    "tests/store/": "tests of the tables themselves",
    "tests/benchmarks/": "measures, which need millions of rows",
    "tests/simulator/": "Google's stand-in, with a database of its own",
    "tests/local/": "databases that are made for the test and hold nothing of ours",
    "tests/support/databases.py": "empties and copies whole databases between tests",
    "tests/support/faults.py": "what only a fault brings about, with its name",
    "tests/house/": "names statements, and runs none",
}
"""Places that need no listing, and why."""


def counted() -> Counter[str]:
    """How many texts of each test file write to tables."""
    found: Counter[str] = Counter()
    for path in sources("tests"):
        name = path.as_posix()
        if not name.startswith(tuple(FREE)):
            nodes = ast.walk(ast.parse(text_of(path)))
            texts = [str(one.value) for one in nodes if isinstance(one, ast.Constant)]
            found[name] += sum(len(WRITES.findall(text)) for text in texts)
    return +found


def listed() -> dict[str, int]:
    """What the list allows."""
    lines = [line.split() for line in LIST.read_text(encoding="utf-8").splitlines()]
    return {name: int(number) for name, number in lines}


if __name__ == "__main__":
    print("\n".join(f"{name} {number}" for name, number in sorted(counted().items())))
