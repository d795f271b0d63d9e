"""Requests from Google that arrived: the last of each kind, and each member's use of the panel."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.ids import MemberId
from backend.domain.setup.evidence import Sighting, Sightings
from backend.store.models import Evidence, TeamMember


def put(session: Session, one: Sighting) -> None:
    """Keep the last request of its kind. Late writers change nothing."""
    values = {"what": one.what, "given": one.given, "seen_at": one.seen_at}
    statement = insert(Evidence).values(kind=one.kind, **values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["kind"], set_=values, where=Evidence.seen_at <= one.seen_at
        )
    )


def everything(session: Session) -> Sightings:
    """The last request of each kind."""
    return {
        row.kind: Sighting(kind=row.kind, seen_at=row.seen_at, what=row.what, given=row.given)
        for row in session.scalars(select(Evidence))
    }


def note_panel(
    session: Session, member_id: MemberId, scopes: Collection[str], now: datetime
) -> None:
    """The side panel drew a card for a member who has allowed it these scopes."""
    session.execute(
        update(TeamMember)
        .where(TeamMember.id == member_id)
        .values(panel_used_at=now, panel_scopes=sorted(scopes))
    )
