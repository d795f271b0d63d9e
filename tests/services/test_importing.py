"""The first import and live sync, against the simulator and a real Postgres."""

import pytest

from tests.support.decisions import choose
from tests.support.faults import subject_is_refused
from tests.support.office import DANA, ROBIN, STRANGER, Office

LIVE = "SELECT state FROM mailboxes WHERE id = %s"


@pytest.mark.contract("V-8")
@pytest.mark.contract("V-11")
@pytest.mark.contract("V-12")
def test_connecting_imports_what_carries_a_known_address(quiet_office: Office) -> None:
    office = quiet_office
    known = office.receives(**{"from": DANA, "subject": "Renewal"})
    unknown = office.receives(**{"from": STRANGER, "subject": "Cheap offers"})
    box = office.connected()
    assert office.value(LIVE, box) == "live"
    decisions = dict(office.rows("SELECT gmail_id, outcome || ':' || reason FROM decisions"))
    assert decisions == {known: "kept:matched_sender", unknown: "skipped:nobody_known"}
    run = office.rows("SELECT kind, listed, scanned, kept, failed FROM import_runs")
    assert run == [("import", 2, 2, 1, 0)]
    assert office.value("SELECT finished_at IS NOT NULL FROM import_runs")
    assert office.rows("SELECT subject FROM messages") == [("Renewal",)]


@pytest.mark.contract("V-9")
@pytest.mark.contract("V-10")
@pytest.mark.contract("V-11")
def test_the_import_looks_at_so_many_single_messages(quiet_office: Office) -> None:
    office = quiet_office
    choose(office, "import.n", "5")
    first = office.receives(**{"from": DANA, "subject": "Oldest", "date": "2026-01-01T08:00:00Z"})
    for number in range(6):
        office.receives(
            **{"from": DANA, "subject": "Thread", "date": f"2026-02-0{number + 1}T08:00:00Z"}
        )
    office.connected()
    assert office.rows("SELECT wanted, listed, scanned FROM import_runs WHERE kind = 'import'") == [
        (5, 5, 5)
    ]
    seen = {gmail_id for (gmail_id,) in office.rows("SELECT gmail_id FROM decisions")}
    assert len(seen) == 5
    assert first not in seen


@pytest.mark.contract("V-13")
def test_the_run_says_how_far_back_it_reached(quiet_office: Office) -> None:
    office = quiet_office
    office.receives(**{"from": STRANGER, "date": "2026-03-01T08:00:00Z"})
    office.receives(**{"from": DANA, "date": "2026-04-01T08:00:00Z"})
    office.connected()
    oldest = office.value("SELECT oldest_at FROM import_runs WHERE kind = 'import'")
    assert oldest.isoformat().startswith("2026-03-01")


@pytest.mark.contract("K-22", "H-41")
@pytest.mark.contract("D-1")
def test_no_import_when_the_policy_says_none(quiet_office: Office) -> None:
    office = quiet_office
    choose(office, "import.mode", "none")
    office.receives(**{"from": DANA})
    box = office.connected()
    assert office.rows("SELECT gmail_id FROM decisions") == []
    assert office.value(LIVE, box) == "live"
    office.receives(**{"from": DANA})
    office.later(minutes=20).sweep()
    assert office.value("SELECT count(*) FROM decisions") == 1


def test_an_import_that_was_interrupted_goes_on_where_it_was(quiet_office: Office) -> None:
    office = quiet_office
    for number in range(30):
        office.receives(**{"from": DANA, "subject": f"Mail {number}"})
    box = office.connect()
    fault = {"kind": "status", "match": "messages.get", "params": {"code": 503}, "times": 25}
    office.simulator.post("/simulator/faults", fault)
    office.work()
    office.later(minutes=3).sweep()
    assert office.value("SELECT count(*) FROM decisions") == 30
    assert office.rows("SELECT scanned, failed FROM import_runs WHERE kind = 'import'") == [(30, 0)]
    assert office.value(LIVE, box) == "live"


def test_redis_emptied_in_mid_import_loses_nothing(quiet_office: Office) -> None:
    office = quiet_office
    for number in range(60):
        office.receives(**{"from": DANA, "subject": f"Mail {number}"})
    box = office.connect()
    slow = {"kind": "status", "match": "messages.list", "params": {"code": 503}}
    office.simulator.post("/simulator/faults", slow)
    office.work()  # ends before anything is fetched
    office.forget_redis()
    office.later(minutes=1).sweep()
    office.forget_redis()
    office.later(minutes=2).sweep()
    assert office.value("SELECT count(*) FROM messages") == 60
    assert office.value(LIVE, box) == "live"


def test_of_strangers_nothing_readable_is_stored(quiet_office: Office) -> None:
    office = quiet_office
    secret = {"from": f"Lee Secretive <{STRANGER}>", "subject": "Zebrafish", "text": "Wolpertinger"}
    office.receives(**secret)
    office.connected()
    office.receives(ROBIN, **secret)
    office.later(minutes=20).sweep()
    assert office.value("SELECT count(*) FROM decisions WHERE outcome = 'skipped'") == 2
    dump = office.dump().lower()
    assert ROBIN in dump
    for word in ("secretive", STRANGER, "else.example", "zebrafish", "wolpertinger"):
        assert word not in dump


def test_a_message_that_cannot_be_written_is_set_aside_after_four_attempts(
    quiet_office: Office,
) -> None:
    office = quiet_office
    good = office.receives(**{"from": DANA, "subject": "Good"})
    bad = office.receives(**{"from": DANA, "subject": "Poison"})
    with subject_is_refused(office, "Poison"):
        office.connect()
        for minutes in (0, 3, 6, 9):
            office.later(minutes=minutes).sweep()
    decisions = dict(office.rows("SELECT gmail_id, outcome || ':' || reason FROM decisions"))
    assert decisions == {good: "kept:matched_sender", bad: "quarantined:cannot_parse"}
    assert office.rows("SELECT gmail_id, attempts FROM quarantine") == [(bad, 4)]
    assert office.rows("SELECT scanned, kept, failed FROM import_runs WHERE kind = 'import'") == [
        (2, 1, 1)
    ]
    assert office.value("SELECT count(*) FROM to_fetch") == 0


@pytest.mark.parametrize("mode", ["bad_base64", "no_payload"])
def test_a_malformed_message_gets_its_decision_all_the_same(
    mode: str, quiet_office: Office
) -> None:
    office = quiet_office
    bad = office.receives(**{"from": DANA, "subject": "Broken"})
    good = office.receives(**{"from": DANA, "subject": "Good"})
    fault = {"kind": "unreadable_message", "match": {"message": bad}, "params": {"mode": mode}}
    office.simulator.post("/simulator/faults", fault)
    office.connected()
    decisions = dict(office.rows("SELECT gmail_id, outcome FROM decisions"))
    assert decisions[good] == "kept"
    assert bad in decisions
    assert office.value("SELECT count(*) FROM to_fetch") == 0
