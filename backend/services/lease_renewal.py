"""Renews leases while work runs, so that they can be short (`domain/sync/leases.py`)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import structlog
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import WorkspaceId
from backend.domain.sync.leases import RENEW_EVERY
from backend.errors import RapportError

log = structlog.get_logger(__name__)


@contextmanager
def renewing(
    deps: Deps, workspace_id: WorkspaceId, renew: Callable[[Session], object]
) -> Iterator[None]:
    """Renew what the block holds until it ends, every few seconds, each time in its own
    transaction.

    A failed renewal is noticed by the work itself, at its next step.
    """
    over = Event()

    def beat() -> None:
        while not over.wait(RENEW_EVERY.total_seconds()):
            try:
                with deps.store.begin(workspace_id) as session:
                    renew(session)
            except RapportError as error:
                log.warning("lease_not_renewed", why=type(error).__name__)

    heart = Thread(target=beat, daemon=True)
    heart.start()
    try:
        yield
    finally:
        over.set()
        heart.join()
