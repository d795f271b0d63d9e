from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis

from backend.domain.ids import MailboxId
from backend.domain.reasons import Reason
from backend.domain.sending.throttle import Pause, SendLimits, next_slot
from backend.errors import LimiterUnavailable
from backend.limits import Limits, Reserved, Wait

ANN, BEN = MailboxId(1), MailboxId(2)
NOON = datetime(2026, 1, 7, 12, 0, 0, 123456, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WIDE = SendLimits(daily=250, hourly=60)
EVEN = [UUID(int=number << 16) for number in range(1, 9)]  # ids without jitter


def test_a_free_place_is_reserved_at_once(limits: Limits) -> None:
    assert limits.reserve_send(ANN, EVEN[0], limits=WIDE, now=NOON) == Reserved(NOON)


@pytest.mark.parametrize(
    ("departures", "wait"),
    [
        ([NOON - MINUTE / 2], Wait(NOON + MINUTE / 2, Reason.SPACING)),
        (
            [NOON - HOUR / 2 + MINUTE * number for number in range(2)],
            Wait(NOON + HOUR / 2, Reason.HOURLY_LIMIT),
        ),
        (
            [NOON - 20 * HOUR + 2 * HOUR * number for number in range(4)],
            Wait(NOON + 4 * HOUR, Reason.DAILY_LIMIT),
        ),
    ],
    ids=["the gap", "the hour", "the day"],
)
def test_the_latest_of_all_limits_binds(
    limits: Limits, departures: list[datetime], wait: Wait
) -> None:
    hourly = 60 if wait.reason is Reason.SPACING else 2
    tight = SendLimits(daily=4, hourly=hourly)
    found = limits.reserve_send(ANN, EVEN[0], limits=tight, now=NOON, departures=departures)
    assert found == wait


def test_a_place_in_doubt_counts_until_it_is_given_back(limits: Limits) -> None:
    one = SendLimits(daily=1, hourly=60)
    limits.reserve_send(ANN, EVEN[0], limits=one, now=NOON)
    later = NOON + 2 * MINUTE
    waits = limits.reserve_send(ANN, EVEN[1], limits=one, now=later)
    assert waits == Wait(NOON + DAY, Reason.DAILY_LIMIT)
    limits.release_send(ANN, EVEN[0])
    assert limits.reserve_send(ANN, EVEN[1], limits=one, now=later) == Reserved(later)


def test_asking_again_for_the_same_message_takes_no_second_place(limits: Limits) -> None:
    two = SendLimits(daily=2, hourly=60)
    limits.reserve_send(ANN, EVEN[0], limits=two, now=NOON)
    again = limits.reserve_send(ANN, EVEN[0], limits=two, now=NOON + MINUTE)
    assert again == Reserved(NOON + MINUTE)
    other = limits.reserve_send(ANN, EVEN[1], limits=two, now=NOON + 2 * MINUTE)
    assert other == Reserved(NOON + 2 * MINUTE)


def test_mailboxes_do_not_share_places(limits: Limits) -> None:
    one = SendLimits(daily=1, hourly=60)
    assert isinstance(limits.reserve_send(ANN, EVEN[0], limits=one, now=NOON), Reserved)
    assert isinstance(limits.reserve_send(BEN, EVEN[1], limits=one, now=NOON), Reserved)


def test_a_place_is_forgotten_after_a_day(limits: Limits) -> None:
    one = SendLimits(daily=1, hourly=60)
    limits.reserve_send(ANN, EVEN[0], limits=one, now=NOON)
    found = limits.reserve_send(ANN, EVEN[1], limits=one, now=NOON + DAY)
    assert found == Reserved(NOON + DAY)


def test_a_pause_and_a_limit_of_nothing_need_no_redis(no_redis: Redis) -> None:
    limits = Limits(no_redis)
    pause = Pause(NOON + HOUR, Reason.PROVIDER_LIMIT)
    paused = SendLimits(250, 60, pause)
    found = limits.reserve_send(ANN, EVEN[0], limits=paused, now=NOON)
    assert found == Wait(pause.until, Reason.PROVIDER_LIMIT)
    nothing = limits.reserve_send(ANN, EVEN[0], limits=SendLimits(0, 60), now=NOON)
    assert nothing == Wait(NOON + DAY, Reason.LIMIT_ZERO)


def test_without_redis_nothing_leaves(no_redis: Redis) -> None:
    limits = Limits(no_redis)
    with pytest.raises(LimiterUnavailable):
        limits.reserve_send(ANN, EVEN[0], limits=WIDE, now=NOON)
    with pytest.raises(LimiterUnavailable):
        limits.release_send(ANN, EVEN[0])


@pytest.mark.contract("VC-47")
def test_workers_at_the_same_moment_never_take_the_same_last_place(limits: Limits) -> None:
    hour = [NOON - HOUR + MINUTE / 2 + number * MINUTE / 2 for number in range(57)]
    fast = SendLimits(daily=250, hourly=60)
    step = timedelta(seconds=73)  # longer than the longest gap

    def worker(number: int) -> Reserved | Wait:
        now = NOON + step * (number % 10)
        return limits.reserve_send(ANN, uuid4(), limits=fast, now=now, departures=hour)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(worker, range(80)))
    moments = sorted([*hour, *(one.at for one in found if isinstance(one, Reserved))])
    assert len(moments) > len(hour)
    for number, moment in enumerate(moments):
        within = [one for one in moments[: number + 1] if one > moment - HOUR]
        assert len(within) <= fast.hourly
    ours = [one.at for one in found if isinstance(one, Reserved)]
    assert len(ours) == len(set(ours))


def test_an_emptied_redis_still_counts_what_postgres_knows(limits: Limits, redis: Redis) -> None:
    one = SendLimits(daily=1, hourly=60)
    limits.reserve_send(ANN, EVEN[0], limits=one, now=NOON)
    redis.flushall()
    found = limits.reserve_send(ANN, EVEN[1], limits=one, now=NOON + HOUR, departures=[NOON])
    assert found == Wait(NOON + DAY, Reason.DAILY_LIMIT)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    ago=st.lists(st.integers(min_value=-60, max_value=100_000), max_size=30),
    daily=st.integers(min_value=1, max_value=30),
    hourly=st.integers(min_value=1, max_value=60),
    send_id=st.uuids(),
)
def test_redis_and_the_rule_agree(
    limits: Limits, ago: list[int], daily: int, hourly: int, send_id: UUID
) -> None:
    departures = sorted(NOON - timedelta(seconds=seconds) for seconds in ago)
    tight = SendLimits(daily, hourly)
    found = limits.reserve_send(ANN, send_id, limits=tight, now=NOON, departures=departures)
    limits.release_send(ANN, send_id)
    slot = next_slot(departures, tight, at=NOON, send_id=send_id)
    assert slot is not None
    expected = Reserved(NOON) if slot.binding is None else Wait(slot.at, slot.binding)
    assert found == expected
