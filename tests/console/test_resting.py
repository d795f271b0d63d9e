"""A pause says so, on Imports and on Health: since when, and when it ends."""

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
from tests.support.company import DANA, ROBIN, Company

STOPPED = "its worker has stopped. Another continues within 20 seconds."


@pytest.fixture
def company(quiet_company: Company) -> Company:
    """With a fixed clock, however slow the machine is."""
    now = quiet_company.deps.now()
    return replace(quiet_company, deps=replace(quiet_company.deps, now=lambda: now))


@pytest.fixture
def robin(company: Company) -> Visitor:
    """A member who looks at that clock."""
    return member(company, ROBIN)


def killed(company: Company, *, ago: float) -> ImportRunId:
    """A worker took the import and was heard of last so many seconds ago: only a kill, or a
    database that went away under it, leaves that.
    """
    then = company.deps.now() - timedelta(seconds=ago)
    box = company.connect(ROBIN)
    with company.deps.store.begin(company.key(box)[0]) as session:
        run = ImportRunId(session.scalars(select(ImportRun.id)).one())
        assert import_runs.hold(session, run, "killed", then)
        assert mailboxes.take_lease(session, box, "killed", then)
    return run


def test_an_import_whose_worker_was_killed_says_so(robin: Visitor, company: Company) -> None:
    run = killed(company, ago=12)
    for page in ("/imports", f"/imports/{run}"):
        assert "Resting Import:" in robin.page(page)
        assert STOPPED in robin.page(page)
    assert "Reading is paused since today" in robin.page("/health")
    assert STOPPED in robin.page("/health")


def test_an_import_at_work_does_not_rest(robin: Visitor, company: Company) -> None:
    run = killed(company, ago=2)
    assert "Running Import:" in robin.page(f"/imports/{run}")
    assert "is paused" not in robin.page(f"/imports/{run}") + robin.page("/health")


def test_a_free_import_waits_for_a_worker(robin: Visitor, company: Company) -> None:
    run = killed(company, ago=90)
    assert "Another continues as soon as it is free." in robin.page(f"/imports/{run}")
    company.sweep()
    company.work()
    assert "is paused" not in robin.page(f"/imports/{run}") + robin.page("/health")


def test_a_pause_that_google_asked_for_is_told(robin: Visitor, company: Company) -> None:
    company.receives(ROBIN, **{"from": DANA})
    company.connect(ROBIN)
    fault = {"kind": "retry_after", "match": "messages.get", "params": {"seconds": 600}}
    company.simulator.post("/simulator/faults", fault)
    company.work()
    assert "It is paused since today" in robin.page("/imports")
    assert ", continues today" in robin.page("/imports")
    assert "Reading is paused since today" in robin.page("/health")


def test_mail_that_waits_for_gmail_says_until_when(robin: Visitor, company: Company) -> None:
    sender = sender_of(company, ROBIN)
    sender.fault("retry_after", params={"seconds": 600})
    sender.start()
    sender.send()
    assert "Sending is paused and continues" in robin.page("/health")


def test_sending_goes_on_soon_after_its_worker_was_killed(robin: Visitor, company: Company) -> None:
    sender = replace(sender_of(company, ROBIN), moment=company.deps.now())
    pending_id = sender.start()
    ours, then = company.key(sender.mailbox_id), sender.moment - timedelta(seconds=15)
    assert isinstance(
        look(sender.deps.store, *ours, owner="killed", now=then), NextDue | NothingDue
    )
    assert "Sending is paused since today" in robin.page("/health")
    sender.send()
    assert sender.left() == []
    sender.passes(seconds=6).send()
    assert (sender.state(pending_id), len(sender.left())) == ("sent", 1)
    assert "is paused" not in robin.page("/health")
