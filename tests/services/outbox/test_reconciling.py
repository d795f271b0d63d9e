"""Doubt is settled by looking: found means sent, twice not found means it did not leave."""

from typing import Any

import pytest

from backend.domain.ids import PendingId
from backend.domain.reasons import Reason
from backend.services import composing
from tests.services.outbox.sender import Sender
from tests.support.decisions import disconnect_gmail
from tests.support.faults import killed_while_sending


def doubtful(sender: Sender, kind: str = "drop_before", **more: Any) -> PendingId:
    sender.fault(kind, **more)
    pending_id = sender.start()
    sender.send()
    assert sender.state(pending_id) == "unknown"
    return pending_id


def test_a_mail_that_had_left_is_found_by_history_and_counted_once(sender: Sender) -> None:
    pending_id = doubtful(sender, "drop_after_accept")
    left_at = sender.moment
    sender.passes(minutes=3).settle()
    row = sender.row(pending_id)
    assert (row["state"], row["sent_gmail_id"]) == ("sent", sender.left()[0]["id"])
    assert sender.company.rows("SELECT left_at FROM departures") == [(left_at,)]
    sender.sync()
    assert sender.company.value("SELECT count(*) FROM departures") == 1
    assert len(sender.left()) == 1


def test_without_history_the_newest_of_sent_are_looked_through(sender: Sender) -> None:
    pending_id = doubtful(sender, "drop_after_accept")
    sender.company.simulator.post("/simulator/faults", {"kind": "history_expired"})
    sender.passes(minutes=3).settle()
    assert sender.state(pending_id) == "sent"


def test_sync_settles_a_doubt_too(sender: Sender) -> None:
    pending_id = doubtful(sender, "drop_after_accept")
    sender.sync()
    row = sender.row(pending_id)
    assert row["state"] == "sent"
    assert row["sent_message_id"] is not None


def test_no_look_before_two_minutes_and_no_second_within_five(sender: Sender) -> None:
    pending_id = doubtful(sender)
    sender.passes(seconds=119).settle()
    assert sender.row(pending_id)["negatives"] == 0
    sender.passes(seconds=1).settle()
    for _ in range(3):
        sender.settle()
    assert sender.row(pending_id)["negatives"] == 1
    sender.passes(minutes=4).settle()
    assert sender.state(pending_id) == "unknown"


def test_twice_not_there_means_that_it_did_not_leave(sender: Sender) -> None:
    pending_id = doubtful(sender)
    sender.passes(minutes=3).settle()
    sender.passes(minutes=6).settle()
    row = sender.row(pending_id)
    assert (row["state"], row["reason"]) == ("held", Reason.UNCONFIRMED.value)
    composing.release(sender.deps, sender.actor, pending_id=pending_id, version=row["version"])
    sender.send()
    assert (sender.state(pending_id), len(sender.left())) == ("sent", 1)


@pytest.mark.parametrize("trouble", ["gmail is away", "disconnected"])
def test_a_look_that_fails_settles_nothing(sender: Sender, trouble: str) -> None:
    pending_id = doubtful(sender)
    if trouble == "disconnected":
        disconnect_gmail(sender.company, sender.mailbox_id)
    else:
        sender.fault("status", match="history.list", params={"code": 503}, times=99)
    for _ in range(5):
        sender.passes(minutes=10).settle()
    row = sender.row(pending_id)
    assert (row["state"], row["negatives"]) == ("unknown", 0)


def test_a_mail_whose_worker_died_is_looked_for_when_its_lease_is_over(sender: Sender) -> None:
    pending_id = doubtful(sender, "drop_after_accept")
    killed_while_sending(sender.company, pending_id, lease_until=sender.moment)
    sender.passes(seconds=1).settle()
    assert sender.state(pending_id) == "sent"
