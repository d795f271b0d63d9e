"""Unsubscribes, set and ended by a person's own click or by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.ids import ContactId, MemberId, PendingId, WorkspaceId
from backend.domain.sending.suppression import SuppressionCause
from backend.store.models import ContactAddress, Suppression

BY_CHOICE = SuppressionCause.UNSUBSCRIBED


@dataclass(frozen=True)
class Chosen:
    """When and how somebody was unsubscribed: by a member, or by the link in a message."""

    workspace_id: WorkspaceId
    at: datetime
    set_by: MemberId | None = None
    pending_id: PendingId | None = None


def addresses(
    session: Session, contact_ids: Sequence[ContactId]
) -> Sequence[tuple[ContactId, str]]:
    """Contact and key of every address of a few contacts."""
    query = select(ContactAddress.contact_id, ContactAddress.key).where(
        ContactAddress.contact_id.in_(contact_ids)
    )
    return [(contact_id, key) for contact_id, key in session.execute(query)]


def end_writing(
    session: Session, chosen: Chosen, hashes: Mapping[bytes, tuple[ContactId | None, str]]
) -> None:
    """Unsubscribe these addresses, each with its contact, if any, and its key. An address that is
    unsubscribed already keeps its date, except that the person's own click replaces what others
    set: undoing a list must never subscribe somebody who has clicked since.
    """
    if not hashes:
        return
    how = {"since": chosen.at, "set_by": chosen.set_by, "pending_id": chosen.pending_id}
    statement = insert(Suppression).values(
        [
            {
                "workspace_id": chosen.workspace_id,
                "address_hash": address_hash,
                "reason": BY_CHOICE,
                "contact_id": contact_id,
                "key": key,
                **how,
            }
            for address_hash, (contact_id, key) in hashes.items()
        ]
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["workspace_id", "address_hash", "reason"],
            set_={**how, "ended_at": None},
            where=Suppression.ended_at.is_not(None)
            | (literal(chosen.pending_id is not None) & Suppression.pending_id.is_(None)),
        )
    )


def write_again(session: Session, hashes: Sequence[bytes], now: datetime) -> None:
    """Subscribe these addresses again."""
    session.execute(
        update(Suppression)
        .where(
            Suppression.address_hash.in_(hashes),
            Suppression.reason == BY_CHOICE,
            Suppression.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
