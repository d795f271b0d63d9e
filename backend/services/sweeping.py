"""What visitors leave behind is swept: ended sessions, and ways to Google that are long over."""

from datetime import timedelta

from backend.deps import Deps
from backend.store import attempts, upkeep, web_sessions

NAME, EVERY = "sweep", timedelta(minutes=10)


def sweep(deps: Deps) -> None:
    """Do it when it is due; of several schedulers one does."""
    now = deps.now()
    with deps.store.begin_global() as session:
        if upkeep.claim_duty(session, NAME, every=EVERY, now=now):
            attempts.sweep(session, now)
            web_sessions.sweep(session, now)
