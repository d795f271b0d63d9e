"""What a stretch of history amounts to, record by record."""

import pytest

from backend.domain.reasons import Reason
from backend.domain.sync.changes import Arrival, Changes, Fetch, coalesce
from backend.domain.sync.history import HistoryRecord, Relabelled, Seen
from backend.domain.sync.label_changes import LabelDelta


def seen(*labels: str) -> Seen:
    return Seen("m1", "t1", frozenset(labels))


def added(record_id: int, *labels: str) -> HistoryRecord:
    return HistoryRecord(id=record_id, added=(seen(*labels),))


def deleted(record_id: int) -> HistoryRecord:
    return HistoryRecord(id=record_id, deleted=(seen(),))


def put_on(record_id: int, label: str, *now: str) -> HistoryRecord:
    change = Relabelled(seen(label, *now), frozenset({label}))
    return HistoryRecord(id=record_id, labels_added=(change,))


def taken_off(record_id: int, label: str, *now: str) -> HistoryRecord:
    return HistoryRecord(id=record_id, labels_removed=(Relabelled(seen(*now), frozenset({label})),))


def fetched(arrival: Arrival) -> dict[str, Fetch]:
    return {"m1": Fetch("t1", arrival)}


@pytest.mark.parametrize(
    ("records", "arrival"),
    [
        pytest.param([added(1, "INBOX", "UNREAD")], Arrival.ADDED, id="new mail"),
        pytest.param([added(1)], Arrival.ADDED, id="new mail that a filter archived"),
        pytest.param([added(1, "SENT", "INBOX")], Arrival.ADDED, id="a mail to oneself"),
        pytest.param([put_on(1, "SENT")], Arrival.SENT, id="a sent mail told by its label only"),
        pytest.param(
            [added(1, "DRAFT"), put_on(2, "SENT")],
            Arrival.ADDED,
            id="a draft that was sent, though nobody said that it is no draft any more",
        ),
        pytest.param([put_on(1, "INBOX")], Arrival.INBOX, id="a mail moved back to the inbox"),
        pytest.param(
            [taken_off(1, "SPAM", "INBOX"), put_on(1, "INBOX")],
            Arrival.INBOX,
            id="a mail that was no spam",
        ),
        pytest.param([taken_off(1, "TRASH")], Arrival.RESTORED, id="a mail out of the trash"),
        pytest.param(
            [added(1, "SPAM"), taken_off(2, "SPAM")], Arrival.ADDED, id="spam judged anew at once"
        ),
        pytest.param(
            [added(1, "SENT"), put_on(2, "TRASH")],
            Arrival.ADDED,
            id="a sent mail that was trashed is still read",
        ),
    ],
)
def test_an_arrival_is_fetched(records: list[HistoryRecord], arrival: Arrival) -> None:
    changes = coalesce(records)
    assert changes.fetch == fetched(arrival)
    assert changes.refused == {}
    assert changes.deleted == frozenset()


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        pytest.param([added(1, "DRAFT")], Reason.DRAFT, id="a draft"),
        pytest.param([added(1, "CHAT", "SENT")], Reason.CHAT, id="a chat message"),
        pytest.param([added(1, "SPAM")], Reason.SPAM, id="spam"),
        pytest.param([added(1, "INBOX"), put_on(2, "TRASH")], Reason.TRASHED, id="trashed at once"),
    ],
)
def test_what_nobody_wants_is_refused_before_it_is_paid_for(
    records: list[HistoryRecord], reason: Reason
) -> None:
    changes = coalesce(records)
    assert changes.refused == {"m1": reason}
    assert changes.fetch == {}


@pytest.mark.parametrize(
    "records",
    [
        pytest.param([deleted(2)], id="deleted for good"),
        pytest.param([added(1, "DRAFT"), deleted(2)], id="a draft that was saved again"),
        pytest.param([added(1, "INBOX"), put_on(2, "TRASH"), deleted(3)], id="the trash emptied"),
    ],
)
def test_what_is_gone_needs_a_tombstone_only(records: list[HistoryRecord]) -> None:
    assert coalesce(records) == Changes(deleted=frozenset({"m1"}))


@pytest.mark.parametrize(
    ("records", "delta"),
    [
        pytest.param([put_on(1, "UNREAD")], LabelDelta(added=frozenset({"UNREAD"})), id="put on"),
        pytest.param(
            [put_on(1, "Label_7"), taken_off(2, "Label_7")],
            LabelDelta(removed=frozenset({"Label_7"})),
            id="the last word counts",
        ),
        pytest.param(
            [taken_off(999_999, "UNREAD"), put_on(1_000_012, "UNREAD")],
            LabelDelta(added=frozenset({"UNREAD"})),
            id="and last is meant by number",
        ),
    ],
)
def test_labels_follow(records: list[HistoryRecord], delta: LabelDelta) -> None:
    for order in (records, records[::-1], records * 2):
        changes = coalesce(order)
        assert changes == Changes(labels={"m1": delta})


def test_nothing_happened() -> None:
    assert coalesce([]) == Changes()
    assert coalesce([HistoryRecord(id=5)]) == Changes()
