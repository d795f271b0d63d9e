"""Three real workers and two schedules on one Postgres and one Redis work as one does."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
import requests

from backend.settings import environment
from tests.support.office import ANA, DANA, KIM, ROBIN, Office, office_settings
from tests.support.processes import eventually
from tests.support.simulator import PROJECT

pytestmark = pytest.mark.flow

COMMANDS = (
    ("worker", "prompt"),
    ("worker", "patient"),
    ("worker",),
    ("worker.schedule",),
    ("worker.schedule",),
)
TEAM = (ROBIN, KIM, ANA)
MAILS = 12


@contextmanager
def at_work(office: Office) -> Iterator[None]:
    """The processes, ended as an operator would end them."""
    told = {name: value for name, value in environment().items() if "RAPPORT" not in name}
    settings = office_settings(office.database, str(office.settings.redis_url), office.simulator)
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", *command],
                    cwd=PROJECT,
                    env={**told, **settings},
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )
            for command in COMMANDS
        ]
        try:
            yield
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                try:
                    process.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    process.kill()


def test_they_share_the_work_while_redis_is_emptied(quiet_office: Office) -> None:
    office = quiet_office
    for number in range(MAILS):
        office.receives(*TEAM, **{"from": DANA, "subject": f"Mail {number}"})
    boxes = [office.connect(email) for email in TEAM]
    live = "SELECT count(*) FROM mailboxes WHERE state = 'live'"
    with at_work(office):
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
