"""After a lost cursor, and every night: what was missed comes, what is gone is known to be gone."""

import pytest
import requests

from backend.domain.ids import MailboxId
from backend.domain.sync.import_reach import NIGHT
from backend.jobs import JobName
from backend.queries import metrics
from tests.support.decisions import choose
from tests.support.faults import history_was_silent
from tests.support.office import DANA, KIM, ROBIN, Office

STEP = 3
RUNS = "SELECT kind, missed, finished_at IS NOT NULL FROM import_runs ORDER BY id"


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of four, so that a few mails fill several."""
    monkeypatch.setattr("backend.services.importing.listing.DATED_PAGE", 4)
    monkeypatch.setattr("backend.google.gmail.PAGE", 4)


def mails(office: Office, count: int) -> list[str]:
    return [office.receives(**{"from": DANA, "subject": f"Mail {n}"}) for n in range(count)]


def lose_cursor(office: Office, box: MailboxId) -> None:
    """Gmail forgets where we stopped; a job finds out."""
    office.simulator.post("/simulator/faults", {"kind": "history_expired"})
    office.deps.jobs.enqueue(JobName.SYNC_MAILBOX, *office.key(box))
    office.work()


def audit(office: Office, box: MailboxId) -> None:
    office.deps.jobs.enqueue(JobName.AUDIT_MAILBOX, *office.key(box))
    office.work()


def missed_by_history(office: Office, box: MailboxId, count: int) -> list[str]:
    """Mail that history never told of, because our cursor jumped over it."""
    came = mails(office, count)
    history_was_silent(office, box)
    return came


@pytest.mark.usefixtures("small_pages")
def test_a_resync_brings_all_that_was_missed_however_much(quiet_office: Office) -> None:
    office = quiet_office
    mails(office, 3)
    box = office.connected()
    missed = mails(office, 21)
    lose_cursor(office, box)
    known = {one for (one,) in office.rows("SELECT gmail_id FROM message_copies")}
    assert known >= set(missed)
    assert office.value("SELECT count(*) FROM messages") == 24
    assert office.value("SELECT state FROM mailboxes WHERE id = %s", box) == "live"
    assert office.rows(RUNS) == [("import", 0, True), ("resync", 0, True)]


@pytest.mark.contract("H-1")
@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("way", [lose_cursor, audit])
def test_labels_and_deletions_nobody_told_of_are_found(way: object, quiet_office: Office) -> None:
    office = quiet_office
    ids = mails(office, 9)
    box = office.connected()
    gone, read, starred, binned, *same = ids
    account = office.gmail()
    account.delete(f"messages/{gone}")
    account.post(f"messages/{read}/modify", {"removeLabelIds": ["UNREAD"]})
    account.post(f"messages/{starred}/modify", {"addLabelIds": ["STARRED"]})
    account.post(f"messages/{binned}/trash", {})
    missed_by_history(office, box, 0)
    before = labels(office)
    assert callable(way)
    way(office, box)
    after = labels(office)
    assert office.rows("SELECT gmail_id FROM message_copies WHERE deleted_at IS NOT NULL") == [
        (gone,)
    ]
    assert before[read] - after[read] == {"UNREAD"}
    assert after[starred] - before[starred] == {"STARRED"}
    assert "TRASH" in after[binned]
    assert {one: after[one] for one in same} == {one: before[one] for one in same}
    assert office.value("SELECT count(*) FROM messages") == 9


def labels(office: Office) -> dict[str, set[str]]:
    found = office.rows("SELECT gmail_id, labels FROM message_copies")
    return {gmail_id: set(names) for gmail_id, names in found}


def test_an_audit_finds_what_was_missed_and_tells_how_much(quiet_office: Office) -> None:
    office = quiet_office
    mails(office, 6)
    box = office.connected()
    missing_for_an_hour = missed_by_history(office, box, 2)
    later = office.later(hours=1)
    audit(later, box)
    assert set(missing_for_an_hour) <= set(labels(office))
    assert office.rows(RUNS) == [("import", 0, True), ("audit", 2, True)]
    figures = {figure.name: figure.values for figure in metrics.figures(later.deps)}
    assert figures["rapport_audited_messages"] == {"looked_at": 8, "missing": 2}
    audit(office.later(hours=2), box)
    assert office.rows(RUNS)[-1] == ("audit", 0, True)


def test_an_audit_leaves_out_what_the_import_left_out(quiet_office: Office) -> None:
    office = quiet_office
    choose(office, "import.mode", "none")
    old = office.receives(**{"from": DANA, "date": "2026-01-01T08:00:00Z"})
    box = office.connected()
    audit(office, box)
    assert office.rows("SELECT gmail_id, reason FROM decisions") == [(old, "outside_import")]
    calls = used(office, "messages.get")
    audit(office, box)
    assert used(office, "messages.get") == calls


def used(office: Office, method: str) -> int:
    answer = requests.get(f"{office.simulator.root}/simulator/usage", timeout=10).json()
    return int(answer["users"][ROBIN]["calls"].get(f"gmail.users.{method}", 0))


def test_audits_begin_in_the_night_each_mailbox_at_its_own_minute(quiet_office: Office) -> None:
    office = quiet_office
    for email in (ROBIN, KIM):
        office.connected(email)
    audits = "SELECT mailbox_id, count(*) FROM import_runs WHERE kind = 'audit' GROUP BY 1"
    office.sweep()
    assert office.rows(audits) == []  # the first tick of a new installation starts none
    for hours in range(STEP, 25, STEP):
        before = len(office.rows(audits))
        office.later(hours=hours).sweep()
        if len(office.rows(audits)) > before:
            assert office.later(hours=hours).deps.now().hour < NIGHT.total_seconds() / 3600 + STEP
    assert [count for _, count in office.rows(audits)] == [1, 1]
