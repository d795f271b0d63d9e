"""Doubt is settled by looking: found means sent, twice not found means it did not leave."""

from typing import Any

import pytest

from backend.domain.ids import PendingId
from backend.domain.reasons import Reason
from backend.services import composing
from tests.services.outbox.desk import Desk
from tests.support.company import disconnect_gmail
from tests.support.faults import killed_while_sending


def doubtful(desk: Desk, kind: str = "drop_before", **more: Any) -> PendingId:
    desk.fault(kind, **more)
    pending_id = desk.start()
    desk.send()
    assert desk.state(pending_id) == "unknown"
    return pending_id


def test_a_mail_that_had_left_is_found_by_history_and_counted_once(desk: Desk) -> None:
    pending_id = doubtful(desk, "drop_after_accept")
    left_at = desk.moment
    desk.passes(minutes=3).settle()
    row = desk.row(pending_id)
    assert (row["state"], row["sent_gmail_id"]) == ("sent", desk.left()[0]["id"])
    assert desk.office.rows("SELECT left_at FROM departures") == [(left_at,)]
    desk.sync()
    assert desk.office.value("SELECT count(*) FROM departures") == 1
    assert len(desk.left()) == 1


def test_without_history_the_newest_of_sent_are_looked_through(desk: Desk) -> None:
    pending_id = doubtful(desk, "drop_after_accept")
    desk.office.simulator.post("/simulator/faults", {"kind": "history_expired"})
    desk.passes(minutes=3).settle()
    assert desk.state(pending_id) == "sent"


def test_sync_settles_a_doubt_too(desk: Desk) -> None:
    pending_id = doubtful(desk, "drop_after_accept")
    desk.sync()
    row = desk.row(pending_id)
    assert row["state"] == "sent"
    assert row["sent_message_id"] is not None


def test_no_look_before_two_minutes_and_no_second_within_five(desk: Desk) -> None:
    pending_id = doubtful(desk)
    desk.passes(seconds=119).settle()
    assert desk.row(pending_id)["negatives"] == 0
    desk.passes(seconds=1).settle()
    for _ in range(3):
        desk.settle()
    assert desk.row(pending_id)["negatives"] == 1
    desk.passes(minutes=4).settle()
    assert desk.state(pending_id) == "unknown"


def test_twice_not_there_means_that_it_did_not_leave(desk: Desk) -> None:
    pending_id = doubtful(desk)
    desk.passes(minutes=3).settle()
    desk.passes(minutes=6).settle()
    row = desk.row(pending_id)
    assert (row["state"], row["reason"]) == ("held", Reason.UNCONFIRMED.value)
    composing.release(desk.deps, desk.actor, pending_id=pending_id, version=row["version"])
    desk.send()
    assert (desk.state(pending_id), len(desk.left())) == ("sent", 1)


@pytest.mark.parametrize("trouble", ["gmail is away", "disconnected"])
def test_a_look_that_fails_settles_nothing(desk: Desk, trouble: str) -> None:
    pending_id = doubtful(desk)
    if trouble == "disconnected":
        disconnect_gmail(desk.office, desk.mailbox_id)
    else:
        desk.fault("status", match="history.list", params={"code": 503}, times=99)
    for _ in range(5):
        desk.passes(minutes=10).settle()
    row = desk.row(pending_id)
    assert (row["state"], row["negatives"]) == ("unknown", 0)


def test_a_mail_whose_worker_died_is_looked_for_when_its_lease_is_over(desk: Desk) -> None:
    pending_id = doubtful(desk, "drop_after_accept")
    killed_while_sending(desk.office, pending_id, lease_until=desk.moment)
    desk.passes(seconds=1).settle()
    assert desk.state(pending_id) == "sent"
