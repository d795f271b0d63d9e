"""The first import and live sync, against the simulator and a real Postgres."""

from base64 import b64encode

import pytest

from tests.support.company import DANA, KIM, ROBIN, STRANGER, Company
from tests.support.decisions import choose
from tests.support.faults import subject_is_refused

LIVE = "SELECT state FROM mailboxes WHERE id = %s"


@pytest.mark.contract("V-8")
@pytest.mark.contract("V-11")
@pytest.mark.contract("V-12")
def test_connecting_imports_what_carries_a_known_address(quiet_company: Company) -> None:
    company = quiet_company
    known = company.receives(**{"from": DANA, "subject": "Renewal"})
    unknown = company.receives(**{"from": STRANGER, "subject": "Cheap offers"})
    box = company.connected()
    assert company.value(LIVE, box) == "live"
    decisions = dict(company.rows("SELECT gmail_id, outcome || ':' || reason FROM decisions"))
    assert decisions == {known: "kept:matched_sender", unknown: "skipped:nobody_known"}
    run = company.rows("SELECT kind, listed, scanned, kept, failed FROM import_runs")
    assert run == [("import", 2, 2, 1, 0)]
    assert company.value("SELECT finished_at IS NOT NULL FROM import_runs")
    assert company.rows("SELECT subject FROM messages") == [("Renewal",)]


@pytest.mark.contract("V-9")
@pytest.mark.contract("V-10")
@pytest.mark.contract("V-11")
def test_the_import_looks_at_so_many_single_messages(quiet_company: Company) -> None:
    company = quiet_company
    choose(company, "import.n", "5")
    first = company.receives(**{"from": DANA, "subject": "Oldest", "date": "2026-01-01T08:00:00Z"})
    for number in range(6):
        company.receives(
            **{"from": DANA, "subject": "Thread", "date": f"2026-02-0{number + 1}T08:00:00Z"}
        )
    company.connected()
    assert company.rows(
        "SELECT wanted, listed, scanned FROM import_runs WHERE kind = 'import'"
    ) == [(5, 5, 5)]
    seen = {gmail_id for (gmail_id,) in company.rows("SELECT gmail_id FROM decisions")}
    assert len(seen) == 5
    assert first not in seen


@pytest.mark.contract("V-13")
def test_the_run_says_how_far_back_it_reached(quiet_company: Company) -> None:
    company = quiet_company
    company.receives(**{"from": STRANGER, "date": "2026-03-01T08:00:00Z"})
    company.receives(**{"from": DANA, "date": "2026-04-01T08:00:00Z"})
    company.connected()
    oldest = company.value("SELECT oldest_at FROM import_runs WHERE kind = 'import'")
    assert oldest.isoformat().startswith("2026-03-01")


@pytest.mark.contract("K-22", "H-41")
@pytest.mark.contract("D-1")
def test_no_import_when_the_policy_says_none(quiet_company: Company) -> None:
    company = quiet_company
    choose(company, "import.mode", "none")
    company.receives(**{"from": DANA})
    box = company.connected()
    assert company.rows("SELECT gmail_id FROM decisions") == []
    assert company.value(LIVE, box) == "live"
    company.receives(**{"from": DANA})
    company.later(minutes=20).sweep()
    assert company.value("SELECT count(*) FROM decisions") == 1


def test_an_import_that_was_interrupted_goes_on_where_it_was(quiet_company: Company) -> None:
    company = quiet_company
    for number in range(30):
        company.receives(**{"from": DANA, "subject": f"Mail {number}"})
    box = company.connect()
    fault = {"kind": "status", "match": "messages.get", "params": {"code": 503}, "times": 25}
    company.simulator.post("/simulator/faults", fault)
    company.work()
    company.later(minutes=3).sweep()
    assert company.value("SELECT count(*) FROM decisions") == 30
    assert company.rows("SELECT scanned, failed FROM import_runs WHERE kind = 'import'") == [
        (30, 0)
    ]
    assert company.value(LIVE, box) == "live"


