"""Imports and health: progress that stops asking by itself, and what was left out and why."""

import pytest

from tests.console.conftest import Visitor, member
from tests.support.office import DANA, KIM, ROBIN, Office


@pytest.mark.contract("S-8", "V-13", "D-33")
def test_a_running_import_is_asked_for_until_it_has_ended(
    robin: Visitor, quiet_office: Office
) -> None:
    quiet_office.receives(ROBIN, **{"from": DANA, "subject": "Pilot"})
    quiet_office.receives(ROBIN, **{"from": "lee@else.example", "subject": "Offer"})
    quiet_office.connect(ROBIN)
    run = quiet_office.value("SELECT id FROM import_runs")
    htmx = {"HX-Request": "true"}
    region = robin.get(f"/imports/{run}", **htmx)
    assert region.status_code == 200
    assert 'hx-trigger="every 3s"' in region.get_data(as_text=True)
    assert "May take up to 24 hours" in region.get_data(as_text=True)
    for landing in ("/", "/settings/email"):
        page = robin.get(landing).get_data(as_text=True)
        assert page.count(f'hx-get="/imports/{run}" hx-trigger="every 3s"') == 1, landing
        assert 'hx-get="/imports/pill" hx-trigger="every 5s"' in page
    quiet_office.work()
    ended = robin.get(f"/imports/{run}", **htmx)
    assert ended.status_code == 286
    assert "every 3s" not in ended.get_data(as_text=True)
    assert "hx-get" not in robin.get("/imports/pill").get_data(as_text=True)
    text = robin.page(f"/imports/{run}")
    assert "2 of 2 messages looked at, 1 kept" in text
    assert "Nobody on it is a known contact 1" in text
    assert "every reply counts as one message" in text
    assert "Reaches back to" in text


def test_an_import_can_be_stopped_and_started_again(robin: Visitor, quiet_office: Office) -> None:
    quiet_office.connect(ROBIN)
    run = quiet_office.value("SELECT id FROM import_runs")
    assert f'action="/imports/{run}/stop"' in robin.get("/imports").get_data(as_text=True)
    assert "Stopped by Robin Vale" in robin.follow(robin.post(f"/imports/{run}/stop"))
    assert f'action="/imports/{run}/stop"' not in robin.get("/imports").get_data(as_text=True)
    assert robin.post(f"/imports/{run}/stop").status_code == 409
    assert "The import has started." in robin.follow(robin.post("/imports"))
    assert robin.post("/imports").status_code == 409


@pytest.mark.contract("D-1")
def test_the_page_says_what_the_workspace_imports(robin: Visitor, quiet_office: Office) -> None:
    said = {
        "none": "new mail comes by itself. Nothing older is imported.",
        "last_n": "its 1,000 most recent messages are looked at.",
        "last_days": "its mail of the last 183 days is looked at.",
    }
    for mode, promise in said.items():
        quiet_office.run(
            "INSERT INTO policies (workspace_id, name, value, changed_at)"
            " SELECT id, 'import.mode', %s, now() FROM workspaces"
            " ON CONFLICT (workspace_id, name) DO UPDATE SET value = excluded.value",
            mode,
        )
        assert f"Connect your Gmail, and {promise}" in robin.page("/imports")
    quiet_office.receives(ROBIN, **{"from": DANA})
    quiet_office.connect(ROBIN)
    run = quiet_office.value("SELECT id FROM import_runs")
    assert "Goes back to" in robin.page(f"/imports/{run}")
    assert "stops at mail older than 183 days" in robin.page(f"/imports/{run}")


def test_an_audit_says_whether_anything_had_been_missed(
    connected: Visitor, quiet_office: Office
) -> None:
    box = quiet_office.value("SELECT id FROM mailboxes WHERE email = %s", ROBIN)
    quiet_office.run(
        "INSERT INTO import_runs (id, workspace_id, mailbox_id, kind, scanned, missed, started_at,"
        " heartbeat_at, finished_at) SELECT number, workspace_id, %s, 'audit', 200, missed, now(),"
        " now(), now() FROM (VALUES (901, 0), (902, 3)) AS v(number, missed), team_members"
        " WHERE email = %s",
        box,
        ROBIN,
    )
    assert "Nothing had been missed." in connected.page("/imports/901")
    text = connected.page("/imports/902")
    assert "3 of them had been missed and are here now; 98.5 % had been complete." in text
    assert "/imports/902/stop" not in connected.get("/imports/902").get_data(as_text=True)


def test_the_import_of_another_member_is_not_for_members(
    robin: Visitor, quiet_office: Office
) -> None:
    quiet_office.connected(KIM)
    run = quiet_office.value("SELECT id FROM import_runs")
    assert robin.get(f"/imports/{run}").status_code == 404
    assert robin.post(f"/imports/{run}/stop").status_code == 403
    assert "kim@" not in robin.page("/imports")
    assert "kim@" in member(quiet_office, KIM).page("/imports")


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
        assert "A part of Rapport does not answer" in text
        assert not any(name in text for name in ("Postgres", "Redis", "Worker", "Installation"))
    assert "Every message could be read." in text


def test_health_says_how_completely_a_mailbox_is_known(
    robin: Visitor, quiet_office: Office
) -> None:
    quiet_office.receives(ROBIN, **{"from": DANA, "subject": "Pilot"})
    quiet_office.connected(ROBIN)
    text = robin.page("/health")
    assert "Complete 1 message decided, 0 unexplained Last compared with Gmail today" in text
    quiet_office.run(
        "INSERT INTO to_fetch (workspace_id, mailbox_id, gmail_id, thread_id, path, priority,"
        " added_at) SELECT workspace_id, id, 'aa', 'aa', 'live', 0, now() - interval '3 hours'"
        " FROM mailboxes WHERE email LIKE 'robin%%'"
    )
    text = robin.page("/health")
    assert "Not yet complete" in text
    assert "1 still to be fetched, the first since 3 hours ago" in text


def test_health_says_what_failed_last_and_what_to_do(
    connected: Visitor, quiet_office: Office
) -> None:
    quiet_office.run(
        "UPDATE mailboxes SET state = 'disconnected', watch_error = 'Google refused the topic.',"
        " last_error_at = now() WHERE email LIKE 'robin%%'"
    )
    text = connected.page("/health")
    assert "1 mailbox needs a look." in text
    assert "no longer has access to this mailbox" in text
    assert "connects it again under Settings, Email settings" in text
    assert "Google refused the topic." in text


def test_health_counts_live_processes(ana: Visitor, quiet_office: Office) -> None:
    quiet_office.run(
        "INSERT INTO heartbeats (name, role, beaten_at) VALUES ('a', 'worker prompt', now()),"
        " ('b', 'worker patient', now()), ('c', 'schedule', now() - interval '1 hour')"
    )
    text = ana.page("/health")
    assert "Works Worker 2 running." in text
    assert "Down Schedule" in text


def test_a_mailbox_that_is_quiet_for_long_is_called_delayed(
    connected: Visitor, quiet_office: Office
) -> None:
    quiet_office.run(
        "UPDATE mailboxes SET last_success_at = now() - interval '2 hours', "
        "connected_at = now() - interval '2 days'"
    )
    assert "Gmail delayed" in connected.page("/health")
