"""Notifications that do not come: polled every minute until one does, and said so."""

import pytest

from backend.queries.health import health
from backend.services import connecting
from backend.services.importing.syncing import remember_hint
from tests.support.company import DANA, ROBIN, Company


def calls(company: Company, method: str) -> int:
    return int(company.simulator.usage(ROBIN)["calls"].get(f"gmail.users.{method}", 0))


def has(company: Company, gmail_id: str) -> bool:
    return bool(company.rows("SELECT FROM decisions WHERE gmail_id = %s", gmail_id))


def shown(company: Company) -> str:
    [line] = health(company.deps, company.actor()).mailboxes
    return line.push


def test_a_lost_notification_is_found_by_the_poll_and_watched_for_anew(
    quiet_company: Company,
) -> None:
    company = quiet_company
    company.connected()
    assert shown(company) == ""
    first = company.receives(**{"from": DANA})
    company.later(minutes=15.1).sweep()
    assert has(company, first)
    assert calls(company, "watch") == 1  # it may still be on its way
    company.later(minutes=16).sweep()
    assert calls(company, "stop") == 1
    assert calls(company, "watch") == 2
    assert "no notification" in shown(company)
    second = company.receives(**{"from": DANA})
    company.later(minutes=16.5).sweep()
    assert not has(company, second)
    company.later(minutes=17.5).sweep()
    assert has(company, second)
    units = company.simulator.usage(ROBIN)["units"]
    for minute in range(5):
        company.later(minutes=19 + minute).sweep()
    assert company.simulator.usage(ROBIN)["units"] - units == 5 * 2
    company.later(minutes=90).sweep()
    assert calls(company, "stop") == 2  # asked for again after an hour of silence


def test_the_first_notification_ends_it(quiet_company: Company) -> None:
    company = quiet_company
    company.connected()
    mail = company.receives(**{"from": DANA})
    company.later(minutes=15.1).sweep()
    company.later(minutes=16).sweep()
    assert company.value("SELECT poll_because FROM mailboxes") == "push_lost"
    late = company.later(minutes=17)
    remember_hint(late.deps, email=ROBIN, history_id=10**6)
    late.work()
    assert has(company, mail)
    assert company.value("SELECT poll_because FROM mailboxes") is None
    assert shown(company) == ""
    assert (
        company.value("SELECT extract(minute FROM poll_at - last_success_at) FROM mailboxes") >= 14
    )


def test_a_notification_that_comes_a_little_later_was_not_lost(quiet_company: Company) -> None:
    company = quiet_company
    company.connected()
    company.receives(**{"from": DANA})
    company.later(minutes=15.1).sweep()
    profile = company.gmail().get("profile")
    remember_hint(
        company.later(minutes=15.2).deps, email=ROBIN, history_id=int(profile["historyId"])
    )
    company.later(minutes=20).sweep()
    assert calls(company, "stop") == 0
    assert company.value("SELECT poll_because FROM mailboxes") is None


ONE_CLIENT = (
    "Only one user push notification client allowed per developer (call /stop then try again)"
)


def refuse_watch(company: Company, times: int | None, **params: object) -> None:
    fault = {"kind": "status", "match": "users.watch", "params": params, "times": times}
    company.simulator.post("/simulator/faults", fault)


@pytest.mark.parametrize("reason", ["invalidArgument", "failedPrecondition"])
def test_a_watch_that_gmail_still_holds_is_ended_and_asked_for_anew(
    quiet_company: Company, reason: str
) -> None:
    company = quiet_company
    refuse_watch(company, 1, code=400, reason=reason, message=ONE_CLIENT)
    company.connected()
    assert (calls(company, "stop"), calls(company, "watch"), shown(company)) == (1, 1, "")
    assert company.value("SELECT watch_expires_at > now() FROM mailboxes")


def test_notifications_are_on_at_once_after_connecting_again(quiet_company: Company) -> None:
    company = quiet_company
    box = company.connected()
    connecting.disconnect(company.deps, company.actor(), mailbox_id=box)
    assert shown(company) == "Off until the mailbox is connected again"
    company.connected()
    assert calls(company, "watch") == 2
    assert company.value("SELECT watch_expires_at > now() FROM mailboxes")


def test_refused_notifications_are_polled_for_and_asked_for_again(quiet_company: Company) -> None:
    company = quiet_company
    refuse_watch(company, 2, code=400, reason="invalidArgument", message="Invalid topicName")
    company.connected()
    assert "Invalid topicName" in shown(company)
    mail = company.receives(**{"from": DANA})
    company.later(minutes=1.1).sweep()
    assert has(company, mail)
    company.later(minutes=12).sweep()
    assert (calls(company, "watch"), shown(company) == "") == (1, False)
