"""How far back an import goes by date, what it leaves out, and stopping it."""

from datetime import timedelta

import pytest

from backend.domain.ids import ImportRunId, MailboxId
from backend.errors import Conflict, NotAllowed
from backend.services.importing import runs
from backend.services.settings import start_import, stop_import
from tests.support.company import DANA, STRANGER, Company
from tests.support.decisions import choose

RUN = "SELECT kind, scanned, kept, oldest_at, finished_at IS NOT NULL FROM import_runs"


def choose_import(company: Company, **values: str) -> None:
    """The workspace's choices of an import."""
    for name, value in values.items():
        choose(company, f"import.{name}", value)


def receives_of_age(company: Company, *, days: float, sender: str = DANA) -> str:
    """A mail that Gmail accepted so many days ago."""
    at = company.deps.now() - timedelta(days=days)
    return company.receives(**{"from": sender, "date": at.isoformat()})


def decisions(company: Company) -> dict[str, str]:
    return dict(company.rows("SELECT gmail_id, reason FROM decisions"))


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of four, so that a few mails fill several."""
    monkeypatch.setattr("backend.services.importing.listing.DATED_PAGE", 4)


@pytest.mark.contract("D-1", "S-9")
@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("listed", ["in order", "out of order"])
def test_an_import_by_days_stops_at_the_day(listed: str, quiet_company: Company) -> None:
    company = quiet_company
    choose_import(company, mode="last_days", days="30")
    if listed == "out of order":
        company.simulator.post("/simulator/faults", {"kind": "list_unordered"})
    young = [receives_of_age(company, days=days) for days in (1, 2, 3, 10, 29)]
    young.append(receives_of_age(company, days=29.5, sender=STRANGER))
    old = [receives_of_age(company, days=days) for days in range(31, 61)]
    company.connected()
    found = decisions(company)
    assert {found[one] for one in young} == {"matched_sender", "nobody_known"}
    assert {found[one] for one in old if one in found} == {"outside_import"}
    assert len(found) == 12  # the page with the last young ones, and one page of old ones
    assert company.value("SELECT count(*) FROM messages") == 5
    kind, scanned, kept, oldest, finished = company.rows(RUN)[0]
    assert (kind, scanned, kept, finished) == ("import", 12, 5, True)
    assert (company.deps.now() - oldest).days == 29


@pytest.mark.contract("D-1")
@pytest.mark.usefixtures("small_pages")
def test_a_longer_import_brings_what_a_shorter_one_left_out(quiet_company: Company) -> None:
    company = quiet_company
    choose_import(company, mode="last_days", days="7")
    for days in (1, 8, 9, 20):
        receives_of_age(company, days=days)
    box = company.connected()
    assert company.value("SELECT count(*) FROM messages") == 1
    choose_import(company, days="10")
    start_import(company.deps, company.actor(), mailbox_id=box)
    company.work()
    assert company.value("SELECT count(*) FROM messages") == 3
    choose_import(company, mode="last_n")
    start_import(company.deps, company.actor(), mailbox_id=box)
    company.work()
    assert company.value("SELECT count(*) FROM messages") == 4
    assert set(decisions(company).values()) == {"matched_sender"}


@pytest.mark.contract("V-7")
@pytest.mark.parametrize("mode", ["none", "last_n", "last_days"])
def test_granting_access_causes_one_import_and_a_listener(
    mode: str, quiet_company: Company
) -> None:
    company = quiet_company
    choose_import(company, mode=mode)
    receives_of_age(company, days=1)
    box = company.connected()
    kinds = company.rows("SELECT kind, finished_at IS NOT NULL FROM import_runs")
    assert kinds == [("import", True)]
    kept = 0 if mode == "none" else 1
    assert company.value("SELECT count(*) FROM messages") == kept
    listening = "SELECT watch_expires_at > now(), state FROM mailboxes WHERE id = %s"
    assert company.rows(listening, box) == [(True, "live")]
    assert company.rows("SELECT id FROM pending_messages") == []
    assert company.value("SELECT count(*) FROM contacts WHERE created_via <> 'seed'") == 0


@pytest.mark.contract("K-22", "H-41")
def test_nothing_can_be_imported_by_hand_when_the_workspace_imports_nothing(
    quiet_company: Company,
) -> None:
    company = quiet_company
    choose_import(company, mode="none")
    box = company.connected()
    with pytest.raises(NotAllowed, match="imports nothing from before a connection"):
        start_import(company.deps, company.actor(), mailbox_id=box)


def run_of(company: Company, box: MailboxId) -> ImportRunId:
    query = "SELECT id FROM import_runs WHERE mailbox_id = %s ORDER BY id DESC LIMIT 1"
    return ImportRunId(company.value(query, box))


def test_a_stopped_import_keeps_what_it_read_and_reads_no_more(quiet_company: Company) -> None:
    company = quiet_company
    for _ in range(30):
        receives_of_age(company, days=1)
    box = company.connect()
    busy = {"kind": "status", "match": "messages.get", "params": {"code": 503}, "times": 5}
    company.simulator.post("/simulator/faults", busy)
    company.work()
    assert company.value("SELECT count(*) FROM messages") == 25
    stop_import(company.deps, company.actor(), run_id=run_of(company, box))
    company.later(minutes=3).sweep()
    assert company.value("SELECT count(*) FROM messages") == 25
    assert company.value("SELECT count(*) FROM to_fetch") == 0
    assert company.value("SELECT state FROM mailboxes WHERE id = %s", box) == "live"
    stopped = company.rows("SELECT stopped_by, finished_at IS NOT NULL, scanned FROM import_runs")
    assert stopped == [(company.actor().member_id, True, 25)]
    with pytest.raises(Conflict, match="has ended already"):
        stop_import(company.deps, company.actor(), run_id=run_of(company, box))


def test_an_audit_cannot_be_stopped(quiet_company: Company) -> None:
    company = quiet_company
    box = company.connected()
    runs.audit_mailbox(company.deps, *company.key(box))
    audit = company.value("SELECT id FROM import_runs WHERE kind = 'audit'")
    with pytest.raises(Conflict, match="Only an import can be stopped"):
        stop_import(company.deps, company.actor(), run_id=ImportRunId(audit))
