"""Addresses not to be written to, kept as keyed hashes so that they outlive erasure."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.domain.suppression import Suppression, SuppressionCause
from backend.store import models
from backend.store.sealing import KeyedHash

IN_FORCE = select(models.Suppression.address_hash, models.Suppression.reason).where(
    models.Suppression.address_hash.in_(bindparam("hashes", expanding=True)),
    models.Suppression.ended_at.is_(None),
)


def of_addresses(
    session: Session, keyed_hash: KeyedHash, workspace_id: int, keys: Iterable[str]
) -> list[Suppression]:
    """The suppressions in force for these address keys."""
    by_hash = {keyed_hash.of(workspace_id, key): key for key in keys}
    if not by_hash:
        return []
    return [
        Suppression(by_hash[address_hash], SuppressionCause(reason))
        for address_hash, reason in session.execute(IN_FORCE, {"hashes": list(by_hash)})
    ]
