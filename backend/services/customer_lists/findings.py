"""The findings of a list as rows of a file that can be corrected and uploaded."""

from collections.abc import Iterator

from backend.deps import Deps
from backend.domain.customers.rows import BadLine
from backend.domain.ids import CustomerListId
from backend.domain.people.actor import Actor
from backend.errors import NotFound
from backend.services.customer_lists.checking import findings_of
from backend.services.customer_lists.judging import house_of
from backend.services.customer_lists.uploading import own
from backend.services.customer_lists.working import judged_lines, source_of
from backend.store import customer_lists

OUTCOMES = {
    "wrong": "Not imported",
    "left": "Left out",
    "note": "Taken in without this",
}


def findings(deps: Deps, actor: Actor, list_id: CustomerListId) -> Iterator[tuple[str, ...]]:
    """A header, and for every line with a finding: its number, the outcome, why, and its cells as
    in the file. Raises NotFound when the file is not kept.
    """
    house = house_of(deps, actor)
    with deps.store.begin(actor.workspace_id) as session:
        row = own(session, actor, list_id)
        row.data = customer_lists.file_of(session, list_id)
        session.expunge(row)
    if row.data is None:
        raise NotFound("The file of this list is not kept any more.")
    source = source_of(row)
    lines = judged_lines(deps, actor, house, row)

    def rows() -> Iterator[tuple[str, ...]]:
        yield ("Line", "Outcome", "Reason", *source.names)
        records = source.below()
        for line in lines:
            told = findings_of(line)
            if not told:
                continue
            cells = next((one.cells or () for one in records if one.number >= line.number), ())
            kind = "wrong" if isinstance(line, BadLine) else told[0].kind
            why = " ".join(one.says for one in told)
            yield (str(line.number), OUTCOMES[kind], why, *cells)

    return rows()
