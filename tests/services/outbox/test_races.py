"""Two want the same message at once: the later one changes nothing of what the first began."""

import base64
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.domain.ids import PendingId
from backend.errors import ScopeMissing
from backend.google.posting import SentIds
from backend.services import composing, reconciling
from backend.services.capture.sent import complete_sent
from backend.services.planning import connected_again
from backend.services.sending import outcome
from backend.services.sending.send_lease import Claimed, SendLease
from backend.services.settings import change_policy
from backend.store.models import PendingMessage
from backend.store.outbox.turns import turn_to_plan
from tests.services.outbox.sender import Sender
from tests.support.company import ANA, ROBIN, Company
from tests.support.decisions import choose, disconnect_gmail
from tests.support.faults import killed_while_sending
from tests.support.processes import eventually

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


def in_doubt(sender: Sender, kind: str = "drop_before") -> PendingId:
    sender.fault(kind)
    pending_id = sender.start()
    sender.send()
    assert sender.state(pending_id) == "unknown"
    return pending_id


def not_there_twice(sender: Sender) -> None:
    """The mail in doubt is looked for and not found, and once more."""
    for minutes in (3, 6):
        sender.passes(minutes=minutes).settle()


def tried_again(sender: Sender, pending_id: PendingId) -> None:
    """Its author sends it again, and again nobody knows whether it left."""
    version = sender.version(pending_id)
    composing.release(sender.deps, sender.actor, pending_id=pending_id, version=version)
    sender.fault("drop_before")
    sender.send()
    assert sender.row(pending_id)["attempts"] == 2


def late_trouble(sender: Sender, pending_id: PendingId, attempt: int) -> None:
    """The mailbox's trouble, reported by a sender whose lease is long over."""
    workspace_id, mailbox_id = sender.company.key(sender.mailbox_id)
    turn = SendLease(
        deps=sender.deps, workspace_id=workspace_id, mailbox_id=mailbox_id, owner="late"
    )
    claimed = Claimed(
        pending_id=pending_id, attempt=attempt, mime=b"", thread_id=None, was_last=True
    )
    outcome.hold(turn, claimed, ScopeMissing("Missing."))


def test_trouble_told_too_late_leaves_a_doubt_to_those_who_look(sender: Sender) -> None:
    pending_id = in_doubt(sender, "drop_after_accept")
    late_trouble(sender, pending_id, attempt=1)
    sender.passes(minutes=3).settle()
    assert (sender.state(pending_id), len(sender.left())) == ("sent", 1)


def test_trouble_told_too_late_does_not_hold_the_next_attempt(sender: Sender) -> None:
    pending_id = in_doubt(sender)
    not_there_twice(sender)
    tried_again(sender, pending_id)
    killed_while_sending(sender.company, pending_id, lease_until=sender.moment)
    late_trouble(sender, pending_id, attempt=1)
    assert sender.state(pending_id) == "sending"


