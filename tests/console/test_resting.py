"""What rests says so, on Imports and on Health: since when, and when it goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.domain.ids import ImportRunId
from backend.store import import_runs, mailboxes
from backend.store.models import ImportRun
from backend.store.outbox.looking import NextDue, NothingDue, look
from tests.console.conftest import Visitor, member
from tests.services.outbox.conftest import sender_of
from tests.support.office import DANA, ROBIN, Office

STOPPED = "its worker has stopped. Another goes on with it within 20 seconds."


@pytest.fixture
def office(quiet_office: Office) -> Office:
    """By a clock that stands, however slow the machine is."""
    now = quiet_office.deps.now()
    return replace(quiet_office, deps=replace(quiet_office.deps, now=lambda: now))


@pytest.fixture
def robin(office: Office) -> Visitor:
    """A member who looks at that clock."""
    return member(office, ROBIN)


def killed(office: Office, *, ago: float) -> ImportRunId:
    """A worker took the import and was heard of last so many seconds ago: only a kill, or a
    database that went away under it, leaves that.
    """
    then = office.deps.now() - timedelta(seconds=ago)
    box = office.connect(ROBIN)
    with office.deps.store.begin(office.key(box)[0]) as session:
        run = ImportRunId(session.scalars(select(ImportRun.id)).one())
        assert import_runs.hold(session, run, "killed", then)
        assert mailboxes.take_lease(session, box, "killed", then)
    return run


def test_an_import_whose_worker_was_killed_says_so(robin: Visitor, office: Office) -> None:
    run = killed(office, ago=12)
    for page in ("/imports", f"/imports/{run}"):
        assert "Resting Import:" in robin.page(page)
        assert STOPPED in robin.page(page)
    assert "Reading rests since today" in robin.page("/health")
    assert STOPPED in robin.page("/health")


def test_an_import_at_work_does_not_rest(robin: Visitor, office: Office) -> None:
    run = killed(office, ago=2)
    assert "Running Import:" in robin.page(f"/imports/{run}")
    assert "rests" not in robin.page(f"/imports/{run}") + robin.page("/health")


def test_a_free_import_waits_for_a_worker(robin: Visitor, office: Office) -> None:
    run = killed(office, ago=90)
    assert "Another goes on with it as soon as it is free." in robin.page(f"/imports/{run}")
    office.sweep()
    office.work()
    assert "rests" not in robin.page(f"/imports/{run}") + robin.page("/health")


def test_a_pause_that_google_asked_for_is_told(robin: Visitor, office: Office) -> None:
    office.receives(ROBIN, **{"from": DANA})
    office.connect(ROBIN)
    fault = {"kind": "retry_after", "match": "messages.get", "params": {"seconds": 600}}
    office.simulator.post("/simulator/faults", fault)
    office.work()
    assert "It rests since today" in robin.page("/imports")
    assert ", goes on today" in robin.page("/imports")
    assert "Reading rests since today" in robin.page("/health")


def test_mail_that_waits_for_gmail_says_until_when(robin: Visitor, office: Office) -> None:
    sender = sender_of(office, ROBIN)
    sender.fault("retry_after", params={"seconds": 600})
    sender.start()
    sender.send()
    assert "Sending rests and goes on" in robin.page("/health")


def test_sending_goes_on_soon_after_its_worker_was_killed(robin: Visitor, office: Office) -> None:
    sender = replace(sender_of(office, ROBIN), moment=office.deps.now())
    pending_id = sender.start()
    ours, then = office.key(sender.mailbox_id), sender.moment - timedelta(seconds=15)
    assert isinstance(
        look(sender.deps.store, *ours, owner="killed", now=then), NextDue | NothingDue
    )
    assert "Sending rests since today" in robin.page("/health")
    sender.send()
    assert sender.left() == []
    sender.passes(seconds=6).send()
    assert (sender.state(pending_id), len(sender.left())) == ("sent", 1)
    assert "rests" not in robin.page("/health")
