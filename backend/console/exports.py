"""Lists as files: accounts, contacts, and everything in one archive, streamed."""

import zipfile
from collections.abc import Iterable, Iterator, Mapping

from flask import Response

from backend.console.audit_log import rows as audit_rows
from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.csv_files import csv_file, csv_pieces
from backend.console.downloading import streamed
from backend.domain.paging import ListQuery
from backend.domain.people.roles import Permission
from backend.queries.audit_log import whole_audit_log
from backend.queries.exports import accounts_file, contacts_file, notes_file, tasks_file
from backend.services.exporting import note_export
from backend.services.settings.rights import require

bp = members_only("exports", __name__)


@bp.get("/accounts.csv")
def accounts() -> Response:
    """All accounts, in the columns that the import reads."""
    deps, actor = current_deps(), current_actor()
    note_export(deps, actor, "accounts")
    return csv_file("accounts.csv", accounts_file(deps, actor))


@bp.get("/contacts.csv")
def contacts() -> Response:
    """All contacts, likewise."""
    deps, actor = current_deps(), current_actor()
    note_export(deps, actor, "contacts")
    return csv_file("contacts.csv", contacts_file(deps, actor))


@bp.get("/settings/everything.zip")
def everything() -> Response:
    """Accounts, contacts, notes, tasks and the audit log in one archive, for an admin."""
    deps, actor = current_deps(), current_actor()
    require(actor, Permission.AUDIT_SEE)
    note_export(deps, actor, "everything")
    files = {
        "accounts.csv": accounts_file(deps, actor),
        "contacts.csv": contacts_file(deps, actor),
        "notes.csv": notes_file(deps, actor),
        "tasks.csv": tasks_file(deps, actor),
        "audit-log.csv": audit_rows(whole_audit_log(deps, actor, ListQuery())),
    }
    pieces = zip_pieces(files)
    return streamed("rapport.zip", "application/zip", pieces, place="attachment")


def zip_pieces(files: Mapping[str, Iterable[tuple[str, ...]]]) -> Iterator[bytes]:
    """A ZIP archive of tables, streamed."""
    held = _Held()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in files.items():
            with archive.open(name, "w", force_zip64=True) as file:
                for piece in csv_pieces(rows):
                    file.write(piece)
                    yield held.taken()
    yield held.taken()


class _Held:
    """A write-only buffer for the archive that can be emptied."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        """Buffer the data until it is taken."""
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """There is nothing to flush."""

    def close(self) -> None:
        """The buffer can still be taken."""

    def taken(self) -> bytes:
        """The data since it was last taken."""
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data
