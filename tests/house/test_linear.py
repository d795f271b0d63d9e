"""No pattern and no reader of foreign text may take more than linear time: one mail would stop all
mail behind it, and one form a web process.

Each is fed text made to hurt it, and more where that was dear. Where a pattern is found guilty:
make it readable in one way only (possessive `++`, atomic groups), keep a search from starting in
the middle of a run by a look-behind, or use the methods of strings; bounding the text comes on top.
"""

import ast
import importlib
import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import pytest

from backend.domain.mail.domains import company_domains
from backend.domain.mail.lazy_pattern import LazyPattern
from backend.domain.mail.message import ParsedMessage
from backend.domain.mail.parse import parse_message
from tests.house.tree import PACKAGES, sources, text_of
from tests.support.growth import growth
from tests.support.hostile_mail import HTML, TEXT, mail
from tests.support.pattern_spots import worst_of

# A measurement may be cut inside a finaliser, where Python only tells of it.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

SEARCHING = frozenset({"search", "sub", "subn", "split", "findall", "finditer"})
MATCHING = frozenset({"match", "fullmatch"})
IMPORTS_RE = re.compile(r"^(?:import re|from re )", re.MULTILINE)
OF_RE = re.compile(r"re\.")
USED = re.compile(rf"(\w+)\.({'|'.join(SEARCHING | MATCHING)})\b")
READERS = ("backend.domain.", "backend.google.", "backend.console.request_parsing", "addon.event")
"""Where functions live that are handed what strangers wrote."""

UNITS = (
    *(" ", "\t", "\n", "\r", "\r\n", '"', "'", "<", ">", "(", ")", "[", "]", "{", ",", ";", ":"),
    *("\\", "/", "@", "&", "=", "%", "-", "_", "*", ".", "#", "a", "1", "\x00", "é", "\ud800"),
    *(
        "\u0315\u0300",
        "a.",
        "a@",
        "@a",
        "a b ",
        "=?",
        "=?a?q?b?= ",
        "<a@b.example>, ",
        "a:b@c.example;",
        "%41",
    ),
    *("> a\n", ">" * 20, "--\n", "On 3 May 2024, Kim wrote:\n", "From: a\n", "a=b; ", "a*0*=b; "),
    *("-----Original Message-----\n", "<div>", "</div>", "<b><p>", "<a b=c ", "<!--", "&amp;"),
    *(
        "Re: ",
        "[a] ",
        "begin 644 a\n",
        "delivery failed ",
        "user a@b.example unknown\n",
        "https://",
    ),
)
AROUND = (("", ""), ("x: <a", ">\x00"), ('"', ""))
"""Text before and after: also in a bracket that is closed, and in a quote that is not, each with a
third of the units. A function that reads a whole message is slow, and is tried in the first way
only, with every other unit.
"""


@cache
def modules() -> dict[str, ModuleType]:
    """Every module of the product, by name. The simulator stands in for Google and is none."""
    found: dict[str, ModuleType] = {}
    for path in own_sources():
        name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        found[name] = importlib.import_module(name)
    return found


def own_sources() -> list[Path]:
    """The files of those."""
    elsewhere = {"simulator", "migrations", "__main__.py"}
    return [path for path in sources(*PACKAGES) if elsewhere.isdisjoint(path.parts)]


def patterns() -> Iterator[tuple[str, "re.Pattern[Any]"]]:
    """Every pattern that a module holds by name, and every one written where it is used."""
    known: set[object] = set()
    for name, module in modules().items():
        for called, value in vars(module).items():
            listed = value if isinstance(value, tuple | list) else (value,)
            for held in listed:
                one = held.compiled if isinstance(held, LazyPattern) else held
                if isinstance(one, re.Pattern) and (one.pattern, called) not in known:
                    known |= {(one.pattern, called), one.pattern}
                    yield f"{name}.{called}", one
    for path in own_sources():
        for text, shown in written_in(path):
            if text not in known:
                yield f"{path}.{shown}", re.compile(text)


def written_in(path: Path) -> Iterator[tuple[str | bytes, str]]:
    """The patterns that a file writes where it uses them, and how that looks."""
    whole = text_of(path)
    for node in ast.walk(ast.parse(whole)) if IMPORTS_RE.search(whole) else ():
        if isinstance(node, ast.Call) and OF_RE.match(ast.unparse(node.func)):
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str | bytes):
                yield first.value, ast.unparse(node)[:60]


@cache
def uses() -> dict[str, set[str]]:
    """By the name of a pattern, which of its methods are called anywhere."""
    found: dict[str, set[str]] = {}
    for path in own_sources():
        for called, method in USED.findall(text_of(path)):
            found.setdefault(called, set()).add(method)
    return found


