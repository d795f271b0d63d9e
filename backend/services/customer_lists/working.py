"""The worker's job on a customer list: check, write or undo it, a batch at a time.

Each step is a short transaction that also stores the progress, so after a crash another worker
continues: nothing is written twice, and nothing is left out. Stopping a list, or any concurrent
change of its state, ends the job at the next batch.
"""

from collections.abc import Iterator
from dataclasses import asdict
from io import BytesIO

import msgspec
import structlog
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.customers.columns import BadHeader
from backend.domain.customers.lists import (
    MOST_TRIES,
    SHOWN_FINDINGS,
    ListState,
    chosen_header,
    total,
)
from backend.domain.customers.rows import BadLine, Line
from backend.domain.ids import CustomerListId, WorkspaceId
from backend.domain.people.actor import Actor
from backend.errors import InputError, NotAllowed
from backend.services.customer_lists.checking import Forecast
from backend.services.customer_lists.file import CustomerFile
from backend.services.customer_lists.judging import House, batches, house_of, judged
from backend.services.customer_lists.writing import note_import, write_batch
from backend.services.lease_renewal import renewing
from backend.store import customer_lists, team
from backend.store.list_journal import Journal, take_back
from backend.store.models import CustomerList, TeamMember

log = structlog.get_logger(__name__)

GAVE_UP = (
    "Rapport tried this several times and got no further. What was written so far can be undone."
    " The reason is in the log of the worker."
)
NOBODY = "The person who started this list is not on the team any more."
NOTHING_LEFT = "The file of this list is not kept any more. Upload it again."
KEPT_NAMES = 200
"""How many of the records kept by an undo are named."""


def process(deps: Deps, workspace_id: WorkspaceId, list_id: CustomerListId) -> None:
    """Do what the list's state asks for, unless another worker holds it."""
    owner = deps.random_bytes(8).hex()
    with deps.store.begin(workspace_id) as session:
        if customer_lists.expired(session, list_id, deps.now()):
            customer_lists.forget(session, list_id)
            return
        row = customer_lists.hold(session, list_id, owner, deps.now(), retry=True)
        if row is None:
            return
        member = team.by_id(session, row.uploaded_by) if row.uploaded_by else None

    def renew(session: Session) -> None:
        customer_lists.hold(session, list_id, owner, deps.now())

    try:
        with renewing(deps, workspace_id, renew):
            work(deps, member, row)
    except (InputError, NotAllowed) as error:
        fail(deps, row, str(error))
    finally:
        with deps.store.begin(workspace_id) as session:
            customer_lists.let_go(session, list_id, owner)


def work(deps: Deps, member: TeamMember | None, row: CustomerList) -> None:
    """The due step. Raises InputError when a retry is pointless."""
    if row.tries > MOST_TRIES:
        raise InputError(GAVE_UP)
    if member is None:
        raise InputError(NOBODY)
    actor = team.actor_of(member)
    match row.state:
        case ListState.CHECKING:
            check(deps, actor, row)
        case ListState.RUNNING:
            write(deps, actor, row)
        case ListState.UNDOING:
            undo(deps, actor, row)
        case _:
            pass


def check(deps: Deps, actor: Actor, row: CustomerList) -> None:
    """Check all lines, and count what they would do."""
    house = house_of(deps, actor)
    forecast = Forecast(house)
    done = 0
    for batch in batches(judged_lines(deps, actor, house, row)):
        with deps.store.begin(actor.workspace_id) as session:
            forecast.add(session, batch)
            done += len(batch)
            if customer_lists.still(session, row.id, ListState.CHECKING) is None:
                return
            customer_lists.change(session, row.id, rows_done=done, tries=0)
        if deps.stopping():
            return
    findings = sorted(forecast.findings, key=lambda one: (one.kind != "wrong", one.line))
    counts = {**forecast.counts, "findings": len(findings)}
    with deps.store.begin(actor.workspace_id) as session:
        told = {
            "counts": counts,
            "findings": [asdict(one) for one in findings[:SHOWN_FINDINGS]],
            "rows_done": done,
        }
        customer_lists.move(session, row.id, ListState.CHECKED, **told)


def write(deps: Deps, actor: Actor, row: CustomerList) -> None:
    """Write what is not written yet."""
    house = house_of(deps, actor)
    lines = (
        line
        for line in judged_lines(deps, actor, house, row)
        if isinstance(line, Line) and not line.left_out and line.number > row.through_line
    )
    for batch in batches(lines):
        with deps.store.begin(actor.workspace_id) as session:
            now = customer_lists.still(session, row.id, ListState.RUNNING)
            if now is None or now.through_line >= batch[0].number:
                return
            written = write_batch(session, deps, actor, house, batch)
            customer_lists.add_batch(
                session,
                now,
                through_line=written.through_line,
                rows=len(batch),
                journal=written.journal,
            )
            customer_lists.change(
                session,
                row.id,
                through_line=written.through_line,
                rows_done=now.rows_done + len(batch),
                written=total(now.written, written.counts),
                tries=0,
            )
        if deps.stopping():
            return
    with deps.store.begin(actor.workspace_id) as session:
        ended = {"finished_at": deps.now()}
        done = customer_lists.move(session, row.id, ListState.DONE, **ended)
        if done is not None:
            note_import(session, deps, actor, f"list:{row.id}", done.written)


def undo(deps: Deps, actor: Actor, row: CustomerList) -> None:
    """Undo batch after batch, the last one first."""
    while not deps.stopping():
        with deps.store.begin(actor.workspace_id) as session:
            now = customer_lists.still(session, row.id, ListState.UNDOING)
            if now is None:
                return
            batch = customer_lists.last_batch(session, row.id)
            if batch is None:
                customer_lists.move(session, row.id, ListState.UNDONE, undone_at=deps.now())
                return
            kept = take_back(session, actor, msgspec.convert(batch.journal, Journal), deps.now())
            named = [*now.kept, *(asdict(one) for one in kept)]
            customer_lists.change(
                session,
                row.id,
                rows_done=now.rows_done + batch.rows,
                kept=named[:KEPT_NAMES],
                counts={**now.counts, "kept": now.counts.get("kept", 0) + len(kept)},
                tries=0,
            )
            customer_lists.drop_batch(session, batch)


def judged_lines(
    deps: Deps, actor: Actor, house: House, row: CustomerList
) -> Iterator[Line | BadLine]:
    """The list's lines as its columns were chosen, judged."""
    source, data = source_of(row), [one.name for one in customer_lists.columns_of(row)]
    header = chosen_header(data, row.chosen, house.traits)
    if isinstance(header, BadHeader):
        raise InputError(header.sentence)
    return judged(deps, actor, house, source.lines(header))


def source_of(row: CustomerList) -> CustomerFile:
    """The list's file."""
    data = row.data
    if data is None:
        raise InputError(NOTHING_LEFT)
    return CustomerFile(lambda: BytesIO(data))


def fail(deps: Deps, row: CustomerList, sentence: str) -> None:
    """Show on the list's page why it does not continue."""
    log.warning("customer_list_failed", list_id=row.id)
    with deps.store.begin(row.workspace_id) as session:
        if customer_lists.move(session, row.id, ListState.FAILED):
            customer_lists.change(session, row.id, trouble=sentence)
