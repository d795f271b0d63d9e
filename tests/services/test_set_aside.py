"""A message that Gmail does not hand out: it stops nothing, is shown, and is asked for again."""

import pytest

from backend.jobs import JobName
from tests.support.company import DANA, Company
from tests.support.faults import killed_by_a_message, killed_while_listing

RUNS = "SELECT kind, scanned, kept, failed, finished_at IS NOT NULL FROM import_runs ORDER BY id"
ASIDE = "SELECT gmail_id, detail FROM quarantine"


def refused(company: Company, gmail_id: str, times: int) -> None:
    """Gmail answers the next gets of one message with its own failure."""
    fault = {
        "kind": "status",
        "match": {"method": "messages.get", "message": gmail_id},
        "params": {"code": 503},
        "times": times,
    }
    company.simulator.post("/simulator/faults", fault)


def imported_but_one(company: Company) -> str:
    """The import of two mails is over, and one was set aside."""
    _, bad = (company.receives(**{"from": DANA, "subject": subject}) for subject in ("Good", "Bad"))
    refused(company, bad, 4)
    company.connect()
    company.work()
    for minutes in (1, 10):
        company.later(minutes=minutes).sweep()
        assert company.rows(ASIDE) == []
    company.later(minutes=40).sweep()
    said = "Gmail did not answer properly (503: The service is currently unavailable.)."
    assert company.rows(ASIDE) == [(bad, said)]
    return bad


def test_one_message_that_gmail_cannot_hand_out_does_not_hold_up_the_import(
    quiet_company: Company,
) -> None:
    company = quiet_company
    bad = imported_but_one(company)
    assert company.rows(RUNS) == [("import", 2, 1, 1, True)]
    decided = company.value(
        "SELECT outcome || ':' || reason FROM decisions WHERE gmail_id = %s", bad
    )
    assert decided == "quarantined:cannot_parse"
    assert company.value("SELECT state FROM mailboxes") == "live"


def test_the_nightly_audit_asks_for_it_again(quiet_company: Company) -> None:
    company = quiet_company
    bad = imported_but_one(company)
    key = company.rows("SELECT workspace_id, id FROM mailboxes")[0]
    company.deps.jobs.enqueue(JobName.AUDIT_MAILBOX, *key)
    company.work()
    assert company.rows(ASIDE) == []
    assert company.value("SELECT outcome FROM decisions WHERE gmail_id = %s", bad) == "kept"
    assert company.value("SELECT count(*) FROM messages") == 2


def test_a_mail_that_came_alone_into_a_short_outage_is_here_in_minutes(
    quiet_company: Company,
) -> None:
    company = quiet_company
    box = company.connected()
    mail = company.receives(**{"from": DANA})
    refused(company, mail, 2)
    company.deps.jobs.enqueue(JobName.SYNC_MAILBOX, *company.key(box))
    company.work()
    for minutes in (1, 4):
        company.later(minutes=minutes).sweep()
    assert company.rows("SELECT gmail_id, outcome FROM decisions") == [(mail, "kept")]


def test_what_workers_ended_at_is_left_alone(quiet_company: Company) -> None:
    company = quiet_company
    imported_but_one(company)
    killed_by_a_message(company, times=5)
    key = company.rows("SELECT workspace_id, id FROM mailboxes")[0]
    company.deps.jobs.enqueue(JobName.AUDIT_MAILBOX, *key)
    company.work()
    assert len(company.rows(ASIDE)) == 1
    assert company.value("SELECT count(*) FROM messages") == 1


def test_an_outage_of_all_sets_nothing_aside(quiet_company: Company) -> None:
    company = quiet_company
    ids = [company.receives(**{"from": DANA, "subject": f"Mail {n}"}) for n in range(3)]
    for gmail_id in ids:
        refused(company, gmail_id, 5)
    company.connect()
    company.work()
    for minutes in range(1, 8):
        company.later(minutes=minutes).sweep()
    assert company.rows(ASIDE) == []
    assert company.value("SELECT count(*) FROM messages") == 3


@pytest.mark.parametrize("since", [None, "2020-01-01"], ids=["a number", "back to a day"])
def test_a_run_whose_place_gmail_forgot_starts_over(
    since: str | None, quiet_company: Company
) -> None:
    company = quiet_company
    for number in range(3):
        company.receives(**{"from": DANA, "subject": f"Mail {number}"})
    company.connect()
    killed_while_listing(company, since=since)
    fault = {"kind": "status", "match": "messages.list", "params": {"code": 400}, "times": 1}
    company.simulator.post("/simulator/faults", fault)
    company.work()
    company.later(minutes=1).sweep()
    assert company.value("SELECT count(*) FROM messages") == 3
    assert company.rows(RUNS) == [("import", 3, 3, 0, True)]
