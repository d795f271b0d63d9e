"""Workers killed with SIGKILL before, during and after the call that sends: nothing is lost, and
nothing leaves twice.
"""

import os
import signal
from collections import Counter
from multiprocessing.context import ForkServerContext
from threading import Event

import pytest

from backend.services import composing
from backend.services.composing import FileChanges, NewFile
from tests.flows.doomed import Stage, work
from tests.services.outbox.conftest import sender_of
from tests.services.outbox.sender import Sender, attached
from tests.support.company import ROBIN, Company, company_settings, furnished
from tests.support.crew import forked

TIMES = {Stage.BEFORE: 5, Stage.DURING: 20, Stage.AFTER: 5}
"""Deaths at each stage: those inside the call are spread over it, the others are all the same."""

EVERY = 5
"""Each so many-th mail carries a file."""

OFFER = NewFile("Offer.pdf", bytes(range(256)) * 80)  # 20 KB
HOLD = 0.03  # seconds for which the simulator keeps a call, so that kills strike inside it


@pytest.fixture
def sender(company: Company) -> Sender:
    furnished(company.simulator)
    found = sender_of(company, ROBIN)
    found.limits(daily=1000, hourly=60)
    return found


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    return forked()


def kill_one(sender: Sender, processes: ForkServerContext, stage: Stage, after: float) -> None:
    """A worker begins to send and is killed at the stage, `after` seconds into it."""
    company = sender.company
    redis_url = str(company.settings.redis_url)
    environment = dict(company_settings(company.database, redis_url, company.simulator))
    hears, tells = processes.Pipe(duplex=False)
    key = sender.company.key(sender.mailbox_id)
    worker = processes.Process(target=work, args=(environment, key, sender.moment, stage, tells))
    worker.start()
    tells.close()
    assert hears.poll(30), "the worker never came to send"
    hears.recv()
    Event().wait(after)
    os.kill(worker.pid or 0, signal.SIGKILL)
    worker.join()


def settle_all(sender: Sender) -> None:
    """Look twice for everything in doubt, let the author release what did not leave, send it."""
    for _ in range(2):
        sender.passes(minutes=6).settle()
    for pending_id in [one for one, state in sender.states().items() if state == "held"]:
        composing.release(
            sender.deps, sender.actor, pending_id=pending_id, version=sender.version(pending_id)
        )
        sender.passes(minutes=2).send()


@pytest.mark.flow
@pytest.mark.parametrize("stage", list(Stage))
def test_a_killed_worker_loses_nothing_and_doubles_nothing(
    sender: Sender, processes: ForkServerContext, stage: Stage
) -> None:
    times = TIMES[stage]
    spread = 2 * HOLD / times if stage is Stage.DURING else 0.0
    if stage is Stage.DURING:
        sender.fault("delay", params={"seconds": HOLD}, times=times)
    rows = []
    for number in range(times):
        files = FileChanges(added=[OFFER] if number % EVERY == 0 else [])
        rows.append(sender.start(subject=f"Mail {number}", files=files))
        kill_one(sender, processes, stage, number * spread)
        sender.passes(minutes=4)
    left_at_once = len(sender.left())
    assert set(sender.states().values()) == {"sending"}
    settle_all(sender)
    assert Counter(one["send_id"] for one in sender.left()) == {str(one): 1 for one in rows}
    assert sender.states() == dict.fromkeys(rows, "sent")
    assert [attached(sender.copy(one)) for one in rows[::EVERY]] == [
        {OFFER.name: ("application/pdf", OFFER.data)}
    ] * (times // EVERY)
    assert sender.company.value("SELECT count(*) FROM pending_files WHERE data IS NULL") == len(
        rows[::EVERY]
    )
    assert left_at_once == {Stage.BEFORE: 0, Stage.AFTER: times}.get(stage, left_at_once)
