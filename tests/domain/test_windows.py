from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.sending.windows import (
    WORKDAYS,
    Opening,
    SendingWindow,
    Weekday,
    next_open,
    open_within,
    opening,
    resolve,
)

ALL_DAYS = frozenset(Weekday)
NEW_YORK = ZoneInfo("America/New_York")
OFFICE = SendingWindow(WORKDAYS, time(9), time(17), "America/New_York")
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "Asia/Beirut",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kolkata",
    "Pacific/Kiritimati",
    "America/St_Johns",
    "UTC",
]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "civil", "moment"),
    [
        ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30"),
        ("America/New_York", "2026-03-08T02:00", "2026-03-08T07:00"),
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30"),
        ("America/Santiago", "2026-09-06T00:00", "2026-09-06T04:00"),
        ("Asia/Beirut", "2026-03-29T00:00", "2026-03-28T22:00"),
        ("Africa/Cairo", "2026-04-24T00:00", "2026-04-23T22:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30"),
        ("Pacific/Apia", "2011-12-30T09:00", "2011-12-30T10:00"),
        ("Europe/Berlin", "2026-07-01T09:00", "2026-07-01T07:00"),
    ],
    ids=[
        "a skipped half hour becomes the moment after the gap",
        "a doubled time means its first occurrence",
        "the edge of a gap",
        "a doubled time in New York",
        "a gap at midnight in Santiago",
        "a gap at midnight in Beirut",
        "a gap at midnight in Cairo",
        "a gap of thirty minutes",
        "a day that never was",
        "an ordinary day",
    ],
)
def test_civil_time_becomes_a_moment(zone: str, civil: str, moment: str) -> None:
    assert resolve(datetime.fromisoformat(civil), zone) == utc(moment)


def test_the_second_occurrence_is_available_for_ends() -> None:
    assert resolve(datetime.fromisoformat("2026-10-25T02:30"), "Europe/Berlin", fold=1) == utc(
        "2026-10-25T01:30"
    )


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-28", 7), ("2026-10-24", 9), ("2026-07-01", 8)],
    ids=["the night the clocks go forward", "the night they go back", "any other night"],
)
def test_a_night_window_is_as_long_as_the_night(day: str, hours: int) -> None:
    night = SendingWindow(ALL_DAYS, time(22), time(6), "Europe/Berlin")
    start = resolve(datetime.fromisoformat(f"{day}T22:00"), "Europe/Berlin")
    found = opening([night], start)
    assert found == Opening(start, start + timedelta(hours=hours))


@pytest.mark.contract("VC-43", "VC-42")
def test_due_at_8_pm_waits_until_9_am_the_next_day() -> None:
    due = datetime(2026, 1, 6, 20, 0, tzinfo=NEW_YORK)
    assert next_open([OFFICE], due) == datetime(2026, 1, 7, 9, 0, tzinfo=NEW_YORK)


@pytest.mark.contract("VC-90")
def test_a_weekday_window_moves_a_saturday_to_monday() -> None:
    saturday = datetime(2026, 1, 10, 11, 0, tzinfo=NEW_YORK)
    assert next_open([OFFICE], saturday) == datetime(2026, 1, 12, 9, 0, tzinfo=NEW_YORK)


@pytest.mark.contract("VC-91")
def test_the_same_hours_open_at_another_moment_in_another_zone() -> None:
    berlin = SendingWindow(WORKDAYS, time(9), time(17), "Europe/Berlin")
    at = utc("2026-01-07T00:00")
    assert next_open([OFFICE], at) == utc("2026-01-07T14:00")
    assert next_open([berlin], at) == utc("2026-01-07T08:00")


@pytest.mark.parametrize(
    ("at", "opens"),
    [("08:59:59", "07T09:00"), ("09:00", "07T09:00"), ("16:59", "07T16:59"), ("17:00", "08T09:00")],
    ids=["just before", "the start belongs to it", "just before the end", "the end does not"],
)
def test_a_window_is_half_open(at: str, opens: str) -> None:
    moment = datetime.fromisoformat(f"2026-01-07T{at}").replace(tzinfo=NEW_YORK)
    expected = datetime.fromisoformat(f"2026-01-{opens}").replace(tzinfo=NEW_YORK)
    assert next_open([OFFICE], moment) == expected


def test_a_night_belongs_to_the_day_it_starts_on() -> None:
    friday_night = SendingWindow(frozenset({Weekday.FRIDAY}), time(22), time(6), "UTC")
    saturday, friday = utc("2026-01-10T02:00"), utc("2026-01-09T02:00")
    assert next_open([friday_night], saturday) == saturday
    assert next_open([friday_night], friday) == utc("2026-01-09T22:00")
    assert next_open([friday_night], utc("2026-01-10T06:00")) == utc("2026-01-16T22:00")


