"""Three real workers and two schedules on one Postgres and one Redis work as one does."""

import pytest
import requests

from tests.support.crew import crew_of
from tests.support.office import ANA, DANA, KIM, ROBIN, Office
from tests.support.processes import eventually

pytestmark = pytest.mark.flow

COMMANDS = (
    ("worker", "prompt"),
    ("worker", "patient"),
    ("worker",),
    ("schedule",),
    ("schedule",),
)
TEAM = (ROBIN, KIM, ANA)
MAILS = 12


def test_they_share_the_work_while_redis_is_emptied(quiet_office: Office) -> None:
    office = quiet_office
    for number in range(MAILS):
        office.receives(*TEAM, **{"from": DANA, "subject": f"Mail {number}"})
    boxes = [office.connect(email) for email in TEAM]
    live = "SELECT count(*) FROM mailboxes WHERE state = 'live'"
    with crew_of(office) as crew:
        for command in COMMANDS:
            crew.start(*command)
        assert eventually(lambda: bool(office.value("SELECT count(*) FROM to_fetch")), within=40)
        office.forget_redis()
        assert eventually(lambda: office.value(live) == len(boxes), within=90)
        assert eventually(lambda: office.value("SELECT count(*) FROM heartbeats") == 5, within=20)
    assert office.value("SELECT count(*) FROM messages") == MAILS
    assert office.value("SELECT count(*) FROM message_copies") == MAILS * len(TEAM)
    assert office.value("SELECT count(*) FROM conversations") == MAILS
    assert office.value("SELECT count(*) FROM decisions") == MAILS * len(TEAM)
    assert office.value("SELECT count(*) FROM to_fetch") == 0
    used = requests.get(f"{office.simulator.root}/simulator/usage", timeout=10).json()["users"]
    assert [used[email]["calls"]["gmail.users.messages.get"] for email in TEAM] == [MAILS] * 3


def test_a_worker_told_to_end_does_so_after_its_batch(quiet_office: Office) -> None:
    """Google's rate would keep the import going for a minute."""
    office = quiet_office
    for number in range(120):
        office.receives(**{"from": DANA, "subject": f"Mail {number}"})
    office.connect()
    with crew_of(office) as crew:
        worker = crew.start("worker")
        begun = "SELECT count(*) FROM decisions"
        assert eventually(lambda: office.value(begun) >= 25)
        worker.terminate()
        assert worker.wait(timeout=8) == 0
    done = office.value(begun)
    assert done < 120
    assert office.value("SELECT count(*) FROM to_fetch") == 120 - done
    assert office.value("SELECT last_error FROM mailboxes") is None
    office.work()
    office.later(minutes=3).sweep()
    assert office.value(begun) == 120
