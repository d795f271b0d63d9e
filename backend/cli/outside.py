"""The dependencies of one command, closed when the command is done."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from backend.deps import Deps
from backend.domain.mail.address import address_key
from backend.domain.people.actor import Actor
from backend.errors import InputError, NotFound
from backend.settings import Settings
from backend.store import team
from backend.wiring import build_deps


@contextmanager
def outside_world(settings: Settings) -> Iterator[Deps]:
    """The services' dependencies, open while the command runs."""
    deps = build_deps(settings)
    try:
        yield deps
    finally:
        deps.store.dispose()


in_workspace = click.option(
    "--workspace",
    default="",
    metavar="NAME",
    help="Which workspace is meant, when the colleague belongs to several.",
)


def member(deps: Deps, email: str, workspace: str = "") -> Actor:
    """The colleague with this address, in the workspace that is named if they have several."""
    with deps.store.begin_global() as session:
        found = team.by_address(session, address_key(email))
    if not found:
        raise NotFound(f"{email} is not a member of any workspace here.")
    meant = [row for row, name in found if not workspace or name.lower() == workspace.lower()]
    if len(meant) != 1:
        names = ", ".join(name for _, name in found)
        raise InputError(f"{email} belongs to: {names}. Name one of them with --workspace.")
    return team.actor_of(meant[0])
