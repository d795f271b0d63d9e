"""A message that Gmail does not hand out: it stops nothing, is shown, and is asked for again."""

import pytest

from backend.jobs import JobName
from tests.support.faults import killed_by_a_message, killed_while_listing
from tests.support.office import DANA, Office

RUNS = "SELECT kind, scanned, kept, failed, finished_at IS NOT NULL FROM import_runs ORDER BY id"
ASIDE = "SELECT gmail_id, detail FROM quarantine"


def refused(office: Office, gmail_id: str, times: int) -> None:
    """Gmail answers the next gets of one message with its own failure."""
    fault = {
        "kind": "status",
        "match": {"method": "messages.get", "message": gmail_id},
        "params": {"code": 503},
        "times": times,
    }
    office.simulator.post("/simulator/faults", fault)


def imported_but_one(office: Office) -> str:
    """The import of two mails is over, and one was set aside."""
    _, bad = (office.receives(**{"from": DANA, "subject": subject}) for subject in ("Good", "Bad"))
    refused(office, bad, 4)
    office.connect()
    office.work()
    for minutes in (1, 10):
        office.later(minutes=minutes).sweep()
        assert office.rows(ASIDE) == []
    office.later(minutes=40).sweep()
    said = "Gmail did not answer properly (503: The service is currently unavailable.)."
    assert office.rows(ASIDE) == [(bad, said)]
    return bad


def test_one_message_that_gmail_cannot_hand_out_does_not_hold_up_the_import(
    quiet_office: Office,
) -> None:
    office = quiet_office
    bad = imported_but_one(office)
    assert office.rows(RUNS) == [("import", 2, 1, 1, True)]
    decided = office.value(
        "SELECT outcome || ':' || reason FROM decisions WHERE gmail_id = %s", bad
    )
    assert decided == "quarantined:cannot_parse"
    assert office.value("SELECT state FROM mailboxes") == "live"


def test_the_nightly_audit_asks_for_it_again(quiet_office: Office) -> None:
    office = quiet_office
    bad = imported_but_one(office)
    key = office.rows("SELECT workspace_id, id FROM mailboxes")[0]
    office.deps.jobs.enqueue(JobName.AUDIT_MAILBOX, *key)
    office.work()
    assert office.rows(ASIDE) == []
    assert office.value("SELECT outcome FROM decisions WHERE gmail_id = %s", bad) == "kept"
    assert office.value("SELECT count(*) FROM messages") == 2


def test_a_mail_that_came_alone_into_a_short_outage_is_here_in_minutes(
    quiet_office: Office,
) -> None:
    office = quiet_office
    box = office.connected()
    mail = office.receives(**{"from": DANA})
    refused(office, mail, 2)
    office.deps.jobs.enqueue(JobName.SYNC_MAILBOX, *office.key(box))
    office.work()
    for minutes in (1, 4):
        office.later(minutes=minutes).sweep()
    assert office.rows("SELECT gmail_id, outcome FROM decisions") == [(mail, "kept")]


def test_what_workers_ended_at_is_left_alone(quiet_office: Office) -> None:
    office = quiet_office
    imported_but_one(office)
    killed_by_a_message(office, times=5)
    key = office.rows("SELECT workspace_id, id FROM mailboxes")[0]
    office.deps.jobs.enqueue(JobName.AUDIT_MAILBOX, *key)
    office.work()
    assert len(office.rows(ASIDE)) == 1
    assert office.value("SELECT count(*) FROM messages") == 1


def test_an_outage_of_all_sets_nothing_aside(quiet_office: Office) -> None:
    office = quiet_office
    ids = [office.receives(**{"from": DANA, "subject": f"Mail {n}"}) for n in range(3)]
    for gmail_id in ids:
        refused(office, gmail_id, 5)
    office.connect()
    office.work()
    for minutes in range(1, 8):
        office.later(minutes=minutes).sweep()
    assert office.rows(ASIDE) == []
    assert office.value("SELECT count(*) FROM messages") == 3


@pytest.mark.parametrize("since", [None, "2020-01-01"], ids=["a number", "back to a day"])
def test_a_run_whose_place_gmail_forgot_starts_over(
    since: str | None, quiet_office: Office
) -> None:
    office = quiet_office
    for number in range(3):
        office.receives(**{"from": DANA, "subject": f"Mail {number}"})
    office.connect()
    killed_while_listing(office, since=since)
    fault = {"kind": "status", "match": "messages.list", "params": {"code": 400}, "times": 1}
    office.simulator.post("/simulator/faults", fault)
    office.work()
    office.later(minutes=1).sweep()
    assert office.value("SELECT count(*) FROM messages") == 3
    assert office.rows(RUNS) == [("import", 3, 3, 0, True)]
