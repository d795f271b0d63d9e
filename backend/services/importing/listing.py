"""Lists the messages of a run: so many at once, or page by page back to a date.

Gmail lists ids without dates and promises no order, and a search would lag. So a run that goes back
to a date fetches each page before it turns it, and ends with the first page on which everything is
older.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId
from backend.errors import InputError
from backend.services.importing.draining import Drain, Ended
from backend.services.importing.run_context import ImportRunContext
from backend.store import decided, fetching, import_runs
from backend.store.fetching import Wanted
from backend.store.import_runs import Progress
from backend.store.models import ImportRun

if TYPE_CHECKING:
    from backend.google.gmail import ListedPage

Listed: TypeAlias = Sequence[tuple[str, str]]

DATED_PAGE = 100
"""Ids per page, fetched before it is turned: on average half of the last page with recent mail and
one more page are fetched in vain, at twenty units a message.
"""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One job on a run, with the drain that fetches for it."""

    run: ImportRun
    drain: Drain
    context: ImportRunContext
    path: str

    @property
    def mailbox_id(self) -> MailboxId:
        """The mailbox."""
        return self.drain.key.mailbox_id

    def begin(self) -> AbstractContextManager[Session]:
        """A transaction of the mailbox's workspace."""
        return self.drain.deps.store.begin(self.drain.key.workspace_id)


class Turned(StrEnum):
    """The outcome of a page: there is another, it was the last, or it is not fetched yet."""

    ON = "on"
    LAST = "last"
    NOT_YET = "not_yet"


def read_all(reading: Reading) -> bool:
    """Continue listing and fetching. Returns whether the run has seen everything it is for."""
    run = reading.run
    if run.listed_at is None:
        listed = list_newest(reading) if run.since is None else list_back(reading)
        if not listed:
            return False
    return reading.drain.run() is Ended.EMPTY and not waits(reading)


def list_newest(reading: Reading) -> bool:
    """Put the run's number of ids on the list. False when the run was stopped meanwhile."""
    run = reading.run
    page, left = run.page_token, (run.wanted or 0) - run.listed
    while left > 0:
        found = page_of(reading, page)
        ids = found.ids[:left]
        left -= len(ids)
        page = found.next_page if left > 0 else None
        if not put_and_turn(reading, ids, next_page=page):
            return False
        if page is None:
            return True
    return put_and_turn(reading, (), next_page=None)


def page_of(reading: Reading, page: str | None, *, size: int | None = None) -> "ListedPage":
    """One page. A run that rested for long may hold a page token that Gmail refuses: it starts
    over.
    """
    try:
        return reading.drain.gmail.list_ids(page=page, size=size)
    except InputError:
        if page is not None:
            with reading.begin() as session:
                import_runs.start_over(session, reading.context.run_id)
        raise


def put_and_turn(reading: Reading, ids: Listed, *, next_page: str | None) -> bool:
    """Store which messages of a page to fetch, and turn it, in one transaction."""
    context, now = reading.context, reading.drain.deps.now()
    names = [gmail_id for gmail_id, _ in ids]
    with reading.begin() as session:
        if not context.hold(session, now):
            return False
        new = put_on_list(session, reading, ids)
        known = decided.known(session, reading.mailbox_id, names, before=now)
        context.count(session, Progress(scanned=len(ids) - new, oldest_at=known.oldest), now)
        import_runs.turn_page(session, context.run_id, next_page, listed=len(ids), now=now)
    return True


def list_back(reading: Reading) -> bool:
    """Read page after page until one holds nothing newer than the run's date."""
    page, drain = reading.run.page_token, reading.drain
    while drain.has_time():
        found = page_of(reading, page, size=DATED_PAGE)
        with reading.begin() as session:
            if not reading.context.hold(session, drain.deps.now()):
                return False
            put_on_list(session, reading, found.ids)
        if drain.run() is not Ended.EMPTY:
            return False
        match turn(reading, found):
            case Turned.NOT_YET:
                return False
            case Turned.LAST:
                return True
            case Turned.ON:
                page = found.next_page
    return False


def turn(reading: Reading, found: "ListedPage") -> Turned:
    """Judge a page whose messages were fetched, and turn it.

    Until then the run keeps the page's own token: after a crash the same page is listed again.
    """
    run, context, now = reading.run, reading.context, reading.drain.deps.now()
    names = [gmail_id for gmail_id, _ in found.ids]
    with reading.begin() as session:
        if not context.hold(session, now):
            return Turned.NOT_YET
        known = decided.known(
            session, reading.mailbox_id, names, before=run.started_at, since=run.since
        )
        all_older = known.oldest is None and known.older > 0
        if all_older and fetching.waiting(session, reading.mailbox_id, [reading.path], names):
            return Turned.NOT_YET
        context.count(session, Progress(scanned=known.before, oldest_at=known.oldest), now)
        next_page = None if all_older else found.next_page
        import_runs.turn_page(session, context.run_id, next_page, listed=len(names), now=now)
    return Turned.ON if next_page else Turned.LAST


def put_on_list(session: Session, reading: Reading, ids: Listed) -> int:
    """Store which of these messages to fetch. Returns how many."""
    names = [gmail_id for gmail_id, _ in ids]
    floor = reading.context.floor
    new = decided.unread(session, reading.mailbox_id, names, floor=floor)
    wanted = [Wanted(gmail_id=one, thread_id=thread) for one, thread in ids if one in new]
    key = reading.drain.key
    fetching.add(session, key, reading.path, wanted, now=reading.drain.deps.now())
    return len(new)


def waits(reading: Reading) -> bool:
    """Whether something of this path is left, even if only for later."""
    with reading.begin() as session:
        return fetching.waiting(session, reading.mailbox_id, [reading.path]) > 0
