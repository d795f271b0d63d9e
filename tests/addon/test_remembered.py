"""Whom the add-on remembers, and whom it forgets first."""

from datetime import UTC, datetime

from addon.auth import Identity
from addon.remembered import MOST, REMEMBERED_FOR, RememberedActors
from backend.domain.ids import MemberId, WorkspaceId
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Role

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
SOMEBODY = Actor(
    workspace_id=WorkspaceId(1),
    member_id=MemberId(1),
    email="robin@lumenworks.example",
    name="Robin Vale",
    role=Role.MEMBER,
    time_zone="Europe/Berlin",
)


def identity(number: int) -> Identity:
    return Identity(str(number), f"p{number}@lumenworks.example")


def test_who_looked_longest_ago_is_forgotten_first() -> None:
    remembered = RememberedActors()
    for number in range(MOST):
        remembered.keep(identity(number), SOMEBODY, NOW)
    assert remembered.get(identity(0), NOW) == SOMEBODY
    remembered.keep(identity(MOST), SOMEBODY, NOW)
    assert remembered.get(identity(0), NOW) == SOMEBODY
    assert remembered.get(identity(1), NOW) is None


def test_somebody_is_looked_up_anew_after_a_minute() -> None:
    remembered = RememberedActors()
    remembered.keep(identity(1), SOMEBODY, NOW)
    assert remembered.get(identity(1), NOW + REMEMBERED_FOR / 2) == SOMEBODY
    assert remembered.get(identity(1), NOW + REMEMBERED_FOR) is None
