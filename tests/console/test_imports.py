"""Imports and health: progress that stops asking by itself, and what was left out and why."""

import pytest

from backend.jobs import JobName
from backend.services import scheduler
from tests.console.conftest import Visitor, member
from tests.support.company import DANA, KIM, ROBIN, Company
from tests.support.decisions import choose
from tests.support.faults import history_was_silent


@pytest.mark.contract("S-8", "V-13", "D-33")
def test_a_running_import_is_asked_for_until_it_has_ended(
    robin: Visitor, quiet_company: Company
) -> None:
    quiet_company.receives(ROBIN, **{"from": DANA, "subject": "Pilot"})
    quiet_company.receives(ROBIN, **{"from": "lee@else.example", "subject": "Offer"})
    quiet_company.connect(ROBIN)
    run = quiet_company.value("SELECT id FROM import_runs")
    htmx = {"HX-Request": "true"}
    region = robin.get(f"/imports/{run}", **htmx)
    assert region.status_code == 200
    assert 'hx-trigger="every 3s"' in region.get_data(as_text=True)
    assert "May take up to 24 hours" in region.get_data(as_text=True)
    for landing in ("/", "/settings/email"):
        page = robin.get(landing).get_data(as_text=True)
        assert page.count(f'hx-get="/imports/{run}" hx-trigger="every 3s"') == 1, landing
        assert 'hx-get="/imports/pill" hx-trigger="every 5s"' in page
    quiet_company.work()
    ended = robin.get(f"/imports/{run}", **htmx)
    assert ended.status_code == 286
    assert "every 3s" not in ended.get_data(as_text=True)
    assert "hx-get" not in robin.get("/imports/pill").get_data(as_text=True)
    text = robin.page(f"/imports/{run}")
    assert "2 of 2 messages looked at, 1 kept" in text
    assert "Nobody on it is a known contact 1" in text
    assert "every reply counts as one message" in text
    assert "Reaches back to" in text


def test_an_import_can_be_stopped_and_started_again(robin: Visitor, quiet_company: Company) -> None:
    quiet_company.connect(ROBIN)
    run = quiet_company.value("SELECT id FROM import_runs")
    assert f'action="/imports/{run}/stop"' in robin.get("/imports").get_data(as_text=True)
    assert "Stopped by Robin Vale" in robin.follow(robin.post(f"/imports/{run}/stop"))
    assert f'action="/imports/{run}/stop"' not in robin.get("/imports").get_data(as_text=True)
    assert "has ended already" in robin.follow(robin.post(f"/imports/{run}/stop"))
    assert "The import has started." in robin.follow(robin.post("/imports"))
    assert "is running already" in robin.follow(robin.post("/imports"))


@pytest.mark.contract("D-1")
def test_the_page_says_what_the_workspace_imports(robin: Visitor, quiet_company: Company) -> None:
    said = {
        "none": "new mail comes by itself. Nothing older is imported.",
        "last_n": "its 1,000 most recent messages are looked at.",
        "last_days": "its mail of the last 183 days is looked at.",
    }
    for mode, promise in said.items():
        choose(quiet_company, "import.mode", mode)
        assert f"Connect your Gmail, and {promise}" in robin.page("/imports")
    quiet_company.receives(ROBIN, **{"from": DANA})
    quiet_company.connect(ROBIN)
    run = quiet_company.value("SELECT id FROM import_runs")
    assert "Goes back to" in robin.page(f"/imports/{run}")
    assert "stops at mail older than 183 days" in robin.page(f"/imports/{run}")


def test_an_audit_says_whether_anything_had_been_missed(
    robin: Visitor, quiet_company: Company
) -> None:
    for number in range(2):
        quiet_company.receives(ROBIN, **{"from": DANA, "subject": f"There {number}"})
    quiet_company.connected(ROBIN)
    box = quiet_company.value("SELECT id FROM mailboxes WHERE email = %s", ROBIN)
    for missed in (0, 3):
        for number in range(missed):
            quiet_company.receives(ROBIN, **{"from": DANA, "subject": f"Missed {number}"})
        history_was_silent(quiet_company, box)
        quiet_company.deps.jobs.enqueue(JobName.AUDIT_MAILBOX, *quiet_company.key(box))
        quiet_company.later(hours=1).work()
    audits = "SELECT id FROM import_runs WHERE kind = 'audit' ORDER BY id"
    [[first], [second]] = quiet_company.rows(audits)
    assert "Nothing had been missed." in robin.page(f"/imports/{first}")
    text = robin.page(f"/imports/{second}")
    assert "3 of them had been missed and are here now; 40.0 % had been complete." in text
    stop = f"/imports/{second}/stop"
    assert stop not in robin.get(f"/imports/{second}").get_data(as_text=True)


