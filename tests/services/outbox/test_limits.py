"""Windows, limits and spacing on a clock that moves: what leaves when, and that it was foretold."""

import base64
import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from backend.domain.ids import PendingId
from backend.domain.paging import ListQuery
from backend.domain.reasons import Reason
from backend.limits import Limits
from backend.queries.pending.listing import pending_mail
from backend.services import composing
from tests.services.outbox.sender import Sender, draft
from tests.support.faults import sender_was_stopped

WORKDAYS = [1, 2, 3, 4, 5]
SATURDAY = datetime(2026, 1, 10, 12, tzinfo=UTC)


def reason(sender: Sender, pending_id: PendingId) -> str | None:
    found: str | None = sender.row(pending_id)["reason"]
    return found


@pytest.mark.contract("VC-47", "D-10")
def test_sixty_an_hour_leave_at_least_a_minute_apart(sender: Sender) -> None:
    rows = [sender.start() for _ in range(4)]
    moments = []
    for _ in range(27):
        before = len(sender.left())
        sender.send()
        if len(sender.left()) > before:
            moments.append(sender.moment)
        assert len(sender.left()) - before <= 1
        sender.passes(seconds=9)
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert len(gaps) == len(rows) - 1
    assert all(timedelta(seconds=60) <= gap <= timedelta(seconds=81) for gap in gaps)


@pytest.mark.contract("VC-47", "D-10")
def test_one_more_than_the_limit_of_an_hour_waits(sender: Sender) -> None:
    sender.limits(daily=250, hourly=3)
    sender.has_left(*(sender.moment - timedelta(minutes=n) for n in (59, 50, 40)))
    pending_id = sender.start()
    sender.send()
    assert reason(sender, pending_id) == Reason.HOURLY_LIMIT.value
    [oldest] = sender.company.rows("SELECT min(left_at) FROM departures")[0]
    assert sender.leaves_at(pending_id) == oldest + timedelta(hours=1)
    sender.moment = oldest + timedelta(hours=1) - timedelta(seconds=1)
    sender.send()
    assert sender.left(pending_id) == []
    sender.passes(seconds=1).send()
    assert sender.state(pending_id) == "sent"


@pytest.mark.contract("VC-44", "VC-45", "D-8", "D-9", "D-11", "V-38")
def test_one_more_than_the_limit_of_24_hours_waits_and_is_not_lost(sender: Sender) -> None:
    sender.limits(daily=4, hourly=60)
    oldest = sender.moment - timedelta(hours=23)
    sender.has_left(*(oldest + timedelta(minutes=5 * number) for number in range(4)))
    pending_id = sender.start()
    sender.send()
    assert reason(sender, pending_id) == Reason.DAILY_LIMIT.value
    assert sender.leaves_at(pending_id) == oldest + timedelta(hours=24)
    sender.passes(minutes=59).send()
    assert sender.state(pending_id) == "scheduled"
    sender.passes(minutes=1).send()
    assert sender.state(pending_id) == "sent"


@pytest.mark.contract("VC-46")
def test_mail_sent_by_hand_takes_places_too(sender: Sender) -> None:
    sender.limits(daily=1, hourly=60)
    raw = "VG86IGRhbmFAbm9ydGh3aW5kLmV4YW1wbGUNClN1YmplY3Q6IEJ5IGhhbmQNCg0KSGkuDQo="
    sender.company.gmail().post("messages/send", {"raw": raw})
    sender.sync()
    sender.passes(minutes=5)
    pending_id = sender.start()
    sender.send()
    assert reason(sender, pending_id) == Reason.DAILY_LIMIT.value


@pytest.mark.contract("VC-46")
def test_mail_that_a_foreign_program_dated_years_ahead_left_when_it_was_seen(
    sender: Sender,
) -> None:
    raw = base64.urlsafe_b64encode(
        b"From: robin@lumenworks.example\nTo: dana@northwind.example\nSubject: Ahead\n"
        b"Date: Mon, 6 Jan 2031 09:00:00 +0000\n\nHi.\n"
    ).decode()
    filed = {"raw": raw, "labelIds": ["SENT"]}
    sender.company.gmail().post("messages?internalDateSource=dateHeader", filed)
    sender.sync()
    assert sender.company.value("SELECT count(*) FROM departures WHERE left_at <= now()") == 1
    sender.moment = sender.company.deps.now() + timedelta(minutes=2)
    pending_id = sender.start()
    sender.send()
    assert sender.state(pending_id) == "sent"


@pytest.mark.contract("VC-42", "VC-43", "VC-90", "VC-91")
def test_outside_the_window_it_waits_for_the_senders_next_one(sender: Sender) -> None:
    sender.moment = SATURDAY
    sender.windows("America/New_York", (WORKDAYS, time(9), time(17)))
    pending_id = sender.start()
    sender.send()
    monday = datetime(2026, 1, 12, 9, tzinfo=ZoneInfo("America/New_York"))
    assert (sender.leaves_at(pending_id), reason(sender, pending_id)) == (monday, "window_closed")
    sender.moment = monday - timedelta(seconds=1)
    sender.send()
    assert sender.left() == []
    sender.passes(seconds=1).send()
    assert sender.state(pending_id) == "sent"


