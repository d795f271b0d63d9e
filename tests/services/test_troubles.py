"""What Google answers, and what becomes of the mailbox: it rests, is blocked, or has ended."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
import requests

from backend.domain.ids import MailboxId
from backend.jobs import JobName
from backend.queries import metrics
from backend.queries.mailboxes.imports import import_run
from backend.queries.mailboxes.listing import mailbox, my_mailbox
from backend.services.importing import runs, syncing
from tests.support.office import DANA, ROBIN, Office

STATE = "SELECT state FROM mailboxes WHERE id = %s"
ERROR = "SELECT last_error FROM mailboxes WHERE id = %s"
POLICY = {
    "code": 403,
    "reason": "domainPolicy",
    "message": "The domain administrators have disabled Gmail apps.",
}


def answers(office: Office, params: Mapping[str, object], match: str, times: int | None) -> None:
    fault = {"kind": "status", "match": match, "params": params, "times": times}
    office.simulator.post("/simulator/faults", fault)


def calm(office: Office) -> None:
    requests.delete(f"{office.simulator.root}/simulator/faults", timeout=20)


def synced(office: Office, box: MailboxId, **ahead: float) -> Office:
    later = office.later(**ahead)
    later.deps.jobs.enqueue(JobName.SYNC_MAILBOX, *office.key(box))
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
    match: str, params: dict[str, object], quiet_office: Office
) -> None:
    office = quiet_office
    box = office.connected()
    mail = [office.receives(**{"from": DANA}) for _ in range(3)]
    answers(office, params, match, times=1)
    synced(office, box)
    assert office.value(STATE, box) == "live"
    office.later(minutes=2).sweep()
    assert {one for (one,) in office.rows("SELECT gmail_id FROM decisions")} == set(mail)
    assert office.value(ERROR, box) is None


def test_pauses_grow_while_it_fails_and_shrink_once_it_works(quiet_office: Office) -> None:
    office = quiet_office
    box = office.connected()
    answers(office, {"code": 503}, "history.list", times=None)
    pauses = [paused(office, box, hours=hours) for hours in range(8)]
    assert pauses == sorted(pauses)
    assert (pauses[0] < timedelta(seconds=14), pauses[-1] > timedelta(minutes=8)) == (True, True)
    calm(office)
    synced(office, box, hours=9)
    answers(office, {"code": 503}, "history.list", times=1)
    assert paused(office, box, hours=10) < timedelta(seconds=14)


def paused(office: Office, box: MailboxId, *, hours: int) -> timedelta:
    later = synced(office, box, hours=hours)
    until = office.value("SELECT paused_until FROM mailboxes WHERE id = %s", box)
    return until - later.deps.now() + timedelta(seconds=1)  # type: ignore[no-any-return]


def test_a_policy_counts_when_it_is_seen_again_and_is_looked_at_by_itself(
    quiet_office: Office,
) -> None:
    office = quiet_office
    box = office.connected()
    mail = office.receives(**{"from": DANA})
    answers(office, POLICY, "history.list", times=None)
    synced(office, box)
    assert office.value(STATE, box) == "live"
    office.later(minutes=2).sweep()
    assert office.value(STATE, box) == "blocked"
    told = mailbox(office.deps, office.actor(), box).explanation
    assert told is not None
    assert "The domain administrators have disabled Gmail apps." in told
    calls = polls(office)
    office.later(minutes=30).sweep()
    assert polls(office) == calls
    office.later(minutes=63).sweep()
    assert (polls(office), office.value(STATE, box)) == (calls + 1, "blocked")
    calm(office)
    office.later(minutes=126).sweep()
    assert (office.value(STATE, box), office.value(ERROR, box)) == ("live", None)
    assert office.rows("SELECT gmail_id FROM decisions") == [(mail,)]


def polls(office: Office) -> int:
    answer = requests.get(f"{office.simulator.root}/simulator/faults", timeout=10).json()
    return sum(one["struck"] for one in answer["faults"])


def test_two_different_refusals_are_not_one_seen_again(quiet_office: Office) -> None:
    office = quiet_office
    box = office.connected()
    answers(office, POLICY, "history.list", times=1)
    synced(office, box)
    scope = {"code": 403, "reason": "insufficientPermissions"}
    answers(office, scope, "history.list", times=1)
    synced(office, box, minutes=2)
    assert office.value(STATE, box) == "live"


def test_a_blocked_mailbox_whose_permission_ended_is_to_be_reconnected(
    quiet_office: Office,
) -> None:
    office = quiet_office
    box = office.connected()
    answers(office, POLICY, "history.list", times=None)
    synced(office, box)
    synced(office, box, minutes=2)
    office.simulator.post("/simulator/faults", {"kind": "token_revoke", "match": {"user": ROBIN}})
    office.later(minutes=63).sweep()
    assert office.value(STATE, box) == "blocked"
    office.later(minutes=65).sweep()
    assert office.value(STATE, box) == "disconnected"


def test_a_permission_that_lasts_a_week_tells_of_a_project_in_testing(
    quiet_office: Office,
) -> None:
    office = quiet_office
    box = office.connected()
    assert metrics.ended_as_in_testing(office.deps) == 0
    office.simulator.post("/simulator/faults", {"kind": "token_revoke", "match": {"user": ROBIN}})
    office.deps.google.cache.forget(box)
    synced(office, box, days=7, minutes=30)
    later = synced(office, box, days=7, minutes=33)
    assert office.value(STATE, box) == "disconnected"
    told = my_mailbox(later.deps, later.actor(ROBIN))
    assert told is not None
    assert "Google project is in testing" in str(told.explanation)
    assert metrics.ended_as_in_testing(later.deps) == 1


def test_a_hint_beyond_all_history_does_not_spin(quiet_office: Office) -> None:
    office = quiet_office
    box = office.connected()
    syncing.remember_hint(office.deps, email=ROBIN, history_id=10**15)
    before = histories(office)
    for seconds in range(0, 600, 10):
        office.later(seconds=seconds).sweep()
    assert histories(office) - before < 14
    mail = office.receives(**{"from": DANA})
    synced(office, box, minutes=11)
    assert office.rows("SELECT gmail_id FROM decisions") == [(mail,)]


def histories(office: Office) -> int:
    answer = requests.get(f"{office.simulator.root}/simulator/usage", timeout=10).json()
    return int(answer["users"][ROBIN]["calls"].get("gmail.users.history.list", 0))


def test_an_import_that_meets_what_nobody_expected_shows_it(
    quiet_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = quiet_office
    office.receives(**{"from": DANA})
    office.connect()

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as fault:
        fault.setattr(runs, "read_all", broken)
        office.work()
    run_id = office.value("SELECT id FROM import_runs")
    seen = import_run(office.deps, office.actor(), run_id)
    assert seen.error is not None
    assert "nobody expected" in seen.error
    assert seen.finished_at is None
    office.later(minutes=1).sweep()
    seen = import_run(office.deps, office.actor(), run_id)
    assert (seen.error, seen.finished_at is not None) == (None, True)