def test_the_import_of_another_member_is_not_for_members(
    robin: Visitor, quiet_company: Company
) -> None:
    quiet_company.connected(KIM)
    run = quiet_company.value("SELECT id FROM import_runs")
    assert robin.get(f"/imports/{run}").status_code == 404
    assert robin.post(f"/imports/{run}/stop").status_code == 403
    assert "kim@" not in robin.page("/imports")
    assert "kim@" in member(quiet_company, KIM).page("/imports")


def test_health_names_the_parts_to_admins_and_the_mailboxes_to_leaders(
    connected: Visitor, kim: Visitor, ana: Visitor
) -> None:
    text = ana.page("/health")
    assert "Works Postgres Answers. Version" in text
    assert "Works Redis" in text
    assert "Down Worker No worker reports." in text
    for leader in (ana, kim):
        assert "robin@lumenworks.example" in leader.page("/health")
    for other in (connected, kim):
        text = other.page("/health")
        assert "A part of Rapport does not work" in text
        assert not any(name in text for name in ("Postgres", "Redis", "Worker", "Installation"))
    assert "Every message could be read." in text


def test_health_says_how_completely_a_mailbox_is_known(
    robin: Visitor, quiet_company: Company
) -> None:
    quiet_company.receives(ROBIN, **{"from": DANA, "subject": "Pilot"})
    quiet_company.connected(ROBIN)
    text = robin.page("/health")
    assert "Complete 1 message decided, 0 unexplained Last compared with Gmail today" in text
    away = {"kind": "status", "match": "messages.get", "params": {"code": 503}, "times": 99}
    quiet_company.simulator.post("/simulator/faults", away)
    quiet_company.receives(ROBIN, **{"from": DANA, "subject": "Numbers"})
    quiet_company.later(minutes=16).sweep()
    text = member(quiet_company.later(hours=3, minutes=20), ROBIN).page("/health")
    assert "Not yet complete" in text
    assert "1 still to be fetched, the first since 3 hours ago" in text


def test_health_says_what_failed_last_and_what_to_do(
    connected: Visitor, quiet_company: Company
) -> None:
    refused = {"kind": "status", "match": "users.watch", "params": {"code": 400}, "times": 99}
    quiet_company.simulator.post("/simulator/faults", refused)
    quiet_company.later(days=6).sweep()
    assert "(400: Fault on demand)" in connected.page("/health")  # asked for push notifications
    revoked = {"kind": "token_revoke", "match": {"user": ROBIN}}
    quiet_company.simulator.post("/simulator/faults", revoked)
    for minutes in (61, 63, 65):
        quiet_company.later(days=6, minutes=minutes).sweep()
    text = connected.page("/health")
    assert "1 mailbox needs a look." in text
    assert "no longer has access to this mailbox" in text
    assert "connects it again under Settings, Email settings" in text


def test_health_counts_live_processes(ana: Visitor, quiet_company: Company) -> None:
    scheduler.beat(quiet_company.deps, "a", "worker prompt")
    scheduler.beat(quiet_company.deps, "b", "worker patient")
    scheduler.beat(quiet_company.later(hours=-1).deps, "c", "schedule")
    text = ana.page("/health")
    assert "Works Worker 2 running." in text
    assert "Down Schedule" in text


def test_a_mailbox_that_is_quiet_for_long_is_called_delayed(quiet_company: Company) -> None:
    quiet_company.connected(ROBIN)
    assert "Gmail delayed" not in member(quiet_company, ROBIN).page("/health")
    assert "Gmail delayed" in member(quiet_company.later(hours=2), ROBIN).page("/health")
