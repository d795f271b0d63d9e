"""Leases kept up beside the work, so that they can be short.

What a process holds that died, or lost its database, is free for others after the 20 seconds of a
lease, however long one step of the work may take.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import structlog

from backend.errors import RapportError
from backend.services.deps import Deps
from backend.services.importing.draining import Hold
from backend.services.importing.opening import Box
from backend.store import fetching

log = structlog.get_logger(__name__)

RENEW_EVERY = 5.0
"""Seconds: a lease outlasts three renewals that fail."""


@contextmanager
def kept_up(deps: Deps, box: Box, owner: str, hold: Hold) -> Iterator[None]:
    """Renew what `owner` holds of the mailbox until the block ends: by `hold`, and its claims.

    A renewal that fails is noticed by the work itself, at its next step.
    """
    over = Event()

    def beat() -> None:
        while not over.wait(RENEW_EVERY):
            try:
                with deps.store.begin(box.workspace_id) as session:
                    if hold(session, deps.now()):
                        fetching.keep_claims(session, box.mailbox_id, owner, deps.now())
            except RapportError as error:
                log.warning("lease_not_renewed", why=type(error).__name__)

    heart = Thread(target=beat, daemon=True)
    heart.start()
    try:
        yield
    finally:
        over.set()
        heart.join()
