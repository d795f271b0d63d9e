"""Keyset pagination: the list query, and the cursor of the next page.

Every list of cards, console and API is read the same way: after the last row, never by offset, so
that page 4,000 costs the same as page 1.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")

PAGE_SIZE = 50
MAX_PAGE_SIZE = 200
MAX_SEARCH = 200
MAX_CURSOR = 2_000


class Way(StrEnum):
    """Which side of the cursor's row is wanted."""

    AFTER = "after"
    BEFORE = "before"


@dataclass(frozen=True)
class Cursor:
    """A row, as the value it is sorted by and its id, and the side of it that is wanted."""

    way: Way
    value: str
    id: str

    def encode(self) -> str:
        """The cursor as text for a link.

        >>> Cursor.decode(Cursor(Way.AFTER, "northwind", "7").encode())
        Cursor(way=<Way.AFTER: 'after'>, value='northwind', id='7')
        """
        packed = json.dumps([self.way, self.value, self.id], ensure_ascii=False)
        return base64.urlsafe_b64encode(packed.encode()).rstrip(b"=").decode()

    @classmethod
    def decode(cls, text: str) -> "Cursor | None":
        """The cursor in a link; None, which means the first page, when the text is none.

        >>> Cursor.decode("nonsense") is None
        True
        """
        if not text or len(text) > MAX_CURSOR:
            return None
        try:
            packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            way, value, row_id = json.loads(packed)
            return cls(Way(way), str(value), str(row_id))
        except (binascii.Error, ValueError, TypeError):
            return None


def whole_id(text: str | None) -> int | None:
    """A row's id or another number from outside, of at most 18 digits; None when it is none.
    `isdigit` alone takes in a superscript, and `int` refuses thousands of digits.

    >>> whole_id("7"), whole_id("x"), whole_id(None)
    (7, None, None)
    """
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


@dataclass(frozen=True)
class ListQuery:
    """A reader's query of a list. Unknown filters and sorts are left out by the list."""

    search: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    cursor: str = ""
    limit: int = PAGE_SIZE

    @property
    def words(self) -> str:
        """The normalised search: one line, of bounded length."""
        return " ".join(self.search.split())[:MAX_SEARCH]

    @property
    def size(self) -> int:
        """How many rows a page has."""
        return max(1, min(self.limit, MAX_PAGE_SIZE))

    @property
    def narrowed(self) -> bool:
        """Whether any filter or search is set."""
        return bool(self.words) or any(self.filters.values())


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page. A cursor is empty when there is nothing on that side.

    `about_total` is None when counting would cost more than the page. `partial` when only a part of
    the list was searched: the rest is neither counted nor shown, and `next_cursor` leads there.
    """

    items: tuple[T, ...]
    next_cursor: str = ""
    previous_cursor: str = ""
    about_total: int | None = None
    partial: bool = False
