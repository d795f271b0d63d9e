"""What rests, since when, and until when."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.domain.sync.leases import LEASE, Rest, rest_of

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
BEFORE, LATER = NOW - timedelta(minutes=1), NOW + timedelta(minutes=4)


def renewed(seconds: float) -> datetime:
    """When a lease ends that was renewed so long ago."""
    return NOW - timedelta(seconds=seconds) + LEASE


@pytest.mark.parametrize(
    ("lease_until", "rest"),
    [
        pytest.param(None, None, id="nobody is at work"),
        pytest.param(renewed(6), None, id="a late renewal"),
        pytest.param(
            renewed(9),
            Rest(since=NOW - timedelta(seconds=9), until=renewed(9), silent=True),
            id="a renewal is missing",
        ),
        pytest.param(
            renewed(90),
            Rest(since=NOW - timedelta(seconds=90), until=None, silent=True),
            id="free for another",
        ),
    ],
)
def test_a_lease_that_is_not_renewed_is_a_rest(
    lease_until: datetime | None, rest: Rest | None
) -> None:
    assert rest_of(NOW, paused_until=None, paused_at=None, lease_until=lease_until) == rest
    over = rest_of(NOW, paused_until=BEFORE, paused_at=BEFORE, lease_until=lease_until)
    assert over == rest


def test_a_pause_comes_first() -> None:
    found = rest_of(NOW, paused_until=LATER, paused_at=BEFORE, lease_until=renewed(90))
    assert found == Rest(since=BEFORE, until=LATER, silent=False)
