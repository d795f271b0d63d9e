"""A record's fields as a form shows them, and the list of what was changed in it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """How a field is entered."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    PHONE = "tel"
    CHOICE = "choice"
    TICK = "tick"
    HIDDEN = "hidden"


@dataclass(frozen=True, kw_only=True)
class FormField:
    """A field with what it says now. `options` are the choices, each a value with its words."""

    name: str
    label: str
    value: str
    kind: Kind
    hint: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """What one field said before and after, in words; empty for nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class EditLine:
    """One edit: who changed what, when, and whether it can still be undone."""

    id: int
    by: str
    at: datetime
    changes: tuple[FieldChange, ...]
    undone_by: str | None
    undone_at: datetime | None
    may_undo: bool