def test_redis_emptied_in_mid_import_loses_nothing(quiet_company: Company) -> None:
    company = quiet_company
    for number in range(60):
        company.receives(**{"from": DANA, "subject": f"Mail {number}"})
    box = company.connect()
    slow = {"kind": "status", "match": "messages.list", "params": {"code": 503}}
    company.simulator.post("/simulator/faults", slow)
    company.work()  # ends before anything is fetched
    company.forget_redis()
    company.later(minutes=1).sweep()
    company.forget_redis()
    company.later(minutes=2).sweep()
    assert company.value("SELECT count(*) FROM messages") == 60
    assert company.value(LIVE, box) == "live"


def test_of_strangers_nothing_readable_is_stored(quiet_company: Company) -> None:
    company = quiet_company
    secret = {"from": f"Lee Secretive <{STRANGER}>", "subject": "Zebrafish", "text": "Wolpertinger"}
    company.receives(**secret)
    company.connected()
    company.receives(ROBIN, **secret)
    company.later(minutes=20).sweep()
    assert company.value("SELECT count(*) FROM decisions WHERE outcome = 'skipped'") == 2
    dump = company.dump().lower()
    assert ROBIN in dump
    for word in ("secretive", STRANGER, "else.example", "zebrafish", "wolpertinger"):
        assert word not in dump


def test_a_message_that_cannot_be_written_is_set_aside_after_four_attempts(
    quiet_company: Company,
) -> None:
    company = quiet_company
    good = company.receives(**{"from": DANA, "subject": "Good"})
    bad = company.receives(**{"from": DANA, "subject": "Poison"})
    with subject_is_refused(company, "Poison"):
        company.connect()
        for minutes in (0, 3, 6, 9):
            company.later(minutes=minutes).sweep()
    decisions = dict(company.rows("SELECT gmail_id, outcome || ':' || reason FROM decisions"))
    assert decisions == {good: "kept:matched_sender", bad: "quarantined:cannot_parse"}
    assert company.rows("SELECT gmail_id, attempts FROM quarantine") == [(bad, 4)]
    assert company.rows("SELECT scanned, kept, failed FROM import_runs WHERE kind = 'import'") == [
        (2, 1, 1)
    ]
    assert company.value("SELECT count(*) FROM to_fetch") == 0


@pytest.mark.parametrize("mode", ["bad_base64", "no_payload"])
def test_a_malformed_message_gets_its_decision_all_the_same(
    mode: str, quiet_company: Company
) -> None:
    company = quiet_company
    bad = company.receives(**{"from": DANA, "subject": "Broken"})
    good = company.receives(**{"from": DANA, "subject": "Good"})
    fault = {"kind": "unreadable_message", "match": {"message": bad}, "params": {"mode": mode}}
    company.simulator.post("/simulator/faults", fault)
    company.connected()
    decisions = dict(company.rows("SELECT gmail_id, outcome FROM decisions"))
    assert decisions[good] == "kept"
    assert bad in decisions
    assert company.value("SELECT count(*) FROM to_fetch") == 0


def test_mails_that_share_a_message_id_are_lost_to_none(quiet_company: Company) -> None:
    def arrives(subject: str, *to: str) -> None:
        raw = (
            f"From: {DANA}\r\nTo: {ROBIN}\r\nSubject: {subject}\r\n"
            "Date: Thu, 26 Nov 2026 09:00:00 +0000\r\nMessage-ID: <scan@device.example>\r\n\r\nHi"
        )
        encoded = b64encode(raw.encode()).decode()
        quiet_company.receives(*to, raw_base64=encoded)

    quiet_company.connected(ROBIN)
    quiet_company.connected(KIM)
    arrives("Order 4711", ROBIN)
    arrives("Invoice 17", ROBIN)
    arrives("[EXT] Invoice 17", KIM)
    for _ in range(2):  # read once more, they stay what they are
        quiet_company.later(minutes=20).sweep()
    query = (
        "SELECT m.subject, count(*) FROM messages m JOIN message_copies c ON c.message_id = m.id"
        " GROUP BY m.id, m.subject ORDER BY 1"
    )
    assert quiet_company.rows(query) == [("Invoice 17", 2), ("Order 4711", 1)]
    assert quiet_company.value("SELECT count(*) FROM conversations") == 2
