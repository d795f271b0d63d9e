"""Each answer of the outside world to a send: what the row becomes, and what really left."""

from datetime import timedelta
from typing import Any

import pytest

from backend.domain.ids import PendingId
from backend.domain.reasons import Reason
from backend.errors import StoreUnavailable
from backend.queries.home import home_panel
from backend.services.sending import drain, outcome
from backend.store.outbox.looking import look
from tests.services.outbox.sender import SEND, Sender
from tests.support.processes import eventually

FOR_GOOD = [
    {"code": 400, "reason": "invalidArgument", "message": "Invalid To header"},
    {"code": 404},
    {"code": 413, "message": "Request Entity Too Large"},
    {"code": 413, "html": True},
    {"code": 403, "reason": "forbidden", "message": "Delegation denied"},
]


def in_order(sender: Sender, number: int) -> list[PendingId]:
    """Mails written one after the other, so that they leave in this order."""
    return [sender.passes(seconds=1).start() for _ in range(number)]


@pytest.mark.parametrize("answer", FOR_GOOD, ids=str)
def test_a_definite_refusal_is_shown_and_leaves_nothing(
    sender: Sender, answer: dict[str, Any]
) -> None:
    sender.fault("status", params=answer)
    pending_id = sender.start()
    sender.send()
    row = sender.row(pending_id)
    assert (row["state"], row["attempts"], sender.left()) == ("failed", 1, [])
    seen = home_panel(sender.company.deps, sender.company.actor()).outlook
    assert seen is not None
    assert seen.failed == 1
    assert row["last_error"]
    sender.passes(hours=1).send()
    assert sender.left() == []


def test_a_refused_mail_takes_no_place_under_the_limits(sender: Sender) -> None:
    sender.limits(daily=1, hourly=60)
    sender.fault("status", params={"code": 413})
    refused, other = in_order(sender, 2)
    sender.send()
    assert (sender.state(refused), sender.state(other)) == ("failed", "sent")


def test_a_token_that_ended_meanwhile_is_renewed_and_the_mail_leaves_once(sender: Sender) -> None:
    sender.fault("status", params={"code": 401})
    pending_id = sender.start()
    sender.send()
    assert (sender.state(pending_id), len(sender.left())) == ("sent", 1)


def test_a_limit_of_gmail_pauses_the_mailbox_until_the_time_it_names(sender: Sender) -> None:
    sender.fault("retry_after", params={"seconds": 7200})
    pending_id = sender.start()
    sender.send()
    row = sender.row(pending_id)
    assert (row["state"], row["reason"]) == ("scheduled", Reason.PROVIDER_LIMIT.value)
    assert abs((sender.leaves_at(pending_id) - sender.moment).total_seconds() - 7200) < 30  # type: ignore[operator]
    sender.passes(minutes=110).send()
    assert sender.left() == []
    sender.passes(minutes=15).send()
    assert (sender.state(pending_id), len(sender.left())) == ("sent", 1)


@pytest.mark.parametrize(
    ("kind", "params", "copies"),
    [
        ("status", {"code": 500}, 0),
        ("status", {"code": 503}, 0),
        ("drop_before", {}, 0),
        ("rst", {}, 0),
        ("drop_after_accept", {}, 1),
    ],
    ids=["500", "503", "cut before", "reset", "cut after it was accepted"],
)
def test_what_gmail_did_not_say_is_not_guessed(
    sender: Sender, kind: str, params: dict[str, int], copies: int
) -> None:
    sender.fault(kind, params=params)
    pending_id = sender.start()
    sender.send()
    assert sender.state(pending_id) == "unknown"
    for _ in range(3):
        sender.passes(seconds=90).send()
    assert len(sender.left(pending_id)) == copies


def test_an_answer_that_never_comes_is_doubt(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.google.posting.TIMEOUT", (5, 0.3))
    sender.fault("delay", params={"seconds": 1.5})
    pending_id = sender.start()
    sender.send()
    assert sender.state(pending_id) == "unknown"
    assert eventually(lambda: len(sender.left(pending_id)) == 1), "it left all the same"


def test_doubt_about_one_mail_lets_the_next_leave_and_counts_as_a_departure(sender: Sender) -> None:
    sender.limits(daily=2, hourly=60)
    sender.fault("drop_after_accept")
    rows = in_order(sender, 3)
    sender.send()
    sender.passes(minutes=2).send()
    sender.passes(minutes=2).send()
    assert [sender.state(one) for one in rows] == ["unknown", "sent", "scheduled"]
    assert sender.row(rows[2])["reason"] == Reason.DAILY_LIMIT.value


def test_without_a_token_endpoint_the_mail_waits(sender: Sender) -> None:
    pending_id = sender.start()
    sender.deps.google.cache.forget(sender.mailbox_id)
    sender.fault("status", match="/token", params={"code": 503}, times=9)
    sender.send()
    assert (sender.state(pending_id), sender.row(pending_id)["attempts"]) == ("scheduled", 0)
    sender.company.simulator.clear_faults()
    sender.passes(minutes=2).send()
    assert sender.state(pending_id) == "sent"


def test_a_database_that_is_gone_after_the_answer_leaves_a_doubt_that_is_settled(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise StoreUnavailable("gone")

    pending_id = sender.start()
    with monkeypatch.context() as broken:
        broken.setattr(outcome, "noted", gone)
        sender.send()
    assert (sender.state(pending_id), len(sender.left())) == ("sending", 1)
    sender.passes(minutes=4).send()
    sender.settle()
    assert (sender.state(pending_id), len(sender.left())) == ("sent", 1)


def test_what_left_is_read_back_at_once_even_when_the_next_look_fails(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = in_order(sender, 2)
    sender.company.forget_redis()  # nothing else asks for a sync
    looks = iter([look])

    def once(*told: Any, **more: Any) -> Any:
        first_look = next(looks, None)
        if first_look is None:
            raise StoreUnavailable("gone")
        return first_look(*told, **more)

    with monkeypatch.context() as broken:
        broken.setattr(drain, "look", once)
        sender.send()
    sender.company.work()
    assert sender.row(first)["sent_message_id"] is not None


def test_a_mailbox_whose_last_mail_left_is_free_for_others_at_once(sender: Sender) -> None:
    sender.start()
    due_at = sender.moment + timedelta(hours=1)
    later = sender.start(due_at=due_at)
    sender.send()
    free = "SELECT send_lease_owner IS NULL AND send_lease_until IS NULL FROM mailboxes"
    assert sender.company.value(free)
    assert sender.leaves_at(later) == due_at


def test_the_chain_of_proof_names_every_step(sender: Sender) -> None:
    sender.fault("drop_after_accept", match=SEND)
    pending_id = sender.start()
    sender.send()
    sender.passes(minutes=3).settle()
    steps = sender.company.rows(
        "SELECT state FROM pending_events WHERE pending_id = %s ORDER BY id", pending_id
    )
    assert [one for (one,) in steps] == ["scheduled", "sending", "unknown", "sent"]
