"""What Google answers, and the effect on the mailbox: it backs off, is blocked, or has ended."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
import requests

from backend.domain.ids import MailboxId
from backend.jobs import JobName
from backend.queries import metrics
from backend.queries.health import health
from backend.queries.mailboxes.imports import import_run
from backend.queries.mailboxes.listing import mailbox, my_mailbox
from backend.services.importing import runs, syncing
from tests.support.company import DANA, ROBIN, Company

STATE = "SELECT state FROM mailboxes WHERE id = %s"
ERROR = "SELECT last_error FROM mailboxes WHERE id = %s"
POLICY = {
    "code": 403,
    "reason": "domainPolicy",
    "message": "The domain administrators have disabled Gmail apps.",
}


def answers(company: Company, params: Mapping[str, object], match: str, times: int | None) -> None:
    fault = {"kind": "status", "match": match, "params": params, "times": times}
    company.simulator.post("/simulator/faults", fault)


def calm(company: Company) -> None:
    company.simulator.clear_faults()


def synced(company: Company, box: MailboxId, **ahead: float) -> Company:
    later = company.later(**ahead)
    later.deps.jobs.enqueue(JobName.SYNC_MAILBOX, *company.key(box))
    later.work()
    return later


@pytest.mark.parametrize(
    "params",
    [
        {"code": 400, "reason": "failedPrecondition", "message": "Precondition check failed."},
        {"code": 403, "html": True},
    ],
    ids=["a precondition", "a page"],
)
@pytest.mark.parametrize("match", ["history.list", "messages.get"])
def test_a_passing_answer_blocks_nothing(
    match: str, params: dict[str, object], quiet_company: Company
) -> None:
    company = quiet_company
    box = company.connected()
    mail = [company.receives(**{"from": DANA}) for _ in range(3)]
    answers(company, params, match, times=1)
    synced(company, box)
    assert company.value(STATE, box) == "live"
    company.later(minutes=2).sweep()
    assert {one for (one,) in company.rows("SELECT gmail_id FROM decisions")} == set(mail)
    assert company.value(ERROR, box) is None


def test_pauses_grow_while_it_fails_and_shrink_once_it_works(quiet_company: Company) -> None:
    company = quiet_company
    box = company.connected()
    answers(company, {"code": 503}, "history.list", times=None)
    pauses = [paused(company, box, hours=hours) for hours in range(8)]
    assert pauses[:-1] == sorted(pauses[:-1])
    assert (pauses[0] < timedelta(seconds=14), pauses[-1] > timedelta(minutes=8)) == (True, True)
    calm(company)
    synced(company, box, hours=9)
    answers(company, {"code": 503}, "history.list", times=1)
    assert paused(company, box, hours=10) < timedelta(seconds=14)


def paused(company: Company, box: MailboxId, *, hours: int) -> timedelta:
    later = synced(company, box, hours=hours)
    until = company.value("SELECT paused_until FROM mailboxes WHERE id = %s", box)
    return until - later.deps.now() + timedelta(seconds=1)  # type: ignore[no-any-return]


def test_a_policy_counts_when_it_is_seen_again_and_is_looked_at_by_itself(
    quiet_company: Company,
) -> None:
    company = quiet_company
    box = company.connected()
    mail = company.receives(**{"from": DANA})
    answers(company, POLICY, "history.list", times=None)
    synced(company, box)
    assert company.value(STATE, box) == "live"
    company.later(minutes=2).sweep()
    assert company.value(STATE, box) == "blocked"
    told = mailbox(company.deps, company.actor(), box).explanation
    assert told is not None
    assert "The domain administrators have disabled Gmail apps." in told
    calls = polls(company)
    company.later(minutes=30).sweep()
    assert polls(company) == calls
    company.later(minutes=63).sweep()
    assert (polls(company), company.value(STATE, box)) == (calls + 1, "blocked")
    calm(company)
    company.later(minutes=126).sweep()
    assert (company.value(STATE, box), company.value(ERROR, box)) == ("live", None)
    assert company.rows("SELECT gmail_id FROM decisions") == [(mail,)]


def polls(company: Company) -> int:
    answer = requests.get(f"{company.simulator.root}/simulator/faults", timeout=10).json()
    return sum(one["struck"] for one in answer["faults"])


def test_two_different_refusals_are_not_one_seen_again(quiet_company: Company) -> None:
    company = quiet_company
    box = company.connected()
    answers(company, POLICY, "history.list", times=1)
    synced(company, box)
    scope = {"code": 403, "reason": "insufficientPermissions"}
    answers(company, scope, "history.list", times=1)
    synced(company, box, minutes=2)
    assert company.value(STATE, box) == "live"


def test_a_blocked_mailbox_whose_permission_ended_is_to_be_reconnected(
    quiet_company: Company,
) -> None:
    company = quiet_company
    box = company.connected()
    answers(company, POLICY, "history.list", times=None)
    synced(company, box)
    synced(company, box, minutes=2)
    company.simulator.post("/simulator/faults", {"kind": "token_revoke", "match": {"user": ROBIN}})
    company.later(minutes=63).sweep()
    assert company.value(STATE, box) == "blocked"
    company.later(minutes=65).sweep()
    assert company.value(STATE, box) == "disconnected"


def test_a_permission_that_lasts_a_week_tells_of_a_project_in_testing(
    quiet_company: Company,
) -> None:
    company = quiet_company
    box = company.connected()
    assert metrics.ended_as_in_testing(company.deps) == 0
    company.simulator.post("/simulator/faults", {"kind": "token_revoke", "match": {"user": ROBIN}})
    company.deps.google.cache.forget(box)
    synced(company, box, days=7, minutes=30)
    later = synced(company, box, days=7, minutes=33)
    assert company.value(STATE, box) == "disconnected"
    told = my_mailbox(later.deps, later.actor(ROBIN))
    assert told is not None
    assert "Google project is in testing" in str(told.explanation)
    assert metrics.ended_as_in_testing(later.deps) == 1


def test_a_hint_beyond_all_history_does_not_spin(quiet_company: Company) -> None:
    company = quiet_company
    box = company.connected()
    syncing.remember_hint(company.deps, email=ROBIN, history_id=10**15)
    before = histories(company)
    for seconds in range(0, 600, 10):
        company.later(seconds=seconds).sweep()
    assert histories(company) - before < 14
    mail = company.receives(**{"from": DANA})
    synced(company, box, minutes=11)
    assert company.rows("SELECT gmail_id FROM decisions") == [(mail,)]


def histories(company: Company) -> int:
    answer = requests.get(f"{company.simulator.root}/simulator/usage", timeout=10).json()
    return int(answer["users"][ROBIN]["calls"].get("gmail.users.history.list", 0))


def test_an_import_that_meets_what_nobody_expected_shows_it(
    quiet_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = quiet_company
    company.receives(**{"from": DANA})
    company.connect()

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as fault:
        fault.setattr(runs, "read_all", broken)
        company.work()
    run_id = company.value("SELECT id FROM import_runs")
    seen = import_run(company.deps, company.actor(), run_id)
    assert seen.error is not None
    assert "nobody expected" in seen.error
    assert seen.finished_at is None
    synced(company, company.value("SELECT id FROM mailboxes"), minutes=1)
    [line] = health(company.deps, company.actor()).mailboxes
    assert line.trouble == seen.error  # although live sync went well
    company.later(minutes=1).sweep()
    seen = import_run(company.deps, company.actor(), run_id)
    assert (seen.error, seen.finished_at is not None) == (None, True)


def test_an_import_that_stays_refused_while_mail_arrives_is_explained_and_retried_slowly(
    quiet_company: Company,
) -> None:
    company = quiet_company
    earlier = company.receives(**{"from": DANA})
    box = company.connect()
    answers(company, POLICY, "messages.list", times=None)
    company.work()
    looks = [retried(company, box) for _ in range(5)]
    assert looks == sorted(looks)
    assert looks[-1] > timedelta(minutes=10)
    told = str(
        import_run(company.deps, company.actor(), company.value("SELECT id FROM import_runs")).error
    )
    assert "The domain administrators have disabled Gmail apps. Gmail has refused this" in told
    assert "ask its admin what keeps Rapport from reading earlier mail" in told
    synced(company, box, hours=1)
    [line] = health(company.deps, company.actor()).mailboxes
    assert line.trouble == told
    calm(company)
    company.later(hours=3).sweep()
    assert company.rows("SELECT gmail_id FROM decisions") == [(earlier,)]
    run = company.rows("SELECT error, refusals, look_at, finished_at IS NULL FROM import_runs")
    assert run == [(None, 0, None, False)]


def retried(company: Company, box: MailboxId) -> timedelta:
    """The refused import is retried when its pause is over, and not before, though live sync
    succeeds in between. Returns the next pause.
    """
    at, calls = company.value("SELECT look_at FROM import_runs"), polls(company)
    before, after = (company.at(at + timedelta(seconds=seconds)) for seconds in (-1, 9))
    before.deps.jobs.enqueue(JobName.SYNC_MAILBOX, *company.key(box))
    before.sweep()
    assert polls(company) == calls
    after.sweep()
    assert polls(company) == calls + 1
    return company.value("SELECT look_at FROM import_runs") - at  # type: ignore[no-any-return]