def looks(called: str) -> list[str]:
    """How a pattern is used; every way where its name does not say."""
    used = uses().get(called, set())
    if not used:
        return ["search", "match"]
    return ["search"] * bool(used & SEARCHING) + sorted(used & MATCHING)


def test_every_pattern_is_linear() -> None:
    guilty = {
        name: told
        for name, pattern in patterns()
        if (told := worst_of(pattern, looks(name.rpartition(".")[2])))
    }
    assert guilty == {}


@pytest.mark.parametrize(
    "planted",
    [r"\s+$", r"(?:a|a)*b", r"^(?:@[^:,]+,?)+:", r"\s*(?:x)?\s*y", r".*<x>", r"<(a[a-z]*)[^<>]*?>"],
)
def test_a_planted_pattern_is_found(planted: str) -> None:
    assert worst_of(re.compile(planted), ["search"])


def test_every_reader_of_foreign_text_is_linear() -> None:
    company_domains("alpha.example")  # reads the lists of domains, once for each process
    guilty = {name: told for name, reader in readers() if (told := _worst_reading(reader))}
    assert guilty == {}


def test_a_planted_reader_is_found() -> None:
    def planted(text: str) -> list[str]:
        kept: list[str] = []
        for word in text:
            kept = [*kept, word]
        return kept

    assert _worst_reading(_Reader(planted, {"text": str}))


@dataclass(frozen=True)
class _Reader:
    """A function, and how each of its arguments is made from a text."""

    function: Callable[..., object]
    makers: Mapping[str, Callable[[str], object]]

    def given(self, text: str) -> dict[str, object]:
        """The arguments."""
        return {name: make(text) for name, make in self.makers.items()}

    def call(self, given: dict[str, object]) -> object:
        """What is measured."""
        return self.function(**given)


def _worst_reading(reader: _Reader) -> str | None:
    whole = ParsedMessage in get_type_hints(reader.function).values()
    for unit, (before, after) in _tries(whole=whole):
        told = growth(reader.call, lambda times: reader.given(before + unit * times + after))  # noqa: B023
        if told:
            return f"{before!r} + {unit!r}·n + {after!r}: {told}"
    return None


def _tries(*, whole: bool) -> Iterator[tuple[str, tuple[str, str]]]:
    plain, *around = AROUND
    yield from product(UNITS[::2] if whole else UNITS, [plain])
    for at, one in enumerate([] if whole else around):
        yield from product(UNITS[at::3], [one])


def readers() -> Iterator[tuple[str, _Reader]]:
    """Every public function that takes text, lines, bytes or a message and needs nothing else."""
    for name, module in modules().items():
        if not name.startswith(READERS):
            continue
        for called, value in vars(module).items():
            function = inspect.unwrap(value) if callable(value) else None
            own = inspect.isfunction(function) and function.__module__ == name
            makers = _makers(function) if function and own and not called.startswith("_") else {}
            if function and makers:
                yield f"{name}.{called}", _Reader(function, makers)


def _makers(function: Callable[..., object]) -> dict[str, Callable[[str], object]]:
    """How to make each argument from a text; empty when one cannot be, or none is text."""
    hints = get_type_hints(function)
    makers: dict[str, Callable[[str], object]] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is parameter.VAR_POSITIONAL:
            return {}
        if parameter.default is not parameter.empty:
            continue
        make = MAKERS.get(hints[name])
        if make is None:
            return {}
        makers[name] = make
    return makers


def _message(text: str) -> ParsedMessage:
    """A mail that says it everywhere: in fields, in the text and in HTML."""
    line = " ".join(text.split())
    head = {"Subject": line, "To": line, "From": line}
    plain = f"--b\r\n{TEXT}\r\n\r\n{text}\r\n--b\r\n{HTML}\r\n\r\n<p>{text}\r\n--b--\r\n"
    kind = 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"'
    return _parsed(mail(plain, kind, **head))


@cache
def _parsed(raw: bytes) -> ParsedMessage:
    """Parsed once for all that judge it."""
    return parse_message(raw)


MAKERS: dict[Any, Callable[[str], object]] = {
    str: str,
    bytes: lambda text: text.encode("utf-8", "surrogatepass"),
    list[str]: lambda text: text.split("\n"),
    Sequence[str]: lambda text: text.split("\n"),
    tuple[str, ...]: lambda text: tuple(text.split("\n")),
    frozenset[str]: lambda text: frozenset(text.split("\n")),
    list[bytes]: lambda text: [],
    int: lambda text: 0,
    ParsedMessage: _message,
}
