"""Hot SQL, with its placeholders numbered once instead of at every run.

The driver scans a long statement again each time: for the card's that costs as much as running it.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import TypeAlias

TEXTS = Path(__file__).with_name("sql")
NAMED = re.compile(r"%\((\w+)\)s")


class Statement:
    """A statement with placeholders like `%(name)s`. It has one row with one value."""

    def __init__(self, sql: str) -> None:
        self.names = tuple(dict.fromkeys(NAMED.findall(sql)))
        numbers = {name: f"${place}" for place, name in enumerate(self.names, start=1)}
        self.sql = NAMED.sub(lambda found: numbers[found[1]], sql).encode()

    def ordered(self, values: Mapping[str, object]) -> Sequence[object]:
        """The values in the order of their numbers."""
        return [values[name] for name in self.names]


def sql(name: str, **words: object) -> str:
    """The text of `store/sql/NAME.sql` without its comments, its `$words` filled in."""
    lines = (TEXTS / f"{name}.sql").read_text(encoding="utf-8").splitlines()
    return Template("\n".join(one for one in lines if not one.startswith("--"))).substitute(words)


Asked: TypeAlias = tuple[Statement, Mapping[str, object]]
"""A statement with its values."""
