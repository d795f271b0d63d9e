"""Moves a pending message between its states, and records the step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from backend.domain.ids import MemberId
from backend.domain.reasons import Reason
from backend.domain.sending.pending import DONE, STATE_SENTENCES, PendingState, can
from backend.errors import Conflict
from backend.store.models import PendingMessage
from backend.store.outbox.rows import note_step
from backend.store.pending_files import forget_bytes


@dataclass(frozen=True)
class Because:
    """Why a row moved. `details` fill the reason's sentence."""

    reason: Reason
    details: Mapping[str, str] = field(default_factory=dict)


def move(
    session: Session,
    row: PendingMessage,
    to: PendingState,
    *,
    now: datetime,
    because: Because | None = None,
    by: MemberId | None = None,
) -> None:
    """Change the state and write the event. The files of a message that will never leave are
    deleted. Raises Conflict when refused.
    """
    origin = row.state
    if not can(origin, to):
        raise Conflict(f"This email can't be changed any more. {STATE_SENTENCES[origin]}")
    row.state, row.reason = to, because.reason if because else None
    row.reason_details = dict(because.details) if because else {}
    if to in DONE:
        forget_bytes(session, [row.id])
    note_step(session, row, now=now, reason=because.reason if because else None, by=by)
