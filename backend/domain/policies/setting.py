"""What every setting has: a name, a default, who may set it, and reading its value from text.

Separate from the kinds of settings and from the settings themselves. A setting is read as an
attribute of `Policies`; the type of the attribute is the type of the value.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, Self, TypeVar, overload

from backend.errors import InputError

T = TypeVar("T")


class Level(StrEnum):
    """Where a value may be set. A narrower level replaces the wider one."""

    WORKSPACE = "workspace"
    MAILBOX = "mailbox"
    MEMBER = "member"
    CONVERSATION = "conversation"


WHO_SETS: Mapping[Level, str] = {
    Level.WORKSPACE: "An admin can change it for the workspace.",
    Level.MAILBOX: "The owner of a mailbox can change it there, and an admin for a shared one.",
    Level.MEMBER: "Each member can change it for themselves.",
    Level.CONVERSATION: "The author of a conversation can change it there.",
}
WORKSPACE_ONLY = frozenset({Level.WORKSPACE})


class Overridden(Protocol):
    """An object that knows which settings differ from their defaults."""

    @property
    def overrides(self) -> Mapping[str, str]:
        """Setting name to its value as text."""


@dataclass(frozen=True, kw_only=True, eq=False)
class AnySetting(ABC):
    """A setting without its type. `levels`: who may set it; none: it is fixed."""

    name: str
    label: str
    levels: frozenset[Level] = WORKSPACE_ONLY

    @property
    @abstractmethod
    def default_text(self) -> str:
        """The default as it would be stored."""

    @abstractmethod
    def check(self, text: str) -> None:
        """Raise InputError that names this setting when `text` is no value of it."""

    def options(self) -> Mapping[str, str]:
        """The values to choose from, each with its sentence; empty when there is no list."""
        return {}

    def combine(self, wider: str, narrower: str) -> str:
        """What is in force where both a wider and a narrower level have a value."""
        del wider
        return narrower

    def refusal(self, must: str) -> InputError:
        """The error for a value that cannot be used."""
        sentence = f"{self.label} must be {must}."
        return InputError(sentence, {self.name: sentence})


@dataclass(frozen=True, kw_only=True, eq=False)
class Setting(AnySetting, Generic[T]):
    """One named value of type T with a default."""

    default: T

    @overload
    def __get__(self, instance: None, owner: type[object]) -> Self: ...
    @overload
    def __get__(self, instance: Overridden, owner: type[object]) -> T: ...
    def __get__(self, instance: Overridden | None, owner: type[object]) -> Self | T:
        """The value in force, when read from `Policies`."""
        if instance is None:
            return self
        text = instance.overrides.get(self.name)
        return self.default if text is None else self.parse(text)

    @property
    def default_text(self) -> str:
        """See AnySetting."""
        return self.text(self.default)

    def check(self, text: str) -> None:
        """See AnySetting."""
        self.parse(text)

    @abstractmethod
    def parse(self, text: str) -> T:
        """The value that `text` stands for. Raises InputError that names this setting."""

    @abstractmethod
    def text(self, value: T) -> str:
        """How `value` is stored: the inverse of `parse`."""
