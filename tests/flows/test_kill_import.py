"""Workers killed with SIGKILL in mid-import: nothing is lost, and nothing is doubled."""

import pytest
import requests

from tests.support.crew import Crew, crew_of
from tests.support.office import DANA, ROBIN, Office
from tests.support.processes import eventually

pytestmark = pytest.mark.flow

MAILS = 110
KILLED_AT = (0, 30)
"""How many mails are decided when a worker dies: while it begins, and in a batch."""

KILLED_LAST_AT = 60
GOES_ON_WITHIN = 30
"""Seconds after the last death, which nothing but time mends: a lease and a sweep."""

HELD = "SELECT count(*) FROM import_runs WHERE lease_owner IS NOT NULL"


def decided(office: Office) -> int:
    return int(office.value("SELECT count(*) FROM decisions"))


def die_at_work(crew: Crew, moment: int) -> None:
    """A worker goes on with the import and is killed once so many mails are decided."""
    office, worker = crew.office, crew.start("worker")
    assert eventually(lambda: bool(office.value(HELD)) and decided(office) >= moment, within=90)
    crew.kill(worker)
    assert decided(office) < MAILS


def test_killed_workers_lose_and_double_nothing(quiet_office: Office) -> None:
    office = quiet_office
    for number in range(MAILS):
        office.receives(**{"from": DANA, "subject": f"Mail {number}"})
    slow = {"kind": "delay", "match": "messages.get", "params": {"seconds": 0.02}, "times": 1000}
    office.simulator.post("/simulator/faults", slow)
    box = office.connect()
    with crew_of(office) as crew:
        crew.start("schedule")
        for moment in KILLED_AT:
            die_at_work(crew, moment)
            office.forget_redis()
            crew.passes()
        die_at_work(crew, KILLED_LAST_AT)
        so_far, next_worker = decided(office), crew.start("worker")
        assert eventually(lambda: decided(office) > so_far, within=GOES_ON_WITHIN)
        assert next_worker.poll() is None
        live = "SELECT state FROM mailboxes WHERE id = %s"
        assert eventually(lambda: office.value(live, box) == "live", within=90)
    assert decided(office) == MAILS
    for table in ("messages", "message_copies", "conversations"):
        assert office.value(f"SELECT count(*) FROM {table}") == MAILS, table
    assert office.value("SELECT count(*) FROM to_fetch") == 0
    assert office.rows("SELECT kind, listed, scanned, kept, failed FROM import_runs") == [
        ("import", MAILS, MAILS, MAILS, 0)
    ]
    used = requests.get(f"{office.simulator.root}/simulator/usage", timeout=10).json()["users"]
    again = used[ROBIN]["calls"]["gmail.users.messages.get"] - MAILS
    deaths = len(KILLED_AT) + 1
    assert 0 <= again <= 25 * deaths  # at most one batch is read again for each that died
