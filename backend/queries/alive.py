"""Which kinds of process have shown no sign of life, in words: for Health, doctor and probes."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.store.models import Heartbeat

FRESH = timedelta(minutes=1)
"""A process that has not reported for longer is taken for stopped. They report every few seconds,
idle ones three times a minute.
"""

MISSING: Mapping[str, str] = {
    "worker": "No worker reports. Mail is neither read nor sent until one is started.",
    "schedule": "No schedule reports. Nothing periodic runs until it is started.",
}
"""What has to run besides the web, with what its absence means."""

MOST = 200


def silent(deps: Deps) -> Mapping[str, str]:
    """The kinds of process of which none has reported within a minute, with what that means."""
    now = deps.now()
    with deps.store.begin_global() as session:
        beats = heartbeats(session)
        alive = {kind_of(one.role) for one in beats if abs(now - one.beaten_at) <= FRESH}
    return {kind: said for kind, said in MISSING.items() if kind not in alive}


def kind_of(role: str) -> str:
    """What a process is: "worker" for workers of every queue."""
    return role.partition(" ")[0].partition("-")[0]


def heartbeats(session: Session) -> Sequence[Heartbeat]:
    """Every process that has reported, the latest first. Needs a global transaction."""
    query = select(Heartbeat).order_by(Heartbeat.beaten_at.desc()).limit(MOST)
    return session.scalars(query).all()
