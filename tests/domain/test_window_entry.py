from datetime import time

import pytest

from backend.domain.sending.window_entry import describe, enter_window
from backend.domain.sending.windows import WORKDAYS, SendingWindow, Weekday
from backend.errors import InputError


def test_a_window_is_entered_by_names_and_times() -> None:
    window = enter_window([" Monday", "friday"], "9:05", "17:00", zone="Europe/Berlin")
    assert window == SendingWindow(
        frozenset({Weekday.MONDAY, Weekday.FRIDAY}), time(9, 5), time(17), "Europe/Berlin"
    )


@pytest.mark.parametrize("text", ["", "9", "9:5", "24:00", "10:60", "x:00", "009:00", "٩:00"])
def test_what_is_no_time_of_day_is_marked(text: str) -> None:
    with pytest.raises(InputError) as refused:
        enter_window(["monday"], text, "17:00", zone="UTC")
    assert list(refused.value.fields) == ["start"]


def test_every_bad_field_is_marked_at_once() -> None:
    with pytest.raises(InputError) as refused:
        enter_window(["caturday"], "soon", "later", zone="Mars/Base")
    assert list(refused.value.fields) == ["days", "start", "end", "zone"]
    with pytest.raises(InputError):
        enter_window([], "09:00", "17:00", zone="UTC")


@pytest.mark.parametrize(
    ("days", "start", "end", "text"),
    [
        (WORKDAYS, time(9), time(17), "Monday to Friday, 09:00 to 17:00 (UTC)"),
        (frozenset(Weekday), time(0), time(0), "Every day, all day (UTC)"),
        (frozenset(), time(9), time(17), "No day, 09:00 to 17:00 (UTC)"),
        (WORKDAYS, time(9), time(9), "Monday to Friday, 09:00 to 09:00 the next day (UTC)"),
    ],
)
def test_a_window_is_described(days: frozenset[Weekday], start: time, end: time, text: str) -> None:
    assert describe(SendingWindow(days, start, end, "UTC")) == text
