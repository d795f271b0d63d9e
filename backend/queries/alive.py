"""Kinds of process without a recent heartbeat, in words: for Health, doctor and probes."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.store.models import Heartbeat

FRESH = timedelta(minutes=1)
"""A process without a heartbeat for longer counts as stopped. Processes report every few seconds,
idle ones three times a minute.
"""

MISSING: Mapping[str, str] = {
    "worker": "No worker reports. Mail is neither read nor sent until one is started.",
    "schedule": "No schedule reports. Nothing periodic runs until it is started.",
}
"""Processes that always have to run besides the web, with the effect of their absence."""

LMTP = "lmtp"
NO_LMTP = (
    "No LMTP server reports. Mail copied to Smart BCC waits in the mail server until it is started."
)
COMMANDS: Mapping[str, str] = {LMTP: "smart-bcc"}
"""The command that starts a kind of process, where its name differs."""

MOST = 200


def needed(deps: Deps) -> Mapping[str, str]:
    """Processes that have to run besides the web, with the effect of their absence: the LMTP server
    only where Smart BCC mail arrives by no other way.
    """
    return {**MISSING, LMTP: NO_LMTP} if deps.lmtp_expected else MISSING


def silent(deps: Deps) -> Mapping[str, str]:
    """The kinds of process without a heartbeat in the last minute, with the effect."""
    now = deps.now()
    with deps.store.begin_global() as session:
        beats = heartbeats(session)
        alive = {kind_of(one.role) for one in beats if abs(now - one.beaten_at) <= FRESH}
    return {kind: said for kind, said in needed(deps).items() if kind not in alive}


def kind_of(role: str) -> str:
    """The kind of a process: "worker" for workers of every queue."""
    return role.partition(" ")[0].partition("-")[0]


def heartbeats(session: Session) -> Sequence[Heartbeat]:
    """Every process that has reported, latest first. Needs a global transaction."""
    query = select(Heartbeat).order_by(Heartbeat.beaten_at.desc()).limit(MOST)
    return session.scalars(query).all()
