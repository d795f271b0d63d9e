"""What a setting can be: one of several values, several, on or off, a number, a name, or fixed.

Separate from the settings, so that a page can draw any of them by its kind.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from backend.domain.policies.setting import Level, Setting

E = TypeVar("E", bound=StrEnum)

UNSET = "unset"
OFF = "off"
MAX_NAME = 100  # characters of a field's name


@dataclass(frozen=True, kw_only=True, eq=False)
class Choice(Setting[E]):
    """Exactly one of several values."""

    sentences: Mapping[E, str]

    def parse(self, text: str) -> E:
        """See Setting."""
        for value in self.sentences:
            if value.value == text:
                return value
        raise self.refusal(_one_of(self.sentences))

    def text(self, value: E) -> str:
        """See Setting."""
        return value.value

    def options(self) -> Mapping[str, str]:
        """See Setting."""
        return {value.value: sentence for value, sentence in self.sentences.items()}


@dataclass(frozen=True, kw_only=True, eq=False)
class ManyOf(Setting[frozenset[E]]):
    """Several values, among them always those in `required`. Stored with commas, in order."""

    sentences: Mapping[E, str]
    required: frozenset[E]

    def parse(self, text: str) -> frozenset[E]:
        """See Setting."""
        names = {part.strip() for part in text.split(",") if part.strip()}
        known = {value.value: value for value in self.sentences}
        if not names <= known.keys() or not self.required <= {known[name] for name in names}:
            required = ", ".join(value.value for value in self.sentences if value in self.required)
            raise self.refusal(f"chosen from {', '.join(known)}, and always hold {required}")
        return frozenset(known[name] for name in names)

    def text(self, value: frozenset[E]) -> str:
        """See Setting."""
        return ",".join(one.value for one in self.sentences if one in value)

    def options(self) -> Mapping[str, str]:
        """See Setting."""
        return {value.value: sentence for value, sentence in self.sentences.items()}


@dataclass(frozen=True, kw_only=True, eq=False)
class Toggle(Setting[bool]):
    """Off or on, with a sentence for each."""

    off: str
    on: str
    words: tuple[str, str] = ("off", "on")

    def parse(self, text: str) -> bool:
        """See Setting."""
        if text not in self.words:
            raise self.refusal(" or ".join(self.words))
        return text == self.words[1]

    def text(self, value: bool) -> str:  # noqa: FBT001  the value of a setting, whatever its type
        """See Setting."""
        return self.words[value]

    def options(self) -> Mapping[str, str]:
        """See Setting."""
        return {self.words[0]: self.off, self.words[1]: self.on}


@dataclass(frozen=True, kw_only=True, eq=False)
class Number(Setting[int]):
    """A whole number of `unit` between two bounds, both included."""

    minimum: int
    maximum: int
    unit: str
    lowers_only: bool = False

    def parse(self, text: str) -> int:
        """See Setting."""
        number = whole_number(text)
        if number is None or not self.minimum <= number <= self.maximum:
            raise self.refusal(
                f"a whole number from {self.minimum} to {self.maximum} ({self.unit})"
            )
        return number

    def text(self, value: int) -> str:
        """See Setting."""
        return str(value)

    def combine(self, wider: str, narrower: str) -> str:
        """The narrower value, or the smaller one where a value may only be lowered."""
        return min(wider, narrower, key=self.parse) if self.lowers_only else narrower


@dataclass(frozen=True, kw_only=True, eq=False)
class OptionalNumber(Setting[int | None]):
    """A whole number of `unit`, or nothing, stored as `unset`."""

    minimum: int
    maximum: int
    unit: str
    unset: str

    def parse(self, text: str) -> int | None:
        """See Setting."""
        if text == UNSET:
            return None
        number = whole_number(text)
        if number is None or not self.minimum <= number <= self.maximum:
            raise self.refusal(
                f"{UNSET} or a whole number from {self.minimum} to {self.maximum} ({self.unit})"
            )
        return number

    def text(self, value: int | None) -> str:
        """See Setting."""
        return UNSET if value is None else str(value)

    def options(self) -> Mapping[str, str]:
        """See Setting."""
        return {UNSET: self.unset}


@dataclass(frozen=True, kw_only=True, eq=False)
class OptionalName(Setting[str | None]):
    """The name of something, or `off`."""

    off: str

    def parse(self, text: str) -> str | None:
        """See Setting."""
        if text == OFF:
            return None
        if not text.strip() or len(text) > MAX_NAME:
            raise self.refusal(f"{OFF} or a name of up to {MAX_NAME} characters")
        return text

    def text(self, value: str | None) -> str:
        """See Setting."""
        return OFF if value is None else value

    def options(self) -> Mapping[str, str]:
        """See Setting."""
        return {OFF: self.off}


@dataclass(frozen=True, kw_only=True, eq=False)
class Fixed(Setting[str]):
    """A fixed decision, listed so that readers find it."""

    sentence: str
    levels: frozenset[Level] = frozenset()

    def parse(self, text: str) -> str:
        """See Setting."""
        if text != self.default:
            raise self.refusal(f"{self.default}: it is fixed")
        return text

    def text(self, value: str) -> str:
        """See Setting."""
        return value

    def options(self) -> Mapping[str, str]:
        """See Setting."""
        return {self.default: self.sentence}


def whole_number(text: str) -> int | None:
    """`text` as a number when it is only digits of a sensible length."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _one_of(values: Iterable[StrEnum]) -> str:
    return "one of " + ", ".join(value.value for value in values)
