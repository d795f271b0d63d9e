"""Clocks that are wrong: of one machine among several, and of all of them, set back afterwards."""

from dataclasses import replace
from datetime import timedelta

from backend.clock import Clock, utc_now
from backend.domain.ids import ImportRunId, MailboxId
from backend.domain.reasons import Reason
from backend.domain.sending.throttle import SendLimits
from backend.errors import TryLater
from backend.limits import Reserved
from backend.queries.health import health
from backend.services import composing, scheduler
from backend.services.composing import Draft
from backend.services.settings import start_import
from backend.services.troubles import rest
from backend.store import fetching, import_runs, mailboxes, mending, send_leases
from backend.store.models import base
from backend.store.outbox.looking import look
from backend.store.session import Store
from tests.support.company import ANA, DANA, Company

HOURS = 3


def askew(company: Company, **ahead: float) -> Company:
    """The same company on a machine whose clock is ahead."""
    clock = Clock(machine=lambda: utc_now() + timedelta(**ahead))
    store = Store.connect(company.database.app_url, clock=clock)
    deps = replace(company.deps, store=store, now=clock.now, ahead=clock.ahead)
    with store.begin_global():
        pass  # the first question to the database tells it the time
    return replace(company, deps=deps)


def shown(company: Company) -> str:
    [line] = [
        part for part in health(company.deps, company.actor(ANA)).parts if part.name == "Clocks"
    ]
    return line.sentence


def test_a_machine_with_a_wrong_clock_goes_by_the_databases(quiet_company: Company) -> None:
    company = quiet_company
    company.connected()
    wrong = askew(company, hours=HOURS)
    assert abs(wrong.deps.now() - utc_now()) < timedelta(seconds=2)
    scheduler.beat(wrong.deps, "schedule-b", "schedule")
    wrong.sweep()
    mail = company.receives(**{"from": DANA})
    company.later(minutes=16).sweep()
    assert company.rows("SELECT outcome FROM decisions WHERE gmail_id = %s", mail) == [("kept",)]
    assert "The clock of schedule-b is 3 hours ahead" in shown(company)
    assert "this web process is 3 hours ahead" in shown(wrong)
    scheduler.beat(company.deps, "schedule-b", "schedule")
    assert shown(company) == "All machines tell the same time."
    wrong.deps.store.dispose()


def test_a_clock_that_is_set_while_a_process_runs_changes_nothing_for_it() -> None:
    machine, passed = [utc_now()], [10.0]
    clock = Clock(machine=lambda: machine[0], elapsed=lambda: passed[0])
    assert clock.now() == machine[0]
    told = utc_now()
    clock.hear(told, asked_at=10.0)
    machine[0] += timedelta(hours=1)
    passed[0] += 5
    assert clock.now() == told + timedelta(seconds=5)
    clock.hear(told + timedelta(minutes=9), asked_at=12.0)  # it took 3 seconds: who knows when
    assert clock.now() == told + timedelta(seconds=5)
    clock.hear(told + timedelta(minutes=9), asked_at=15.0)
    assert clock.now() == told + timedelta(minutes=9)


def left_behind(ahead: Company, box: MailboxId) -> None:
    """What workers leave that die while the clock is ahead."""
    now, key = ahead.deps.now(), ahead.key(box)
    run_id = start_import(ahead.deps, ahead.actor(), mailbox_id=key[1])
    with ahead.deps.store.begin(key[0]) as session:
        assert mailboxes.take_lease(session, key[1], "dead", now)
        assert import_runs.hold(session, ImportRunId(run_id), "dead", now)
        soon, busy = now + timedelta(minutes=1), Reason.PROVIDER_LIMIT
        send_leases.pause(session, key[1], soon, because=busy, answer="")
        wanted = [fetching.Wanted(gmail_id="f", thread_id="f")]
        fetching.add(session, key, fetching.LIVE, wanted, now=now)
        fetching.claim(session, key[1], [fetching.LIVE], owner="dead", count=1, now=now)
    rest(ahead.deps, key, TryLater("Gmail is busy.", after=soon))
    look(ahead.deps.store, *key, owner="dead", now=now)
    limits = SendLimits(daily=100, hourly=60)
    place = ahead.deps.limits.reserve_send(
        key[1], ahead.value("SELECT gen_random_uuid()"), limits=limits, now=now
    )
    assert isinstance(place, Reserved)


