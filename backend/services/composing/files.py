"""Files on a message being written: cleaned, named, counted and measured before it is stored.

The rule needs the files already on the message, and a chosen file is lost
when the form comes back: a browser does not keep files.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.domain.ids import PendingId, WorkspaceId
from backend.domain.writing.attachments import MOST_FILES, content_type
from backend.domain.writing.message_size import TooLarge, check_size
from backend.google.compose import clean_name
from backend.store import pending_files
from backend.store.pending_files import FileBytes


@dataclass(frozen=True)
class NewFile:
    """A chosen file; its name is not trusted."""

    name: str
    data: bytes


@dataclass(frozen=True, kw_only=True)
class FileChanges:
    """What a form does to the files of a message: adds some, removes some by their ids."""

    added: Sequence[NewFile] = ()
    removed: Collection[int] = ()


def wrong_files(
    changes: FileChanges, existing: Sequence[int], *, text: str, most_mb: int
) -> dict[str, str]:
    """What is wrong with the files, under the name of their field. `existing` are the sizes in
    bytes of those that stay.
    """
    sizes = [*existing, *(len(one.data) for one in changes.added)]
    if len(sizes) > MOST_FILES:
        return {"files": f"Attach at most {MOST_FILES} files, or put them into an archive."}
    fits = check_size(sizes, text=len(text.encode()), max_files_mb=most_mb)
    return {"files": fits.sentence} if isinstance(fits, TooLarge) else {}


def existing_sizes(session: Session, pending_id: PendingId, changes: FileChanges) -> list[int]:
    """The sizes of the files that stay on a message."""
    rows = pending_files.of_mail(session, pending_id)
    return [row.size for row in rows if row.id not in changes.removed]


def apply_changes(
    session: Session, workspace_id: WorkspaceId, pending_id: PendingId, changes: FileChanges
) -> None:
    """Remove files from a message and add others."""
    if changes.removed:
        pending_files.remove(session, pending_id, changes.removed)
    pending_files.add(session, workspace_id, pending_id, [_clean(one) for one in changes.added])


def _clean(one: NewFile) -> FileBytes:
    name = clean_name(one.name)
    return FileBytes(name, content_type(name), one.data)
