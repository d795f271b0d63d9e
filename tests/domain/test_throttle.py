from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.reasons import Reason
from backend.domain.sending.throttle import (
    HOUR,
    ROLLING_DAY,
    Pause,
    SendLimits,
    Slot,
    effective_daily,
    next_slot,
    reachable_in_a_day,
    spacing,
)

NOON = datetime(2026, 1, 7, 12, tzinfo=UTC)
EVEN = UUID(int=0)  # no jitter
WIDE = SendLimits(daily=250, hourly=60)
MINUTE = timedelta(minutes=1)


def ago(*, step: timedelta, count: int) -> list[datetime]:
    """`count` departures, the last of them `step` before noon."""
    return [NOON - step * number for number in range(count, 0, -1)]


def test_nothing_waits_without_a_reason() -> None:
    assert next_slot([], WIDE, at=NOON, send_id=EVEN) == Slot(NOON, None)
    assert next_slot([NOON - MINUTE], WIDE, at=NOON, send_id=EVEN) == Slot(NOON, None)


@pytest.mark.contract("VC-45", "D-11")
def test_the_day_is_the_last_24_hours_and_not_midnight_to_midnight() -> None:
    midnight = datetime(2026, 1, 8, tzinfo=UTC)
    burst = [midnight - MINUTE * (number + 1) for number in reversed(range(50))]
    slot = next_slot(burst, SendLimits(daily=50, hourly=60), at=midnight, send_id=EVEN)
    assert slot == Slot(burst[0] + ROLLING_DAY, Reason.DAILY_LIMIT)


@pytest.mark.contract("VC-45")
def test_the_251st_message_waits_until_the_first_is_24_hours_old() -> None:
    day = ago(step=5 * MINUTE, count=250)
    assert next_slot(day[1:], WIDE, at=NOON, send_id=EVEN) == Slot(NOON, None)
    slot = next_slot(day, WIDE, at=NOON, send_id=EVEN)
    assert slot == Slot(day[0] + ROLLING_DAY, Reason.DAILY_LIMIT)


@pytest.mark.contract("VC-47", "D-10")
def test_the_61st_message_of_an_hour_waits() -> None:
    hour = ago(step=timedelta(seconds=59), count=60)
    slot = next_slot(hour, WIDE, at=NOON, send_id=EVEN)
    assert slot == Slot(hour[0] + HOUR, Reason.HOURLY_LIMIT)


def test_two_messages_of_a_mailbox_are_at_least_a_minute_apart() -> None:
    last = NOON - timedelta(seconds=20)
    slot = next_slot([last], WIDE, at=NOON, send_id=EVEN)
    assert slot == Slot(last + MINUTE, Reason.SPACING)


@given(st.uuids(), st.integers(min_value=1, max_value=60))
def test_the_gap_is_an_even_share_of_the_hour_and_up_to_a_fifth_more(
    send_id: UUID, hourly: int
) -> None:
    gap = spacing(hourly, send_id)
    share = timedelta(hours=1) // hourly
    assert share <= gap < share * 1.2
    assert gap == spacing(hourly, send_id)


@pytest.mark.parametrize("reason", [Reason.PROVIDER_LIMIT, Reason.MAILBOX_PAUSED])
def test_a_pause_holds_for_every_message(reason: Reason) -> None:
    paused = SendLimits(250, 60, Pause(NOON + HOUR, reason))
    assert next_slot([], paused, at=NOON, send_id=EVEN) == Slot(NOON + HOUR, reason)
    over = SendLimits(250, 60, Pause(NOON - HOUR, reason))
    assert next_slot([], over, at=NOON, send_id=EVEN) == Slot(NOON, None)


def test_a_departure_in_the_future_comes_first() -> None:
    slot = next_slot([NOON + HOUR], WIDE, at=NOON, send_id=EVEN)
    assert slot == Slot(NOON + HOUR + MINUTE, Reason.SPACING)


@pytest.mark.parametrize("limits", [SendLimits(0, 60), SendLimits(250, 0)])
def test_a_limit_of_nothing_has_no_slot(limits: SendLimits) -> None:
    assert next_slot([], limits, at=NOON, send_id=EVEN) is None


@pytest.mark.contract("D-8", "D-12")
@pytest.mark.parametrize(
    ("member", "cap", "ceiling", "consumer", "daily"),
    [
        (250, None, 2000, False, 250),
        (1000, 300, 2000, False, 300),
        (100, 300, 2000, False, 100),
        (1000, None, 500, False, 500),
        (1000, None, 2000, True, 400),
        (250, None, -5, False, 0),
    ],
    ids=[
        "without a cap the member decides",
        "a cap lowers",
        "a cap never raises",
        "never above what Google allows the account",
        "a consumer account keeps room for mail by hand",
        "never below nothing",
    ],
)
def test_the_lowest_limit_is_in_force(
    member: int, cap: int | None, ceiling: int, *, consumer: bool, daily: int
) -> None:
    assert effective_daily(member, admin_cap=cap, ceiling=ceiling, consumer=consumer) == daily


def test_what_a_day_can_really_hold() -> None:
    assert reachable_in_a_day(SendLimits(1000, 60), timedelta(hours=8)) == 480
    assert reachable_in_a_day(SendLimits(250, 60), timedelta(hours=8)) == 250


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(st.integers(min_value=1, max_value=4 * 3600), max_size=60),
    daily=st.integers(min_value=1, max_value=20),
    hourly=st.integers(min_value=1, max_value=60),
    send_id=st.uuids(),
    wait=st.integers(min_value=0, max_value=7200),
)
def test_the_slot_breaks_no_limit_and_one_second_earlier_breaks_the_one_it_names(
    steps: list[int], daily: int, hourly: int, send_id: UUID, wait: int
) -> None:
    history, moment = [], NOON
    for step in steps:
        moment += timedelta(seconds=step)
        history.append(moment)
    at = moment + timedelta(seconds=wait)
    limits = SendLimits(daily, hourly)
    slot = next_slot(history, limits, at=at, send_id=send_id)
    assert slot is not None
    assert slot.at >= at
    assert broken(history, limits, slot.at, send_id) == set()
    if slot.binding is not None:
        early = slot.at - timedelta(seconds=1)
        assert slot.binding in broken(history, limits, early, send_id)
    else:
        assert slot.at == at


def broken(
    history: list[datetime], limits: SendLimits, at: datetime, send_id: UUID
) -> set[Reason | None]:
    """The limits that one more departure at `at` would break, counted the slow way."""
    found: set[Reason | None] = set()
    if len(history) - bisect_right(history, at - ROLLING_DAY) >= limits.daily:
        found.add(Reason.DAILY_LIMIT)
    if len(history) - bisect_right(history, at - HOUR) >= limits.hourly:
        found.add(Reason.HOURLY_LIMIT)
    if history and at - history[-1] < spacing(limits.hourly, send_id):
        found.add(Reason.SPACING)
    return found
