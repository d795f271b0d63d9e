"""Deletes what visitors leave behind: ended sessions, and expired OAuth attempts."""

from datetime import timedelta

from backend.deps import Deps
from backend.store import attempts, upkeep, web_sessions

NAME, EVERY = "sweep", timedelta(minutes=10)


def sweep(deps: Deps) -> None:
    """Sweep when it is due; one of several schedulers does it."""
    now = deps.now()
    with deps.store.begin_global() as session:
        if upkeep.claim_duty(session, NAME, every=EVERY, now=now):
            attempts.sweep(session, now)
            web_sessions.sweep(session, now)