def test_a_clock_that_was_ahead_and_is_set_back_holds_nothing_up(quiet_company: Company) -> None:
    company = quiet_company
    box = company.connected()
    ahead = company.later(hours=HOURS)
    draft = Draft(to=(DANA,), subject="Ahead", body_text="Shall we talk?")
    composing.start(ahead.deps, ahead.actor(), draft=draft, nonce="ahead")
    ahead.sweep()
    scheduler.beat(ahead.deps, "worker-dead", "worker")
    assert company.value("SELECT left_at > now() + interval '2 hours' FROM departures")
    left_behind(ahead, box)

    mail = company.receives(**{"from": DANA})
    draft = replace(draft, subject="Set back")
    composing.start(company.deps, company.actor(), draft=draft, nonce="back")
    company.deps.jobs.done("import_mailbox-1-1-0")
    scheduler.do_duties(company.deps)
    assert not company.value("SELECT count(*) FROM heartbeats WHERE beaten_at > now()")
    for minutes in (4, 8, 16, 62):
        company.later(minutes=minutes).sweep()
    assert company.rows("SELECT outcome FROM decisions WHERE gmail_id = %s", mail) == [("kept",)]
    assert company.value("SELECT count(*) FROM pending_messages WHERE state = 'sent'") == 2
    assert company.value("SELECT count(*) FROM import_runs WHERE finished_at IS NULL") == 0
    assert company.value("SELECT count(*) FROM to_fetch") == 0
    assert company.value("SELECT count(*) FROM departures WHERE left_at > now() + '2 hours'") == 0


def test_moments_far_ahead_are_capped_although_no_clock_was_seen_going_back(
    quiet_company: Company,
) -> None:
    """Another machine wrote them, or Postgres came back from a copy."""
    company = quiet_company
    box = company.connected()
    scheduler.do_duties(company.deps)
    long = TryLater("Gmail is busy.", after=company.deps.now() + timedelta(days=400))
    rest(company.deps, company.key(box), long)
    scheduler.do_duties(company.later(minutes=2).deps)
    assert company.value("SELECT paused_until < now() + interval '63 minutes' FROM mailboxes")


def test_every_lease_pause_and_planned_moment_is_capped() -> None:
    """By column name: every until, at or before. Left out are people's choices, times that are only
    shown, and those that make a promise which is recomputed.
    """
    ends = ("_until", "_at", "not_before")
    shown_only = {
        *("created_at", "connected_at", "disconnected_at", "watch_expires_at", "oldest_at"),
        *("listed_at", "finished_at", "due_at", "forecast_at", "edited_at", "looked_at", "sent_at"),
    }
    promises = {("PendingMessage", "not_before")}
    apart = {("PendingMessage", "undo_until")}  # with the date that follows it
    for model, ahead in mending.LIST.items():
        columns = {one.key for one in model.__table__.columns if one.key.endswith(ends)}  # type: ignore[attr-defined]
        missing = columns - shown_only - set(ahead)
        assert {(model.__name__, name) for name in missing} <= promises | apart
    assert all(issubclass(model, base.Tenant) for model in mending.LIST)


def test_a_duty_that_began_later_than_now_is_due(quiet_company: Company) -> None:
    company = quiet_company
    company.connected()
    mail = company.receives(**{"from": DANA})
    scheduler.do_duties(company.later(days=2).deps)
    company.later(minutes=16).sweep()
    assert company.rows("SELECT outcome FROM decisions WHERE gmail_id = %s", mail) == [("kept",)]
