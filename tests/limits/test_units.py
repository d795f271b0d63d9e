from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from redis import Redis

from backend.domain.ids import MailboxId
from backend.errors import LimiterUnavailable
from backend.limits import MAILBOX_BURST, MAILBOX_UNITS, PROJECT_UNITS, Limits

ANN, BEN = MailboxId(1), MailboxId(2)
NONE = timedelta()
ANY = timedelta(hours=1)
# What may pass on a slow machine between two calls that are compared.
SLACK = timedelta(seconds=1)


def near(wait: timedelta, expected: timedelta) -> bool:
    return expected - SLACK <= wait <= expected


def test_a_burst_is_free_and_then_units_come_at_their_rate(limits: Limits) -> None:
    assert limits.take_units(ANN, MAILBOX_BURST) == NONE
    wait = limits.take_units(ANN, 4 * MAILBOX_UNITS)
    assert near(wait, timedelta(seconds=4))


def test_those_who_wait_stand_in_line(limits: Limits) -> None:
    limits.take_units(ANN, MAILBOX_BURST)
    waits = [limits.take_units(ANN, MAILBOX_UNITS) for _ in range(5)]
    assert waits == sorted(waits)
    assert near(waits[-1], timedelta(seconds=5))


def test_too_long_a_wait_takes_nothing(limits: Limits) -> None:
    limits.take_units(ANN, MAILBOX_BURST)
    patience = timedelta(seconds=2)
    for _ in range(3):
        assert limits.take_units(ANN, 10 * MAILBOX_UNITS, patience=patience) > patience
    assert near(limits.take_units(ANN, 2 * MAILBOX_UNITS, patience=ANY), timedelta(seconds=2))


def test_each_mailbox_has_a_bucket_of_its_own(limits: Limits) -> None:
    limits.take_units(ANN, MAILBOX_BURST)
    assert limits.take_units(ANN, MAILBOX_UNITS) > NONE
    assert limits.take_units(BEN, MAILBOX_BURST) == NONE


def test_all_mailboxes_share_the_projects_rate(limits: Limits) -> None:
    mailboxes = PROJECT_UNITS // MAILBOX_BURST
    waits = [
        limits.take_units(MailboxId(number), MAILBOX_BURST, patience=ANY)
        for number in range(3 * mailboxes)
    ]
    assert waits[0] == NONE
    assert NONE < waits[-1] <= timedelta(seconds=2)


def test_jobs_at_the_same_moment_share_one_bucket(limits: Limits) -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: limits.take_units(ANN, 50, patience=ANY), range(40)))
    total = 40 * 50
    assert near(max(waits), timedelta(seconds=(total - MAILBOX_BURST) / MAILBOX_UNITS))
    assert sum(wait == NONE for wait in waits) >= MAILBOX_BURST // 50


def test_an_emptied_redis_costs_speed_and_nothing_else(limits: Limits, redis: Redis) -> None:
    limits.take_units(ANN, MAILBOX_BURST)
    redis.flushall()
    assert limits.take_units(ANN, MAILBOX_BURST) == NONE


def test_a_bucket_is_forgotten_once_it_is_full_again(limits: Limits, redis: Redis) -> None:
    limits.take_units(ANN, MAILBOX_BURST)
    for key in redis.scan_iter("rapport:units:*"):
        assert 0 < redis.ttl(key) <= 8


def test_without_redis_nothing_is_taken(no_redis: Redis) -> None:
    with pytest.raises(LimiterUnavailable) as refused:
        Limits(no_redis).take_units(ANN, 1)
    assert refused.value.sentence.endswith("It is tried again by itself.")


def test_a_pause_of_the_project_rests_every_mailbox(limits: Limits) -> None:
    limits.pause_project(timedelta(seconds=30))
    limits.pause_project(timedelta(seconds=10))
    for mailbox in (ANN, BEN):
        assert near(limits.take_units(mailbox, 1), timedelta(seconds=30))
