"""Notifications that do not come: polled every minute until one does, and said so."""

from backend.queries.health import health
from backend.services import connecting
from backend.services.importing.syncing import remember_hint
from tests.support.office import DANA, ROBIN, Office


def calls(office: Office, method: str) -> int:
    return int(office.simulator.usage(ROBIN)["calls"].get(f"gmail.users.{method}", 0))


def has(office: Office, gmail_id: str) -> bool:
    return bool(office.rows("SELECT FROM decisions WHERE gmail_id = %s", gmail_id))


def shown(office: Office) -> str:
    [line] = health(office.deps, office.actor()).mailboxes
    return line.push


def test_a_lost_notification_is_found_by_the_poll_and_watched_for_anew(
    quiet_office: Office,
) -> None:
    office = quiet_office
    office.connected()
    assert shown(office) == ""
    first = office.receives(**{"from": DANA})
    office.later(minutes=15.1).sweep()
    assert has(office, first)
    assert calls(office, "watch") == 1  # it may still be on its way
    office.later(minutes=16).sweep()
    assert calls(office, "stop") == 1
    assert calls(office, "watch") == 2
    assert "no notification" in shown(office)
    second = office.receives(**{"from": DANA})
    office.later(minutes=16.5).sweep()
    assert not has(office, second)
    office.later(minutes=17.5).sweep()
    assert has(office, second)
    units = office.simulator.usage(ROBIN)["units"]
    for minute in range(5):
        office.later(minutes=19 + minute).sweep()
    assert office.simulator.usage(ROBIN)["units"] - units == 5 * 2
    office.later(minutes=90).sweep()
    assert calls(office, "stop") == 2  # asked for again after an hour of silence


def test_the_first_notification_ends_it(quiet_office: Office) -> None:
    office = quiet_office
    office.connected()
    mail = office.receives(**{"from": DANA})
    office.later(minutes=15.1).sweep()
    office.later(minutes=16).sweep()
    assert office.value("SELECT poll_because FROM mailboxes") == "push_lost"
    late = office.later(minutes=17)
    remember_hint(late.deps, email=ROBIN, history_id=10**6)
    late.work()
    assert has(office, mail)
    assert office.value("SELECT poll_because FROM mailboxes") is None
    assert shown(office) == ""
    assert (
        office.value("SELECT extract(minute FROM poll_at - last_success_at) FROM mailboxes") >= 14
    )


def test_a_notification_that_comes_a_little_later_was_not_lost(quiet_office: Office) -> None:
    office = quiet_office
    office.connected()
    office.receives(**{"from": DANA})
    office.later(minutes=15.1).sweep()
    profile = office.gmail().get("profile")
    remember_hint(
        office.later(minutes=15.2).deps, email=ROBIN, history_id=int(profile["historyId"])
    )
    office.later(minutes=20).sweep()
    assert calls(office, "stop") == 0
    assert office.value("SELECT poll_because FROM mailboxes") is None


ONE_CLIENT = (
    "Only one user push notification client allowed per developer (call /stop then try again)"
)


def refuse_watch(office: Office, times: int | None, **params: object) -> None:
    fault = {"kind": "status", "match": "users.watch", "params": params, "times": times}
    office.simulator.post("/simulator/faults", fault)


def test_a_watch_that_gmail_still_holds_is_ended_and_asked_for_anew(quiet_office: Office) -> None:
    office = quiet_office
    refuse_watch(office, 1, code=400, message=ONE_CLIENT)
    office.connected()
    assert (calls(office, "stop"), calls(office, "watch"), shown(office)) == (1, 1, "")
    assert office.value("SELECT watch_expires_at > now() FROM mailboxes")


def test_notifications_are_on_at_once_after_connecting_again(quiet_office: Office) -> None:
    office = quiet_office
    box = office.connected()
    connecting.disconnect(office.deps, office.actor(), mailbox_id=box)
    office.connected()
    assert calls(office, "watch") == 2
    assert office.value("SELECT watch_expires_at > now() FROM mailboxes")


def test_refused_notifications_are_polled_for_and_asked_for_again(quiet_office: Office) -> None:
    office = quiet_office
    refuse_watch(office, 2, code=400, reason="invalidArgument", message="Invalid topicName")
    office.connected()
    assert "Invalid topicName" in shown(office)
    mail = office.receives(**{"from": DANA})
    office.later(minutes=1.1).sweep()
    assert has(office, mail)
    office.later(minutes=12).sweep()
    assert (calls(office, "watch"), shown(office) == "") == (1, False)
