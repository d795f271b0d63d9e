"""Refusals that are not the mail's fault: it waits, says why, and leaves by itself."""

from typing import Any

import pytest
import requests

from backend.domain.reasons import Reason
from backend.queries.mailboxes.listing import my_mailbox
from backend.queries.pending.opened import pending_detail
from backend.services import composing
from backend.services.importing.syncing import sync_mailbox
from tests.services.outbox.desk import Desk
from tests.support.office import ROBIN

POLICY = {
    "code": 403,
    "reason": "domainPolicy",
    "message": "The domain administrators have disabled Gmail apps.",
}
STATE = "SELECT state, sealed_token IS NOT NULL FROM mailboxes"


def calm(desk: Desk) -> None:
    requests.delete(f"{desk.office.simulator.root}/simulator/faults", timeout=20)


def standing(desk: Desk, *rows: Any) -> set[tuple[str, str | None]]:
    return {(desk.row(one)["state"], desk.row(one)["reason"]) for one in rows}


@pytest.mark.parametrize(
    "answer",
    [
        {"code": 400, "reason": "failedPrecondition", "message": "Precondition check failed."},
        {"code": 403, "html": True},
        {"code": 404, "html": True},
        {"code": 412},
    ],
    ids=str,
)
def test_what_passes_only_makes_the_mail_wait(desk: Desk, answer: dict[str, Any]) -> None:
    desk.fault("status", params=answer)
    pending_id = desk.start()
    desk.send()
    row = desk.row(pending_id)
    assert (row["state"], row["reason"]) == ("scheduled", Reason.PROVIDER_TROUBLE.value)
    assert str(answer["code"]) in row["reason_details"]["answer"]
    desk.send()
    assert desk.left() == []
    desk.passes(minutes=3).send()
    assert (desk.state(pending_id), len(desk.left(pending_id))) == ("sent", 1)


def test_what_never_passes_is_held_after_two_days_until_its_author_has_seen_it(
    desk: Desk,
) -> None:
    desk.fault("status", params={"code": 412}, times=14)
    pending_id = desk.start()
    desk.send()
    for _ in range(13):  # a mailbox that sends nothing for four hours would count as down
        assert standing(desk, pending_id) == {("scheduled", Reason.PROVIDER_TROUBLE.value)}
        desk.passes(hours=3, minutes=50).send()
    assert standing(desk, pending_id) == {("held", Reason.REFUSED_FOR_DAYS.value)}
    line = pending_detail(desk.deps, desk.actor, pending_id).line
    assert "Held because it failed for 2 days: " in line.why
    assert "412" in line.why
    composing.release(desk.deps, desk.actor, pending_id=pending_id, version=line.version)
    desk.send()
    assert (desk.state(pending_id), len(desk.left())) == ("sent", 1)


def test_pauses_grow_and_shrink_once_something_left(desk: Desk) -> None:
    desk.fault("status", params={"code": 403, "html": True}, times=6)
    pending_id = desk.start()
    waits = []
    for _ in range(6):
        desk.send()
        leaves_at = desk.leaves_at(pending_id)
        assert leaves_at is not None
        waits.append((leaves_at - desk.moment).total_seconds())
        desk.passes(seconds=waits[-1] + 1)
    assert waits[:4] == sorted(waits[:4])
    assert (waits[0] < 80, waits[3] > 300, max(waits) <= 12 * 60) == (True, True, True)
    desk.send()
    assert desk.state(pending_id) == "sent"
    assert desk.office.value("SELECT send_troubles FROM mailboxes") == 0


FAR, HOUR, DAY = "Wed, 01 Dec 2100 08:05:00 GMT", 3600, 24 * 3600


@pytest.mark.parametrize(
    ("code", "named", "least", "most"),
    [
        (429, "1800", 1700, 1801),
        (429, FAR, DAY - 60, DAY),
        (412, FAR, HOUR - 60, HOUR),  # it passes, and is no limit of a day
        (403, "-5", 40, 80),
        (429, "Tue, 06 Jan 2015 08:05:00 GMT", 40, 80),
        (429, "soon", 40, 80),
    ],
)
def test_retry_after_is_obeyed_where_it_can_be_meant(
    desk: Desk, code: int, named: str, least: int, most: int
) -> None:
    desk.fault("status", params={"code": code, "retry_after": named})
    pending_id = desk.start()
    desk.send()
    leaves_at = desk.leaves_at(pending_id)
    assert leaves_at is not None
    assert least < (leaves_at - desk.moment).total_seconds() <= most + 5


