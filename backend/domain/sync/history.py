"""Gmail's history as we hold it: pages of records, and the cursor that says how far we have read.

History ids are compared as numbers everywhere: as text, "999999" would come after "1000012".
"""

from collections.abc import Iterable
from dataclasses import dataclass

from backend.domain.mail.labels import Label
from backend.errors import ProviderUnavailable

LARGEST_CURSOR = 2**64 - 1
"""History ids are unsigned 64-bit numbers sent as text (Gmail API, `users.history.list`)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A message in a record, with the labels the record gives it."""

    gmail_id: str
    thread_id: str
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Relabelled:
    """Labels put on or taken off a message."""

    message: Seen
    labels: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRecord:
    """One entry of the history. Ids grow but leave gaps."""

    id: int
    added: tuple[Seen, ...] = ()
    deleted: tuple[Seen, ...] = ()
    labels_added: tuple[Relabelled, ...] = ()
    labels_removed: tuple[Relabelled, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """One page. It may hold no records and still not be the last one."""

    history_id: int
    next_page_token: str | None = None
    records: tuple[HistoryRecord, ...] = ()


def cursor(text: str) -> int:
    """A history id as the number it is. Raises ProviderUnavailable when Gmail sent no number.

    >>> cursor("999999") < cursor("1000012")
    True
    """
    if not (text.isascii() and text.isdigit()) or int(text) > LARGEST_CURSOR:
        raise ProviderUnavailable(
            "Gmail named a place in its history that is not a number. It is asked again later."
        )
    return int(text)


def is_behind(cursor: int | None, hint: int | None) -> bool:
    """Whether a push notification speaks of something not read yet. Late ones are harmless.

    >>> is_behind(100, 90), is_behind(100, 110), is_behind(None, 5)
    (False, True, True)
    """
    return hint is not None and (cursor is None or hint > cursor)


def newest_arrival(records: Iterable[HistoryRecord]) -> int | None:
    """The history id of the newest mail that came in or left, which a push notification announces.

    Drafts do not count: they are written word by word.

    >>> draft, mail = Seen("1", "t", frozenset({"DRAFT"})), Seen("2", "t", frozenset({"INBOX"}))
    >>> newest_arrival([HistoryRecord(id=7, added=(mail,)), HistoryRecord(id=9, added=(draft,))])
    7
    """
    places = (
        record.id
        for record in records
        if any(Label.DRAFT not in one.labels for one in record.added)
    )
    return max(places, default=None)


def next_cursor(current: int, pages: Iterable[HistoryPage]) -> int | None:
    """Where to read on, once what the pages say is stored; none while the last page is missing.

    It never moves backwards: an answer that was overtaken by another would repeat work for nothing.

    >>> next_cursor(5, [HistoryPage(history_id=9, next_page_token="2"), HistoryPage(history_id=9)])
    9
    >>> next_cursor(5, [HistoryPage(history_id=9, next_page_token="2")]) is None
    True
    """
    last = next((page for page in pages if page.next_page_token is None), None)
    return None if last is None else max(current, last.history_id)
