"""Members' votes on the help pages."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.ids import MemberId
from backend.domain.people.actor import Actor
from backend.store.models import HelpVote


def of_member(session: Session, member_id: MemberId, topic: str) -> str | None:
    """The member's vote on a page."""
    return session.scalar(
        select(HelpVote.answer).where(HelpVote.member_id == member_id, HelpVote.topic == topic)
    )


def keep(session: Session, actor: Actor, topic: str, answer: str, now: datetime) -> None:
    """Upsert the vote."""
    values = {"answer": answer, "voted_at": now}
    key = {
        "workspace_id": actor.workspace_id,
        "member_id": actor.member_id,
        "topic": topic,
    }
    statement = insert(HelpVote).values(**key, **values)
    session.execute(
        statement.on_conflict_do_update(index_elements=["member_id", "topic"], set_=values)
    )