def test_a_look_says_nothing_of_an_attempt_that_came_after_it(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    pending_id = in_doubt(sender)
    look = reconciling.look_in_gmail

    def slow(*told: Any) -> Any:
        found = look(*told)
        monkeypatch.setattr(reconciling, "look_in_gmail", look)
        not_there_twice(sender)
        tried_again(sender, pending_id)
        sender.passes(minutes=3)
        return found

    monkeypatch.setattr(reconciling, "look_in_gmail", slow)
    sender.passes(minutes=3).settle()
    row = sender.row(pending_id)
    assert (row["state"], row["attempts"], row["negatives"]) == ("unknown", 2, 0)


def test_mails_whose_attempts_began_at_different_times_are_all_looked_for(
    quiet_company: Company,
) -> None:
    choose(quiet_company, "import.mode", "none")
    sender = Sender(quiet_company, quiet_company.connect(ROBIN))
    before_history_was_known = in_doubt(sender, "drop_after_accept")
    quiet_company.work()
    in_doubt(sender.passes(minutes=2), "drop_after_accept")
    starts = "SELECT id FROM pending_messages WHERE before_cursor IS NULL"
    assert quiet_company.rows(starts) == [(before_history_was_known,)]
    sender.passes(minutes=3).settle()
    assert set(sender.states().values()) == {"sent"}


def test_a_copy_that_turns_up_after_all_is_a_step_in_the_chain_of_proof(sender: Sender) -> None:
    pending_id = in_doubt(sender)
    raw = sender.company.value("SELECT mime FROM pending_messages")
    not_there_twice(sender)
    version = sender.version(pending_id)
    composing.cancel(sender.deps, sender.actor, pending_id=pending_id, version=version)
    late = base64.urlsafe_b64encode(raw).decode()  # as if the request had been long on its way
    sender.company.gmail().post("messages/send", {"raw": late})
    sender.sync()
    steps = sender.company.rows("SELECT state, detail FROM pending_events ORDER BY id DESC LIMIT 1")
    assert (sender.state(pending_id), steps) == (
        "sent",
        [("sent", "seen in the mailbox's SENT mail")],
    )


def test_the_answer_and_the_copy_may_arrive_at_the_same_moment(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    pending_id = in_doubt(sender, "drop_after_accept")
    [copy] = sender.left()
    answers: list[Future[None]] = []

    def meanwhile(*told: Any) -> None:
        answers.append(others.submit(note, sender, pending_id, copy, sender.moment))
        assert eventually(lambda: sender.company.value(WAITING) > 0)
        complete_sent(*told)

    monkeypatch.setattr("backend.services.capture.sent.complete_sent", meanwhile)
    with ThreadPoolExecutor(1) as others:
        sender.sync()
        for one in answers:
            one.result()
    assert len(answers) == 1
    assert sender.row(pending_id)["sent_message_id"] is not None
    assert sender.company.value("SELECT count(*) FROM departures") == 1


def note(sender: Sender, pending_id: PendingId, copy: dict[str, Any], now: datetime) -> None:
    ids = SentIds(copy["id"], copy["id"])
    outcome.sent(sender.deps, sender.actor.workspace_id, pending_id, ids, left_at=now)


def test_connecting_again_waits_its_turn_before_it_takes_any_mail(sender: Sender) -> None:
    pending_id = sender.start(due_at=sender.moment + timedelta(days=1))
    disconnect_gmail(sender.company, sender.mailbox_id)
    sender.passes(days=1).send()
    assert sender.row(pending_id)["reason"] == "mailbox_disconnected"
    sender.passes(days=-1)
    query = select(PendingMessage.id).where(PendingMessage.id == pending_id)
    with (
        ThreadPoolExecutor(1) as others,
        sender.deps.store.begin(sender.actor.workspace_id) as mine,
    ):
        turn_to_plan(mine, sender.mailbox_id)
        other = others.submit(connect, sender)
        assert eventually(lambda: sender.company.value(WAITING) > 0)
        mine.execute(query.with_for_update(nowait=True))
        mine.commit()
        other.result()
    assert sender.state(pending_id) == "scheduled"


def test_a_changed_policy_waits_its_turn_before_it_takes_any_mail(sender: Sender) -> None:
    in_three_days = (sender.moment.isoweekday() + 2) % 7 + 1
    sender.windows("UTC", ([in_three_days], time(9), time(17)))
    pending_id = sender.start(due_at=sender.moment + timedelta(days=1))
    sender.passes(days=1).send()
    assert sender.company.value("SELECT not_before > due_at FROM pending_messages")
    query = select(PendingMessage.id).where(PendingMessage.id == pending_id)
    admin = sender.company.actor(ANA)
    with (
        ThreadPoolExecutor(1) as others,
        sender.deps.store.begin(sender.actor.workspace_id) as mine,
    ):
        turn_to_plan(mine, sender.mailbox_id)
        other = others.submit(
            change_policy, sender.deps, admin, name="window.applies_to", value="automated"
        )
        assert eventually(lambda: sender.company.value(WAITING) > 0)
        mine.execute(query.with_for_update(nowait=True))
        mine.commit()
        other.result()
    assert sender.company.value("SELECT not_before = due_at FROM pending_messages")


def connect(sender: Sender) -> None:
    with sender.deps.store.begin(sender.actor.workspace_id) as session:
        connected_again(session, sender.mailbox_id, sender.moment)
