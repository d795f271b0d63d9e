"""Files of pending messages. Lists never load the bytes; they are read once, when the message is
built.

Once a message has left or was deleted its files are only names: the bytes are in the mailbox's SENT
mail, or nowhere.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from backend.domain.ids import PendingId, WorkspaceId
from backend.store.models import PendingFile


@dataclass(frozen=True)
class FileRow:
    """A file without its bytes, and whether they are there."""

    id: int
    name: str
    size: int
    kept: bool


@dataclass(frozen=True)
class FileBytes:
    """A file with its bytes."""

    name: str
    content_type: str
    data: bytes


def of_mail(session: Session, pending_id: PendingId) -> list[FileRow]:
    """The files of a message in the order in which they were chosen."""
    query = (
        select(PendingFile.id, PendingFile.name, PendingFile.size, PendingFile.data.is_not(None))
        .where(PendingFile.pending_id == pending_id)
        .order_by(PendingFile.id)
    )
    return [FileRow(*row) for row in session.execute(query)]


def counts(session: Session, pending_ids: Collection[PendingId]) -> Mapping[PendingId, int]:
    """How many files each of a few messages has."""
    query = (
        select(PendingFile.pending_id, func.count())
        .where(PendingFile.pending_id.in_(pending_ids))
        .group_by(PendingFile.pending_id)
    )
    return dict(session.execute(query).all())


def whole(session: Session, pending_id: PendingId) -> list[FileBytes]:
    """The files with their bytes."""
    query = (
        select(PendingFile.name, PendingFile.content_type, PendingFile.data)
        .where(PendingFile.pending_id == pending_id)
        .order_by(PendingFile.id)
    )
    return [FileBytes(name, kind, data or b"") for name, kind, data in session.execute(query)]


def one_whole(session: Session, pending_id: PendingId, file_id: int) -> FileBytes | None:
    """One file of a message with its bytes, if both still exist."""
    query = select(PendingFile.name, PendingFile.content_type, PendingFile.data).where(
        PendingFile.pending_id == pending_id,
        PendingFile.id == file_id,
        PendingFile.data.is_not(None),
    )
    row = session.execute(query).one_or_none()
    return FileBytes(row.name, row.content_type, row.data or b"") if row else None


def add(
    session: Session, workspace_id: WorkspaceId, pending_id: PendingId, files: Sequence[FileBytes]
) -> None:
    """Insert files of a message."""
    for one in files:
        session.add(
            PendingFile(
                workspace_id=workspace_id,
                pending_id=pending_id,
                name=one.name,
                content_type=one.content_type,
                size=len(one.data),
                data=one.data,
            )
        )


def remove(session: Session, pending_id: PendingId, ids: Collection[int]) -> None:
    """Remove files from a message."""
    session.execute(
        delete(PendingFile).where(PendingFile.pending_id == pending_id, PendingFile.id.in_(ids))
    )


def forget_bytes(session: Session, pending_ids: Collection[PendingId]) -> None:
    """Delete the bytes, once the messages have left or will never leave; the names stay."""
    session.execute(
        update(PendingFile)
        .where(PendingFile.pending_id.in_(pending_ids), PendingFile.data.is_not(None))
        .values(data=None)
        .execution_options(synchronize_session=False)
    )
