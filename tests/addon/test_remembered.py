"""Whom the add-on remembers, and whom it forgets first."""

from addon.auth import Identity
from addon.remembered import MOST, RememberedActors
from backend.domain.actor import Actor
from backend.domain.ids import MemberId, WorkspaceId

SOMEBODY = Actor(
    workspace_id=WorkspaceId(1),
    member_id=MemberId(1),
    email="robin@lumenworks.example",
    name="Robin Vale",
    role="member",
    time_zone="Europe/Berlin",
)


def identity(number: int) -> Identity:
    return Identity(str(number), f"p{number}@lumenworks.example")


def test_who_looked_longest_ago_is_forgotten_first() -> None:
    remembered = RememberedActors()
    for number in range(MOST):
        remembered.keep(identity(number), SOMEBODY)
    assert remembered.get(identity(0)) == SOMEBODY
    remembered.keep(identity(MOST), SOMEBODY)
    assert remembered.get(identity(0)) == SOMEBODY
    assert remembered.get(identity(1)) is None