def test_the_same_start_and_end_mean_a_full_day() -> None:
    day = SendingWindow(frozenset({Weekday.MONDAY}), time(9), time(9), "UTC")
    assert opening([day], utc("2026-01-05T09:00")) == Opening(
        utc("2026-01-05T09:00"), utc("2026-01-06T09:00")
    )


@pytest.mark.contract("VC-89")
def test_several_windows_add_up() -> None:
    morning = SendingWindow(ALL_DAYS, time(9), time(11), "UTC")
    later = SendingWindow(ALL_DAYS, time(10), time(12), "UTC")
    evening = SendingWindow(ALL_DAYS, time(18), time(19), "UTC")
    windows = [evening, morning, later]
    assert opening(windows, utc("2026-01-05T09:30")) == Opening(
        utc("2026-01-05T09:00"), utc("2026-01-05T12:00")
    )
    assert next_open(windows, utc("2026-01-05T12:00")) == utc("2026-01-05T18:00")


def test_no_windows_means_always_and_no_days_means_never() -> None:
    at = utc("2026-01-05T03:00")
    never = [SendingWindow(frozenset(), time(9), time(17), "UTC")]
    assert next_open([], at) == at
    assert open_within([], at, timedelta(days=30)) == timedelta(days=30)
    assert next_open(never, at) is None
    assert open_within(never, at, timedelta(days=1)) == timedelta()


def test_a_window_that_never_closes_says_so() -> None:
    always = [SendingWindow(ALL_DAYS, time(0), time(0), "Europe/Berlin")]
    assert next_open(always, utc("2026-03-29T01:00")) == utc("2026-03-29T01:00")


def test_a_day_that_never_was_opens_nothing() -> None:
    friday = SendingWindow(frozenset({Weekday.FRIDAY}), time(9), time(17), "Pacific/Apia")
    assert next_open([friday], utc("2011-12-29T00:00")) == utc("2012-01-05T19:00")


def test_a_window_inside_a_gap_is_skipped() -> None:
    sunday = SendingWindow(frozenset({Weekday.SUNDAY}), time(2, 10), time(2, 40), "Europe/Berlin")
    assert next_open([sunday], utc("2026-03-29T00:00")) == utc("2026-04-05T00:10")


WINDOWS = st.builds(
    SendingWindow,
    days=st.frozensets(st.sampled_from(Weekday), min_size=1),
    start=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    end=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    zone=st.sampled_from(ZONES),
)
MOMENTS = st.integers(min_value=0, max_value=15 * 366 * 24 * 60).map(
    lambda minutes: utc("2011-12-01T00:00") + timedelta(minutes=minutes)
)


@settings(max_examples=60, deadline=None)
@given(windows=st.lists(WINDOWS, min_size=1, max_size=3), at=MOMENTS)
def test_mail_leaves_at_the_first_open_moment_and_only_then(
    windows: list[SendingWindow], at: datetime
) -> None:
    opens = next_open(windows, at)
    assert opens is not None
    assert opens >= at
    assert next_open(windows, opens) == opens
    assert any(shows_open(window, opens) for window in windows)
    if opens > at:
        assert not any(shows_open(window, at) for window in windows if not near_change(window, at))
        between = at + (opens - at) // 2
        assert next_open(windows, between) == opens


def shows_open(window: SendingWindow, at: datetime) -> bool:
    """A wall clock, read without any of the rule's own arithmetic."""
    local = at.astimezone(ZoneInfo(window.zone))
    wall, today = local.time().replace(tzinfo=None, fold=0), Weekday(local.weekday())
    yesterday = Weekday((local.weekday() - 1) % 7)
    if window.start < window.end:
        within = window.start <= wall < window.end and today in window.days
    else:
        within = (wall >= window.start and today in window.days) or (
            wall < window.end and yesterday in window.days
        )
    return within or near_change(window, at)


def near_change(window: SendingWindow, at: datetime) -> bool:
    """Near a change of the clocks the wall alone cannot tell; the table above covers those days."""
    zone = ZoneInfo(window.zone)
    offsets = {(at + timedelta(days=step)).astimezone(zone).utcoffset() for step in (-2, 0, 2)}
    return len(offsets) > 1


@settings(max_examples=40, deadline=None)
@given(window=WINDOWS, at=MOMENTS)
def test_what_is_open_in_a_week_is_what_the_openings_hold(
    window: SendingWindow, at: datetime
) -> None:
    week = open_within([window], at, timedelta(days=7))
    halves = open_within([window], at, timedelta(days=3)) + open_within(
        [window], at + timedelta(days=3), timedelta(days=4)
    )
    assert week == halves
    assert timedelta() <= week <= timedelta(days=7)


def test_hours_open_in_a_day() -> None:
    monday = datetime.combine(date(2026, 1, 5), time(0), tzinfo=NEW_YORK)
    assert open_within([OFFICE], monday, timedelta(days=1)) == timedelta(hours=8)
