"""The cursor of a mailbox's history."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.sync.history import (
    LARGEST_CURSOR,
    HistoryPage,
    cursor,
    is_behind,
    next_cursor,
)
from backend.errors import ProviderUnavailable


@given(
    st.integers(min_value=0, max_value=LARGEST_CURSOR),
    st.integers(min_value=0, max_value=LARGEST_CURSOR),
)
def test_cursors_compare_as_numbers(one: int, other: int) -> None:
    assert (cursor(str(one)) < cursor(str(other))) == (one < other)


@pytest.mark.parametrize("text", ["", "12a", "-1", "1.5", "١٢", str(LARGEST_CURSOR + 1)])
def test_what_is_no_history_id_is_refused(text: str) -> None:
    with pytest.raises(ProviderUnavailable):
        cursor(text)


@pytest.mark.parametrize(
    ("known", "hint", "behind"),
    [
        pytest.param(10, 11, True, id="the notification is ahead"),
        pytest.param(10, 10, False, id="it repeats what was read"),
        pytest.param(10, 9, False, id="it is late"),
        pytest.param(None, 9, True, id="nothing was read yet"),
        pytest.param(10, None, False, id="there was none"),
    ],
)
def test_a_notification_is_only_a_hint(
    known: int | None, hint: int | None, *, behind: bool
) -> None:
    assert is_behind(known, hint) is behind


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        pytest.param([HistoryPage(history_id=20)], 20, id="one page"),
        pytest.param(
            [HistoryPage(history_id=20, next_page_token="b"), HistoryPage(history_id=21)],
            21,
            id="the last page says it",
        ),
        pytest.param(
            [HistoryPage(history_id=20, next_page_token="b")],
            None,
            id="a page without records and with a token is not the end",
        ),
        pytest.param([], None, id="no page"),
        pytest.param([HistoryPage(history_id=3)], 10, id="never backwards"),
    ],
)
def test_where_to_read_on(pages: list[HistoryPage], expected: int | None) -> None:
    assert next_cursor(10, pages) == expected
