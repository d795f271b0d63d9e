"""Workers killed with SIGKILL in mid-import: nothing is lost, and nothing is doubled."""

import pytest
import requests

from tests.support.company import DANA, ROBIN, Company
from tests.support.crew import Crew, crew_of
from tests.support.processes import eventually

pytestmark = pytest.mark.flow

MAILS = 110
KILLED_AT = (0, 30)
"""How many mails are decided when a worker dies: while it begins, and in a batch."""

KILLED_LAST_AT = 60
GOES_ON_WITHIN = 30
"""Seconds after the last death, which nothing but time mends: a lease and a sweep."""

HELD = "SELECT count(*) FROM import_runs WHERE lease_owner IS NOT NULL"


def decided(company: Company) -> int:
    return int(company.value("SELECT count(*) FROM decisions"))


def die_at_work(crew: Crew, moment: int) -> None:
    """A worker continues the import and is killed once so many messages are decided."""
    company, worker = crew.company, crew.start("worker")
    assert eventually(lambda: bool(company.value(HELD)) and decided(company) >= moment, within=90)
    crew.kill(worker)
    assert decided(company) < MAILS


def test_killed_workers_lose_and_double_nothing(quiet_company: Company) -> None:
    company = quiet_company
    for number in range(MAILS):
        company.receives(**{"from": DANA, "subject": f"Mail {number}"})
    slow = {"kind": "delay", "match": "messages.get", "params": {"seconds": 0.02}, "times": 1000}
    company.simulator.post("/simulator/faults", slow)
    box = company.connect()
    with crew_of(company) as crew:
        crew.start("schedule")
        for moment in KILLED_AT:
            die_at_work(crew, moment)
            company.forget_redis()
            crew.passes()
        die_at_work(crew, KILLED_LAST_AT)
        so_far, next_worker = decided(company), crew.start("worker")
        assert eventually(lambda: decided(company) > so_far, within=GOES_ON_WITHIN)
        assert next_worker.is_alive()
        live = "SELECT state FROM mailboxes WHERE id = %s"
        assert eventually(lambda: company.value(live, box) == "live", within=90)
    assert decided(company) == MAILS
    for table in ("messages", "message_copies", "conversations"):
        assert company.value(f"SELECT count(*) FROM {table}") == MAILS, table
    assert company.value("SELECT count(*) FROM to_fetch") == 0
    assert company.rows("SELECT kind, listed, scanned, kept, failed FROM import_runs") == [
        ("import", MAILS, MAILS, MAILS, 0)
    ]
    used = requests.get(f"{company.simulator.root}/simulator/usage", timeout=10).json()["users"]
    again = used[ROBIN]["calls"]["gmail.users.messages.get"] - MAILS
    deaths = len(KILLED_AT) + 1
    assert 0 <= again <= 25 * deaths  # at most one batch is read again for each that died
