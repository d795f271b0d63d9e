"""Moments as the reader says them, in the reader's own zone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cards.times import ago, day, moment, today
from tests.cards.samples import DRAWING, NOW


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=-5), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(hours=15), "yesterday"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=6), "6 days ago"),
        (timedelta(days=7), "14 Nov"),
        (timedelta(days=400), "17 Oct 2025"),
    ],
)
def test_how_long_ago(passed: timedelta, said: str) -> None:
    assert ago(NOW - passed, DRAWING) == said


def test_yesterday_is_the_readers_yesterday() -> None:
    context = replace(DRAWING, zone=ZoneInfo("Pacific/Auckland"))  # 02:30 on Sunday there
    assert ago(NOW - timedelta(hours=3), context) == "yesterday"
    assert today(context) == "Sun 22 Nov"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 11, 21, 17, 4, tzinfo=UTC), "Today 18:04"),
        (datetime(2026, 11, 24, 8, 0, tzinfo=UTC), "Tue 24 Nov, 09:00"),
        (datetime(2027, 1, 4, 8, 0, tzinfo=UTC), "Mon 4 Jan 2027, 09:00"),
    ],
)
def test_a_point_in_time(at: datetime, said: str) -> None:
    assert moment(at, DRAWING) == said


def test_the_year_is_named_when_it_is_another() -> None:
    assert day(date(2026, 1, 14), DRAWING) == "14 Jan"
    assert day(date(2027, 1, 14), DRAWING) == "14 Jan 2027"
