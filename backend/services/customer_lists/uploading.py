"""A customer list in the browser: uploaded, its columns chosen, started, stopped, undone.

Slow work is a worker's (`working`); here a list only moves from state to state.
"""

from collections.abc import Sequence
from io import BytesIO
from itertools import islice
from typing import NoReturn

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.customers.columns import BadHeader, read_header
from backend.domain.customers.lists import (
    AT_WORK,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_NAME,
    MOST_ROWS,
    SAMPLES,
    WRITTEN,
    ListState,
    chosen_header,
    guessed,
)
from backend.domain.customers.products import product_of
from backend.domain.ids import CustomerListId
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission
from backend.errors import Conflict, InputError, NotFound, SettledAlready
from backend.google.compose import clean_name
from backend.jobs import JobName
from backend.services.customer_lists.file import PIECE, CustomerFile
from backend.services.customer_lists.judging import house_of
from backend.services.settings.rights import require
from backend.store import audit, customer_lists
from backend.store.models import CustomerList
from backend.store.session import after_commit

OTHER_FORMATS = {
    b"PK\x03\x04": "This is an Excel workbook. Save it as CSV UTF-8, and choose that file.",
    b"\xd0\xcf\x11\xe0": "This is an Excel workbook. Save it as CSV UTF-8, and choose that file.",
    b"%PDF": "This is a PDF. Export the list as CSV, and choose that file.",
    b"\x1f\x8b": "This is a compressed file. Unpack it, and choose the CSV file in it.",
}
"""First bytes of file formats that are mistaken for lists."""

NO_TEXT = 0.02
"""Share of control characters above which a file is binary."""

FASTER = "This list has moved on already: this is where it is now."


def upload(deps: Deps, actor: Actor, *, name: str, data: bytes) -> CustomerListId:
    """Keep a file and guess its columns. Raises InputError, with the sentence at "file"."""
    house = house_of(deps, actor)
    source = opened(data)
    columns = columns_of(source)
    names = [str(one["name"]) for one in columns]
    row = CustomerList(
        workspace_id=actor.workspace_id,
        state=ListState.UPLOADED,
        file_name=clean_name(name),
        data=data,
        product=product_of(names),
        encoding=source.encoding,
        separator=source.separator,
        columns=columns,
        chosen=list(guessed(read_header(source.names, house.traits), len(names))),
        rows=rows_of(source),
        uploaded_by=actor.member_id,
        uploaded_at=deps.now(),
    )
    with deps.store.begin(actor.workspace_id) as session:
        session.add(row)
        session.flush()
        audit.note(session, actor, "list.uploaded", f"list:{row.id}", now=deps.now())
    return row.id


def check(deps: Deps, actor: Actor, list_id: CustomerListId, chosen: Sequence[str]) -> None:
    """Choose the meaning of the columns, and start the check."""
    house = house_of(deps, actor)
    with deps.store.begin(actor.workspace_id) as session:
        row = own(session, actor, list_id)
        words = [*chosen, *[""] * len(row.columns)][: len(row.columns)]
        header = chosen_header(
            [one.name for one in customer_lists.columns_of(row)], words, house.traits
        )
        if isinstance(header, BadHeader):
            raise InputError(header.sentence, {"columns": header.sentence})
        begun = {"chosen": words, "rows_done": 0, "counts": {}, "findings": []}
        move(session, deps, actor, row, ListState.CHECKING, **begun)


def run(deps: Deps, actor: Actor, list_id: CustomerListId) -> None:
    """Start writing the valid lines."""
    house_of(deps, actor)
    with deps.store.begin(actor.workspace_id) as session:
        row = own(session, actor, list_id)
        if not row.counts.get("good"):
            raise Conflict("No line of this list can be taken in. Correct it, and upload it again.")
        move(session, deps, actor, row, ListState.RUNNING, rows_done=0)


def stop(deps: Deps, actor: Actor, list_id: CustomerListId) -> None:
    """Stop writing after the current batch. What is written stays, and can be undone."""
    with deps.store.begin(actor.workspace_id) as session:
        row = own(session, actor, list_id)
        move(session, deps, actor, row, ListState.STOPPED, finished_at=deps.now())


