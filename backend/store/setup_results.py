"""Results of setup tests, the progress of a run, and what admins confirmed by hand."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.ids import WorkspaceId
from backend.domain.people.actor import Actor
from backend.domain.setup.checks import Check
from backend.store.models import SetupConfirmation, SetupFinding, SetupRun, TeamMember

RETRIED_FOR = timedelta(minutes=10)
"""A run that has not ended by then is given up; it may be asked for again."""


def begin_run(session: Session, actor: Actor, now: datetime) -> None:
    """Ask for the tests. A second request begins them again."""
    values = {
        "asked_by": actor.member_id,
        "asked_at": now,
        "steps_done": 0,
        "steps": 1,
        "finished_at": None,
    }
    statement = insert(SetupRun).values(workspace_id=actor.workspace_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["workspace_id"], set_=values))


def run(session: Session) -> SetupRun | None:
    """The last run of the workspace."""
    return session.scalars(select(SetupRun)).first()


def advance(session: Session, *, done: int, steps: int) -> None:
    """How far the run is."""
    session.execute(update(SetupRun).values(steps_done=done, steps=steps))


def finish(session: Session, now: datetime) -> None:
    """The run has ended."""
    session.execute(update(SetupRun).values(finished_at=now, steps_done=SetupRun.steps))


def unfinished(session: Session, now: datetime) -> Sequence[WorkspaceId]:
    """Workspaces whose run was asked for and has not ended. Needs a global transaction."""
    query = select(SetupRun.workspace_id).where(
        SetupRun.finished_at.is_(None), SetupRun.asked_at > now - RETRIED_FOR
    )
    return list(session.scalars(query))


def replace_findings(
    session: Session, workspace_id: WorkspaceId, group: str, checks: Sequence[Check], now: datetime
) -> None:
    """The results of one test, instead of its earlier ones. `group` begins their keys."""
    session.execute(delete(SetupFinding).where(SetupFinding.key.startswith(f"{group}:")))
    session.add_all(
        SetupFinding(
            workspace_id=workspace_id,
            key=f"{group}:{number:03}",
            name=one.name,
            state=one.state,
            sentence=one.sentence,
            advice=one.advice,
            found_at=now,
        )
        for number, one in enumerate(checks)
    )


def findings(session: Session, group: str) -> tuple[Check, ...]:
    """The last results of one test."""
    query = select(SetupFinding).where(SetupFinding.key.startswith(f"{group}:"))
    return tuple(
        Check(
            name=row.name,
            state=row.state,
            sentence=row.sentence,
            advice=row.advice,
            at=row.found_at,
        )
        for row in session.scalars(query.order_by(SetupFinding.key))
    )


def confirm(session: Session, actor: Actor, key: str, value: str, now: datetime) -> None:
    """An admin has checked this step at Google, where `value` is what it must say."""
    values = {"value": value, "made_by": actor.member_id, "made_at": now}
    statement = insert(SetupConfirmation).values(workspace_id=actor.workspace_id, key=key, **values)
    session.execute(
        statement.on_conflict_do_update(index_elements=["workspace_id", "key"], set_=values)
    )


def withdraw(session: Session, key: str) -> bool:
    """The step is to be checked again. Whether it was confirmed."""
    removed = delete(SetupConfirmation).where(SetupConfirmation.key == key)
    return session.scalar(removed.returning(SetupConfirmation.key)) is not None


def confirmations(session: Session) -> Mapping[str, tuple[SetupConfirmation, str]]:
    """Each confirmed step, with the name of who confirmed it."""
    query = select(SetupConfirmation, TeamMember.name).join(
        TeamMember, TeamMember.id == SetupConfirmation.made_by
    )
    return {row.key: (row, name) for row, name in session.execute(query)}
