"""SQL that is run all the time: its placeholders numbered once, its answer decoded into a type.

The driver would parse a long statement at every run: for the card's that costs as much as running
it. Long texts are `.sql` files that open with a comment saying what they do.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

TEXTS = Path(__file__).with_name("sql")
NAMED = re.compile(r"%\((\w+)\)s")
NO_ROW = b"null"


class Statement(Generic[T_co]):
    """A statement with placeholders like `%(name)s` and the type of the one value it answers.

    Made by `statement`, `optional` or `command`, which say what stands for no row.
    """

    def __init__(self, text: str, decode: Callable[[bytes | None], T_co]) -> None:
        self.names = tuple(dict.fromkeys(NAMED.findall(text)))
        numbers = {name: f"${place}" for place, name in enumerate(self.names, start=1)}
        self.sql = NAMED.sub(lambda found: numbers[found[1]], text).encode()
        self.decode = decode

    def bind(self, **values: object) -> "BoundStatement[T_co]":
        """The statement with its values. Raises TypeError when a name is missing or unknown."""
        if values.keys() != set(self.names):
            raise TypeError(f"The statement wants {sorted(self.names)}, not {sorted(values)}.")
        return BoundStatement(self, [values[name] for name in self.names])


@dataclass(frozen=True, slots=True)
class BoundStatement(Generic[T_co]):
    """A statement with its values in the order of their numbers, ready to be run."""

    statement: Statement[T_co]
    values: Sequence[object]


def statement(text: str, answer: type[T]) -> Statement[T]:
    """One that answers JSON, decoded straight into `answer`. Running it raises where Postgres has
    no row, or a value of another shape.
    """
    decoder = msgspec.json.Decoder(answer)
    return Statement(text, lambda value: decoder.decode(NO_ROW if value is None else value))


def optional(text: str, answer: type[T]) -> Statement[T | None]:
    """The same where no row, or SQL's NULL, is an answer too."""
    decoder = msgspec.json.Decoder(answer)
    return Statement(text, lambda value: None if value is None else decoder.decode(value))


def command(text: str) -> Statement[None]:
    """One that is run for what it does. Its answer is not looked at."""
    return Statement(text, lambda _: None)


def sql(name: str, folder: Path = TEXTS, /, **words: object) -> str:
    """The text of `NAME.sql` without its comments, its `$words` filled in."""
    lines = (folder / f"{name}.sql").read_text(encoding="utf-8").splitlines()
    text = "\n".join(one for one in lines if not one.lstrip().startswith("--"))
    return Template(text).substitute(words)