def undo(deps: Deps, actor: Actor, list_id: CustomerListId) -> None:
    """Start the undo of everything the list wrote and nobody changed since."""
    with deps.store.begin(actor.workspace_id) as session:
        row = own(session, actor, list_id)
        if row.state not in WRITTEN or row.data is None:
            raise SettledAlready(FASTER)
        taken = {"rows_done": 0, "kept": [], "undone_by": actor.member_id}
        move(session, deps, actor, row, ListState.UNDOING, **taken)


def discard(deps: Deps, actor: Actor, list_id: CustomerListId) -> None:
    """Discard a list of which nothing was written."""
    with deps.store.begin(actor.workspace_id) as session:
        if customer_lists.by_id(session, list_id) is None:
            raise SettledAlready("This list was discarded already.", gone=True)
        row = own(session, actor, list_id)
        if not customer_lists.remove(session, row.id):
            raise SettledAlready(FASTER)
        audit.note(session, actor, "list.discarded", f"list:{row.id}", now=deps.now())


def own(session: Session, actor: Actor, list_id: CustomerListId) -> CustomerList:
    """A list that the actor may change: their own, or anybody's for an admin."""
    row = customer_lists.by_id(session, list_id)
    if row is None:
        raise NotFound("There is no such list. It may have been discarded.")
    require(actor, Permission.LIST_CONTROL, own=row.uploaded_by == actor.member_id)
    return row


def move(
    session: Session, deps: Deps, actor: Actor, row: CustomerList, to: ListState, **values: object
) -> None:
    """Move a list to a state and wake a worker. Raises SettledAlready for a second time."""
    if customer_lists.move(session, row.id, to, **values) is None:
        raise SettledAlready(FASTER)
    audit.note(session, actor, f"list.{to}", f"list:{row.id}", now=deps.now())
    if to in AT_WORK:
        key = (actor.workspace_id, row.id)
        after_commit(session, lambda: deps.jobs.enqueue(JobName.GO_ON_WITH_LIST, *key))


def opened(data: bytes) -> CustomerFile:
    """A file as a list. Raises InputError when it is no list, or too large."""
    if not data.strip(b"\0\r\n\t ,;"):
        refuse("Choose a file with a line of column names and at least one line below it.")
    if len(data) > MOST_BYTES:
        refuse(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Split it into several.")
    for mark, sentence in OTHER_FORMATS.items():
        if data.startswith(mark):
            refuse(sentence)
    source = CustomerFile(lambda: BytesIO(data))
    start = data[:PIECE].decode(source.encoding, errors="replace")
    strange = sum(one < " " and one not in "\t\r\n\v\f" for one in start)
    if strange > NO_TEXT * len(start):
        refuse("This is not a text file. Export the list as CSV, and choose that file.")
    if not source.names:
        refuse(f"The first line can't be read. {source.wrong}".strip())
    if len(source.names) > MOST_COLUMNS:
        refuse(
            f"The first line has {len(source.names):,} columns; a list may have {MOST_COLUMNS}."
            " Export fewer columns, or check whether this is the right file."
        )
    return source


def columns_of(source: CustomerFile) -> list[dict[str, object]]:
    """Each column's name and its first non-blank cells."""
    width = len(source.names)
    samples: list[list[str]] = [[] for _ in range(width)]
    for record in islice(source.below(), 50):
        for place, cell in enumerate((record.cells or ())[:width]):
            text = " ".join(cell.replace("\0", "").split())[:MOST_NAME]
            if text and len(samples[place]) < SAMPLES and text not in samples[place]:
                samples[place].append(text)
    return [
        {"name": " ".join(name.replace("\0", "").split())[:MOST_NAME], "samples": found}
        for name, found in zip(source.names, samples, strict=True)
    ]


def rows_of(source: CustomerFile) -> int:
    """The number of lines. Raises InputError for none, or too many."""
    number = sum(record.cells != [] for record in islice(source.below(), MOST_ROWS + 1))
    if number > MOST_ROWS:
        refuse(f"The list has more than {MOST_ROWS:,} lines. Split it into several files.")
    if not number:
        refuse("There is no line below the column names, so there is nothing to take in.")
    return number


def refuse(sentence: str) -> NoReturn:
    """Report at the field what is wrong with a file."""
    raise InputError(sentence, {"file": sentence})