def test_mail_behind_one_in_doubt_waits_as_long_as_was_asked(desk: Desk) -> None:
    desk.fault("status", params={"code": 503, "retry_after": "900"})
    doubtful, behind = desk.start(), desk.passes(seconds=1).start()
    desk.send()
    assert desk.state(doubtful) == "unknown"
    leaves_at = desk.leaves_at(behind)
    assert leaves_at is not None
    assert 800 < (leaves_at - desk.moment).total_seconds() <= 1000


def test_a_policy_of_the_domain_holds_the_queue_until_it_is_lifted(desk: Desk) -> None:
    desk.fault("status", params=POLICY, times=99)
    rows = [desk.passes(seconds=1).start() for _ in range(3)]
    for minutes in (0, 2, 5, *[65] * 5):
        desk.passes(minutes=minutes).send()
    assert {desk.state(one) for one in rows} == {"scheduled"}
    # The next to leave says what Google said; those behind it leave a minute apart after it.
    assert standing(desk, rows[0]) == {("scheduled", Reason.SENDING_REFUSED.value)}
    assert "disabled Gmail apps" in desk.row(rows[0])["reason_details"]["answer"]
    told = my_mailbox(desk.deps, desk.actor)
    assert told is not None
    assert "disabled Gmail apps" in str(told.explanation)
    calm(desk)
    for _ in rows:
        desk.passes(minutes=75).send()
    assert [desk.state(one) for one in rows] == ["sent"] * 3
    assert len(desk.left()) == 3


def test_mail_of_a_blocked_mailbox_leaves_by_itself_once_google_allows_it(desk: Desk) -> None:
    office = desk.office
    pending_id = desk.start()
    desk.fault("status", match="/gmail/", params=POLICY, times=99)
    for minutes in (0, 2):
        office.later(minutes=minutes).deps.google.cache.forget(desk.mailbox_id)
        desk.passes(minutes=minutes)
        syncing(desk)
    assert office.rows(STATE) == [("blocked", True)]
    desk.send()
    assert standing(desk, pending_id) == {("held", Reason.MAILBOX_BLOCKED.value)}
    calm(desk)
    desk.passes(hours=6)
    office_then = office.later(hours=6, minutes=3)
    office_then.sweep()
    assert office.rows(STATE) == [("live", True)]
    desk.moment = office_then.deps.now()
    desk.send()
    assert (desk.state(pending_id), len(desk.left())) == ("sent", 1)


def syncing(desk: Desk) -> None:
    sync_mailbox(desk.deps, *desk.office.key(desk.mailbox_id))


@pytest.mark.parametrize("match", ["token endpoint", "send"])
def test_a_revoked_mailbox_is_flagged_at_once_and_holds_its_mail(desk: Desk, match: str) -> None:
    pending_id = desk.start()
    if match == "token endpoint":
        desk.deps.google.cache.forget(desk.mailbox_id)
    desk.office.simulator.post(
        "/simulator/faults", {"kind": "token_revoke", "match": {"user": ROBIN}}
    )
    desk.send()
    assert standing(desk, pending_id) == {("scheduled", Reason.SENDING_REFUSED.value)}
    told = my_mailbox(desk.deps, desk.actor)
    assert told is not None
    assert told.reconnects
    assert "Connect it again" in str(told.explanation)
    desk.passes(seconds=65).send()
    assert desk.office.rows(STATE) == [("disconnected", False)]
    assert standing(desk, pending_id) == {("held", Reason.MAILBOX_DISCONNECTED.value)}
    assert desk.left() == []


def test_one_refusal_of_the_token_endpoint_holds_nothing(desk: Desk) -> None:
    pending_id = desk.start()
    desk.deps.google.cache.forget(desk.mailbox_id)
    desk.fault("invalid_grant", match="/token", times=1)
    desk.send()
    assert desk.state(pending_id) == "scheduled"
    desk.passes(seconds=65).send()
    assert (desk.state(pending_id), len(desk.left())) == ("sent", 1)
    assert desk.office.rows(STATE) == [("live", True)]


def test_a_missing_permission_to_send_is_for_its_owner_once_it_is_seen_again(desk: Desk) -> None:
    desk.fault("status", params={"code": 403, "reason": "insufficientPermissions"}, times=2)
    pending_id = desk.start()
    desk.send()
    assert standing(desk, pending_id) == {("scheduled", Reason.SENDING_REFUSED.value)}
    desk.passes(minutes=2).send()
    assert standing(desk, pending_id) == {("held", Reason.SCOPE_MISSING.value)}
    assert desk.left() == []


def test_an_unreadable_yes_is_doubt_and_is_settled_by_looking(desk: Desk) -> None:
    desk.fault("garbled", params={"mode": "page"})
    pending_id = desk.start()
    desk.send()
    assert desk.state(pending_id) == "unknown"
    desk.passes(minutes=3).settle()
    assert (desk.state(pending_id), len(desk.left())) == ("sent", 1)