@pytest.mark.contract("VC-55", "D-24")
def test_send_now_opens_the_window_and_never_the_limits(sender: Sender) -> None:
    sender.moment = SATURDAY
    sender.windows("Europe/Berlin", (WORKDAYS, time(9), time(17)))
    sender.limits(daily=1, hourly=60)
    first, second = sender.start(), sender.passes(seconds=1).start()
    for one in (first, second):
        sender.passes(seconds=1)
        composing.send_now(sender.deps, sender.actor, pending_id=one, version=1)
    sender.send()
    assert (sender.state(first), sender.state(second)) == ("sent", "scheduled")
    assert reason(sender, second) == Reason.DAILY_LIMIT.value


def test_a_forecast_is_what_happens(sender: Sender) -> None:
    """Mail with dates, a window that closes and an hourly limit, followed to its end."""
    sender.moment = datetime(2026, 1, 7, 15, tzinfo=UTC)
    sender.windows("Europe/Berlin", (WORKDAYS, time(9), time(17)))
    sender.limits(daily=250, hourly=20)
    rows = [sender.start(due_at=sender.moment + timedelta(minutes=7 * n)) for n in range(12)]
    told = {one: sender.leaves_at(one) for one in rows}
    left: dict[PendingId, datetime] = {}
    for moment in sorted({at for at in told.values() if at is not None}):
        sender.moment = moment
        sender.send()
        left |= {one: moment for one in rows if one not in left and sender.state(one) == "sent"}
    assert left == told


def test_changed_rules_drop_what_the_old_ones_promised(sender: Sender) -> None:
    sender.moment = SATURDAY
    sender.windows("Europe/Berlin", (WORKDAYS, time(9), time(17)))
    pending_id = sender.start()
    sender.send()
    sender.windows("Europe/Berlin")
    assert sender.leaves_at(pending_id) == sender.moment
    sender.send()
    assert sender.state(pending_id) == "sent"


def test_two_senders_on_one_mailbox_send_each_mail_once(sender: Sender) -> None:
    sender.limits(daily=250, hourly=60)
    rows = [sender.start() for _ in range(3)]
    with ThreadPoolExecutor(4) as workers:
        for _ in range(3):
            list(workers.map(lambda _: sender.send(), range(4)))
            sender.passes(minutes=2)
    assert [len(sender.left(one)) for one in rows] == [1, 1, 1]
    assert len(sender.left()) == 3


def test_without_redis_nothing_leaves_and_nothing_is_lost(sender: Sender) -> None:
    pending_id = sender.start()
    kept = sender.company
    with Redis(port=1, retry=Retry(NoBackoff(), 0)) as nobody:
        broken = dataclasses.replace(kept.deps, limits=Limits(nobody))
        sender.company = dataclasses.replace(kept, deps=broken)
        sender.send()
    assert (sender.state(pending_id), sender.left()) == ("scheduled", [])
    sender.company = kept
    sender.passes(minutes=2)
    [line] = pending_mail(sender.deps, sender.actor, ListQuery()).items
    assert line.why.startswith("It should have left by now")
    sender.send()
    assert sender.state(pending_id) == "sent"


def test_mail_that_waits_for_googles_rate_says_so_and_leaves_afterwards(sender: Sender) -> None:
    sender.deps.limits.pause_project(timedelta(minutes=2))
    pending_id = sender.start()
    sender.send()
    assert (reason(sender, pending_id), sender.left()) == (Reason.PROVIDER_LIMIT.value, [])
    sender.sync()
    [told] = sender.company.rows("SELECT last_error FROM mailboxes")[0]
    assert told == "Gmail asked Rapport to slow down in all mailboxes together."
    sender.company.forget_redis()  # its clock runs by itself
    sender.passes(minutes=2, seconds=1).send()
    assert len(sender.left(pending_id)) == 1


def test_an_emptied_redis_does_not_forget_what_left(sender: Sender) -> None:
    sender.limits(daily=1, hourly=60)
    sender.fault("drop_after_accept")
    first, second = sender.start(), sender.passes(seconds=1).start()
    sender.send()
    with Redis.from_url(str(sender.company.settings.redis_url)) as redis:
        redis.flushall()
    sender.passes(minutes=5).send()
    assert (sender.state(first), sender.state(second)) == ("unknown", "scheduled")


def test_a_mail_that_is_changed_while_it_is_being_sent_leaves_as_it_was_changed(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    pending_id = sender.start()
    reserve = Limits.reserve_send

    def edited_meanwhile(*told: Any, **more: Any) -> Any:
        if sender.version(pending_id) == 1:
            changed = draft(subject="Changed")
            composing.edit(
                sender.deps, sender.actor, pending_id=pending_id, draft=changed, version=1
            )
        return reserve(*told, **more)

    monkeypatch.setattr(Limits, "reserve_send", edited_meanwhile)
    sender.send()
    assert [sender.copy(pending_id)["Subject"], len(sender.left())] == ["Changed", 1]


def test_a_worker_that_lost_its_turn_claims_nothing(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    pending_id = sender.start()
    reserve = Limits.reserve_send

    def taken_over(*told: Any, **more: Any) -> Any:
        sender_was_stopped(sender.company, sender.mailbox_id)
        return reserve(*told, **more)

    monkeypatch.setattr(Limits, "reserve_send", taken_over)
    sender.send()
    assert (sender.state(pending_id), sender.left()) == ("scheduled", [])
