"""The outside world of one command, closed when the command is done."""

from collections.abc import Iterator
from contextlib import contextmanager

from backend.domain.actor import Actor
from backend.domain.address import address_key
from backend.errors import NotFound
from backend.services.deps import Deps
from backend.settings import Settings
from backend.store import team
from backend.wiring import build_deps


@contextmanager
def outside_world(settings: Settings) -> Iterator[Deps]:
    """What services take, for as long as the command runs."""
    deps = build_deps(settings)
    try:
        yield deps
    finally:
        deps.store.dispose()


def member(deps: Deps, email: str) -> Actor:
    """The colleague with this address."""
    with deps.store.begin_global() as session:
        found = team.by_address(session, address_key(email))
    if found is None:
        raise NotFound(f"{email} is no member of any workspace here.")
    return team.actor_of(found)
