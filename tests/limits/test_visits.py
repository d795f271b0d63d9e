"""Strangers' visits, counted for each address in Redis, and in the process when Redis is away."""

from datetime import timedelta

import pytest

from backend.clock import utc_now
from backend.limits.visits import ALLOWED, Visit, Visits, visitor

AMOUNT = ALLOWED[Visit.SIGN_IN].amount


def used_up(visits: Visits, address: str) -> timedelta:
    """One more visit than an address has."""
    waits = [visits.count(Visit.SIGN_IN, address, utc_now()) for _ in range(AMOUNT + 1)]
    assert waits[:AMOUNT] == [None] * AMOUNT
    assert waits[-1] is not None
    return waits[-1]


@pytest.fixture(params=["Redis", "the process alone"])
def visits(request: pytest.FixtureRequest) -> Visits:
    name = "redis" if request.param == "Redis" else "no_redis"
    return Visits(request.getfixturevalue(name))


def test_one_visit_too_many_is_told_how_long_to_wait(visits: Visits) -> None:
    assert timedelta(seconds=1) <= used_up(visits, "192.0.2.1") <= timedelta(minutes=1)
    assert visits.exhausted(Visit.SIGN_IN, "192.0.2.1", utc_now()) is not None
    assert visits.count(Visit.SIGN_IN, "192.0.2.2", utc_now()) is None
    assert visits.count(Visit.PAGE, "192.0.2.1", utc_now()) is None


def test_a_household_of_ipv6_is_one_visitor(visits: Visits) -> None:
    used_up(visits, "2001:db8:1:2::1")
    assert visits.count(Visit.SIGN_IN, "2001:db8:1:2:ffff::9", utc_now()) is not None
    assert visits.count(Visit.SIGN_IN, "2001:db8:1:3::1", utc_now()) is None


def test_looking_counts_nothing(visits: Visits) -> None:
    for _ in range(AMOUNT + 5):
        assert visits.exhausted(Visit.SIGN_IN, "192.0.2.1", utc_now()) is None


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("not an address", "unknown"),
        (None, "unknown"),
    ],
)
def test_whom_an_address_stands_for(address: str | None, counted_as: str) -> None:
    assert visitor(address) == counted_as
