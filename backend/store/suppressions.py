"""Suppressed addresses, stored as keyed hashes so that they outlive erasure."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.domain.ids import WorkspaceId
from backend.domain.sending.suppression import Suppression, SuppressionCause
from backend.store.asking import fetch
from backend.store.models import Suppression as SuppressionRow
from backend.store.sealing import KeyedHash
from backend.store.session import Store
from backend.store.statements import sql, statement

IN_FORCE = statement(sql("suppressions_in_force"), list[tuple[str, SuppressionCause, datetime]])


class Question:
    """Which of these address keys are suppressed: the statement, and how to read its answer."""

    def __init__(
        self, keyed_hash: KeyedHash, workspace_id: WorkspaceId, keys: Iterable[str]
    ) -> None:
        self.by_hash = {keyed_hash.of(workspace_id, key): key for key in keys}
        self.asked = IN_FORCE.bind(hashes=list(self.by_hash))

    def read(self, answer: Iterable[tuple[str, SuppressionCause, datetime]]) -> list[Suppression]:
        """The suppressions in force."""
        return [
            Suppression(self.by_hash[bytes.fromhex(address_hash)], cause, since=since)
            for address_hash, cause, since in answer
        ]


def of_addresses(
    store: Store, keyed_hash: KeyedHash, workspace_id: WorkspaceId, keys: Iterable[str]
) -> list[Suppression]:
    """The suppressions in force for these address keys."""
    question = Question(keyed_hash, workspace_id, keys)
    return question.read(store.read(workspace_id, question.asked))


def seen_inside(
    session: Session, keyed_hash: KeyedHash, workspace_id: WorkspaceId, keys: Iterable[str]
) -> list[Suppression]:
    """The same inside a transaction."""
    question = Question(keyed_hash, workspace_id, keys)
    return question.read(fetch(session, question.asked))


def in_workspace(session: Session, suppression_id: int) -> SuppressionRow | None:
    """One suppression of the session's workspace, locked."""
    query = select(SuppressionRow).where(SuppressionRow.id == suppression_id).with_for_update()
    return session.scalars(query).one_or_none()


def lift(session: Session, row: SuppressionRow, *, by: int, now: datetime) -> None:
    """Let a person's decision override the reports so far."""
    session.execute(
        update(SuppressionRow)
        .where(SuppressionRow.id == row.id)
        .values(ended_at=now, lifted_at=now, lifted_by=by)
    )
