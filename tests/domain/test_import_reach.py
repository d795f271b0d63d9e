"""How far back runs look, and when audits are due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.ids import MailboxId
from backend.domain.policies import ImportMode
from backend.domain.sync.import_reach import (
    NIGHT,
    Reach,
    audit_due,
    audit_since,
    import_reach,
    resync_since,
)

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone


@pytest.mark.contract("D-1")
@pytest.mark.parametrize(
    ("mode", "reach"),
    [
        pytest.param(ImportMode.NONE, Reach(wanted=0), id="none looks at nothing"),
        pytest.param(ImportMode.LAST_N, Reach(wanted=7), id="last_n looks at a number"),
        pytest.param(
            ImportMode.LAST_DAYS,
            Reach(since=NOW - timedelta(days=30)),
            id="last_days looks back to a moment",
        ),
    ],
)
def test_each_choice_of_an_import_has_its_reach(mode: ImportMode, reach: Reach) -> None:
    assert import_reach(mode, count=7, days=30, now=NOW) == reach


def test_a_resync_goes_back_beyond_the_last_reading_but_not_below_the_import() -> None:
    assert resync_since(NOW, floor=LONG_AGO) == NOW - timedelta(days=2)
    assert resync_since(NOW, floor=NOW - timedelta(hours=1)) == NOW - timedelta(hours=1)


@pytest.mark.parametrize(
    ("last", "floor", "days"),
    [
        pytest.param(NOW - timedelta(days=1), LONG_AGO, 8, id="a week and a day in any case"),
        pytest.param(None, LONG_AGO, 8, id="the same when there was no audit"),
        pytest.param(NOW - timedelta(days=20), LONG_AGO, 21, id="what no audit has seen yet"),
        pytest.param(None, NOW - timedelta(days=3), 3, id="never below the import"),
    ],
)
def test_an_audit_looks_back(last: datetime | None, floor: datetime, days: int) -> None:
    assert audit_since(last, floor=floor, now=NOW) == NOW - timedelta(days=days)


@given(MOMENTS, st.integers(1, 10**6).map(MailboxId))
def test_an_audit_is_due_in_the_next_night_once(last: datetime, mailbox_id: MailboxId) -> None:
    due = audit_due(last, mailbox_id)
    assert last < due <= last + timedelta(days=1)
    assert due - due.replace(hour=0, minute=0, second=0, microsecond=0) < NIGHT
    assert audit_due(due, mailbox_id) == due + timedelta(days=1)


def test_audits_are_spread_over_the_night() -> None:
    minutes = {audit_due(NOW, MailboxId(number)) for number in range(1, 101)}
    assert len(minutes) > 70
