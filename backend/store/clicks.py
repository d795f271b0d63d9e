"""Clicks that were carried out, by their nonce: a replay or a double click writes nothing."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.actor import Actor
from backend.store.models import Click


def is_first(session: Session, actor: Actor, nonce: str, *, action: str, now: datetime) -> bool:
    """Claim the nonce. False when the click was carried out before.

    A second transaction with the same nonce waits here until the first has ended.
    """
    claimed = session.execute(
        insert(Click)
        .values(
            workspace_id=actor.workspace_id,
            nonce=nonce,
            action=action,
            member_id=actor.member_id,
            clicked_at=now,
        )
        .on_conflict_do_nothing()
        .returning(Click.nonce)
    )
    return claimed.first() is not None


def was_done(session: Session, actor: Actor, nonce: str) -> bool:
    """Whether a click with this nonce was carried out before."""
    query = select(Click.nonce).where(
        Click.workspace_id == actor.workspace_id, Click.nonce == nonce
    )
    return session.execute(query).first() is not None
