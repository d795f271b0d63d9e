"""After a lost cursor, and every night: what was missed comes, what is gone is known to be gone."""

import pytest
import requests

from backend.domain.ids import MailboxId
from backend.domain.sync.import_reach import NIGHT
from backend.jobs import JobName
from backend.queries import metrics
from tests.support.company import DANA, KIM, ROBIN, Company
from tests.support.decisions import choose
from tests.support.faults import history_was_silent

STEP = 3
RUNS = "SELECT kind, missed, finished_at IS NOT NULL FROM import_runs ORDER BY id"


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of four, so that a few mails fill several."""
    monkeypatch.setattr("backend.services.importing.listing.DATED_PAGE", 4)
    monkeypatch.setattr("backend.google.gmail.PAGE", 4)


def mails(company: Company, count: int) -> list[str]:
    return [company.receives(**{"from": DANA, "subject": f"Mail {n}"}) for n in range(count)]


def lose_cursor(company: Company, box: MailboxId) -> None:
    """Gmail forgets where we stopped; a job finds out."""
    company.simulator.post("/simulator/faults", {"kind": "history_expired"})
    company.deps.jobs.enqueue(JobName.SYNC_MAILBOX, *company.key(box))
    company.work()


def audit(company: Company, box: MailboxId) -> None:
    company.deps.jobs.enqueue(JobName.AUDIT_MAILBOX, *company.key(box))
    company.work()


def missed_by_history(company: Company, box: MailboxId, count: int) -> list[str]:
    """Mail that history never reported, because our cursor jumped over it."""
    came = mails(company, count)
    history_was_silent(company, box)
    return came


@pytest.mark.usefixtures("small_pages")
def test_a_resync_brings_all_that_was_missed_however_much(quiet_company: Company) -> None:
    company = quiet_company
    mails(company, 3)
    box = company.connected()
    missed = mails(company, 21)
    lose_cursor(company, box)
    known = {one for (one,) in company.rows("SELECT gmail_id FROM message_copies")}
    assert known >= set(missed)
    assert company.value("SELECT count(*) FROM messages") == 24
    assert company.value("SELECT state FROM mailboxes WHERE id = %s", box) == "live"
    assert company.rows(RUNS) == [("import", 0, True), ("resync", 0, True)]


@pytest.mark.contract("H-1")
@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("way", [lose_cursor, audit])
def test_labels_and_deletions_nobody_told_of_are_found(way: object, quiet_company: Company) -> None:
    company = quiet_company
    ids = mails(company, 9)
    box = company.connected()
    gone, read, starred, binned, *same = ids
    account = company.gmail()
    account.delete(f"messages/{gone}")
    account.post(f"messages/{read}/modify", {"removeLabelIds": ["UNREAD"]})
    account.post(f"messages/{starred}/modify", {"addLabelIds": ["STARRED"]})
    account.post(f"messages/{binned}/trash", {})
    missed_by_history(company, box, 0)
    before = labels(company)
    assert callable(way)
    way(company, box)
    after = labels(company)
    assert company.rows("SELECT gmail_id FROM message_copies WHERE deleted_at IS NOT NULL") == [
        (gone,)
    ]
    assert before[read] - after[read] == {"UNREAD"}
    assert after[starred] - before[starred] == {"STARRED"}
    assert "TRASH" in after[binned]
    assert {one: after[one] for one in same} == {one: before[one] for one in same}
    assert company.value("SELECT count(*) FROM messages") == 9


def labels(company: Company) -> dict[str, set[str]]:
    found = company.rows("SELECT gmail_id, labels FROM message_copies")
    return {gmail_id: set(names) for gmail_id, names in found}


def test_an_audit_finds_what_was_missed_and_tells_how_much(quiet_company: Company) -> None:
    company = quiet_company
    mails(company, 6)
    box = company.connected()
    missing_for_an_hour = missed_by_history(company, box, 2)
    later = company.later(hours=1)
    audit(later, box)
    assert set(missing_for_an_hour) <= set(labels(company))
    assert company.rows(RUNS) == [("import", 0, True), ("audit", 2, True)]
    figures = {figure.name: figure.values for figure in metrics.figures(later.deps)}
    assert figures["rapport_audited_messages"] == {"looked_at": 8, "missing": 2}
    audit(company.later(hours=2), box)
    assert company.rows(RUNS)[-1] == ("audit", 0, True)


def test_an_audit_leaves_out_what_the_import_left_out(quiet_company: Company) -> None:
    company = quiet_company
    choose(company, "import.mode", "none")
    old = company.receives(**{"from": DANA, "date": "2026-01-01T08:00:00Z"})
    box = company.connected()
    audit(company, box)
    assert company.rows("SELECT gmail_id, reason FROM decisions") == [(old, "outside_import")]
    calls = used(company, "messages.get")
    audit(company, box)
    assert used(company, "messages.get") == calls


def used(company: Company, method: str) -> int:
    answer = requests.get(f"{company.simulator.root}/simulator/usage", timeout=10).json()
    return int(answer["users"][ROBIN]["calls"].get(f"gmail.users.{method}", 0))


def test_audits_begin_in_the_night_each_mailbox_at_its_own_minute(quiet_company: Company) -> None:
    company = quiet_company
    for email in (ROBIN, KIM):
        company.connected(email)
    audits = "SELECT mailbox_id, count(*) FROM import_runs WHERE kind = 'audit' GROUP BY 1"
    company.sweep()
    assert company.rows(audits) == []  # the first tick of a new installation starts none
    for hours in range(STEP, 25, STEP):
        before = len(company.rows(audits))
        company.later(hours=hours).sweep()
        if len(company.rows(audits)) > before:
            assert company.later(hours=hours).deps.now().hour < NIGHT.total_seconds() / 3600 + STEP
    assert [count for _, count in company.rows(audits)] == [1, 1]
