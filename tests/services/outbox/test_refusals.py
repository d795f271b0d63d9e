"""Refusals that are not the mail's fault: it waits, says why, and leaves by itself."""

from typing import Any

import pytest

from backend.domain.reasons import Reason
from backend.queries.mailboxes.listing import my_mailbox
from backend.queries.pending.opened import pending_detail
from backend.services import composing
from backend.services.importing.syncing import sync_mailbox
from tests.services.outbox.sender import Sender
from tests.support.company import ROBIN

POLICY = {
    "code": 403,
    "reason": "domainPolicy",
    "message": "The domain administrators have disabled Gmail apps.",
}
STATE = "SELECT state, sealed_token IS NOT NULL FROM mailboxes"


def calm(sender: Sender) -> None:
    sender.company.simulator.clear_faults()


def standing(sender: Sender, *rows: Any) -> set[tuple[str, str | None]]:
    return {(sender.row(one)["state"], sender.row(one)["reason"]) for one in rows}


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
def test_what_passes_only_makes_the_mail_wait(sender: Sender, answer: dict[str, Any]) -> None:
    sender.fault("status", params=answer)
    pending_id = sender.start()
    sender.send()
    row = sender.row(pending_id)
    assert (row["state"], row["reason"]) == ("scheduled", Reason.PROVIDER_TROUBLE.value)
    assert str(answer["code"]) in row["reason_details"]["answer"]
    sender.send()
    assert sender.left() == []
    sender.passes(minutes=3).send()
    assert (sender.state(pending_id), len(sender.left(pending_id))) == ("sent", 1)


def test_what_never_passes_is_held_after_two_days_until_its_author_has_seen_it(
    sender: Sender,
) -> None:
    sender.fault("status", params={"code": 412}, times=14)
    pending_id = sender.start()
    sender.send()
    for _ in range(13):  # a mailbox that sends nothing for four hours would count as down
        assert standing(sender, pending_id) == {("scheduled", Reason.PROVIDER_TROUBLE.value)}
        sender.passes(hours=3, minutes=50).send()
    assert standing(sender, pending_id) == {("held", Reason.REFUSED_FOR_DAYS.value)}
    line = pending_detail(sender.deps, sender.actor, pending_id).line
    assert "Held because it failed for 2 days: " in line.why
    assert "412" in line.why
    composing.release(sender.deps, sender.actor, pending_id=pending_id, version=line.version)
    sender.send()
    assert (sender.state(pending_id), len(sender.left())) == ("sent", 1)


def test_pauses_grow_and_shrink_once_something_left(sender: Sender) -> None:
    sender.fault("status", params={"code": 403, "html": True}, times=6)
    pending_id = sender.start()
    waits = []
    for _ in range(6):
        sender.send()
        leaves_at = sender.leaves_at(pending_id)
        assert leaves_at is not None
        waits.append((leaves_at - sender.moment).total_seconds())
        sender.passes(seconds=waits[-1] + 1)
    assert waits[:4] == sorted(waits[:4])
    assert (waits[0] < 80, waits[3] > 300, max(waits) <= 12 * 60) == (True, True, True)
    sender.send()
    assert sender.state(pending_id) == "sent"
    assert sender.company.value("SELECT send_troubles FROM mailboxes") == 0


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
    sender: Sender, code: int, named: str, least: int, most: int
) -> None:
    sender.fault("status", params={"code": code, "retry_after": named})
    pending_id = sender.start()
    sender.send()
    leaves_at = sender.leaves_at(pending_id)
    assert leaves_at is not None
    assert least < (leaves_at - sender.moment).total_seconds() <= most + 5


def test_mail_behind_one_in_doubt_waits_as_long_as_was_asked(sender: Sender) -> None:
    sender.fault("status", params={"code": 503, "retry_after": "900"})
    doubtful, behind = sender.start(), sender.passes(seconds=1).start()
    sender.send()
    assert sender.state(doubtful) == "unknown"
    leaves_at = sender.leaves_at(behind)
    assert leaves_at is not None
    assert 800 < (leaves_at - sender.moment).total_seconds() <= 1000


def test_a_policy_of_the_domain_holds_the_queue_until_it_is_lifted(sender: Sender) -> None:
    sender.fault("status", params=POLICY, times=99)
    rows = [sender.passes(seconds=1).start() for _ in range(3)]
    for minutes in (0, 2, 5, *[65] * 5):
        sender.passes(minutes=minutes).send()
    assert {sender.state(one) for one in rows} == {"scheduled"}
    # The next to leave shows Google's answer; those behind it leave a minute apart after it.
    assert standing(sender, rows[0]) == {("scheduled", Reason.SENDING_REFUSED.value)}
    assert "disabled Gmail apps" in sender.row(rows[0])["reason_details"]["answer"]
    told = my_mailbox(sender.deps, sender.actor)
    assert told is not None
    assert "disabled Gmail apps" in str(told.explanation)
    calm(sender)
    for _ in rows:
        sender.passes(minutes=75).send()
    assert [sender.state(one) for one in rows] == ["sent"] * 3
    assert len(sender.left()) == 3


def test_mail_of_a_blocked_mailbox_leaves_by_itself_once_google_allows_it(sender: Sender) -> None:
    company = sender.company
    pending_id = sender.start()
    sender.fault("status", match="/gmail/", params=POLICY, times=99)
    for minutes in (0, 2):
        company.later(minutes=minutes).deps.google.cache.forget(sender.mailbox_id)
        sender.passes(minutes=minutes)
        syncing(sender)
    assert company.rows(STATE) == [("blocked", True)]
    sender.send()
    assert standing(sender, pending_id) == {("held", Reason.MAILBOX_BLOCKED.value)}
    calm(sender)
    sender.passes(hours=6)
    office_then = company.later(hours=6, minutes=3)
    office_then.sweep()
    assert company.rows(STATE) == [("live", True)]
    sender.moment = office_then.deps.now()
    sender.send()
    assert (sender.state(pending_id), len(sender.left())) == ("sent", 1)


def syncing(sender: Sender) -> None:
    sync_mailbox(sender.deps, *sender.company.key(sender.mailbox_id))


@pytest.mark.parametrize("match", ["token endpoint", "send"])
def test_a_revoked_mailbox_is_flagged_at_once_and_holds_its_mail(
    sender: Sender, match: str
) -> None:
    pending_id = sender.start()
    if match == "token endpoint":
        sender.deps.google.cache.forget(sender.mailbox_id)
    sender.company.simulator.post(
        "/simulator/faults", {"kind": "token_revoke", "match": {"user": ROBIN}}
    )
    sender.send()
    assert standing(sender, pending_id) == {("scheduled", Reason.SENDING_REFUSED.value)}
    told = my_mailbox(sender.deps, sender.actor)
    assert told is not None
    assert told.reconnects
    assert "Connect it again" in str(told.explanation)
    sender.passes(seconds=65).send()
    assert sender.company.rows(STATE) == [("disconnected", False)]
    assert standing(sender, pending_id) == {("held", Reason.MAILBOX_DISCONNECTED.value)}
    assert sender.left() == []
    sender.company.connected(ROBIN)
    sender.send()  # as the sentence promises
    assert sender.state(pending_id) == "sent"


def test_one_refusal_of_the_token_endpoint_holds_nothing(sender: Sender) -> None:
    pending_id = sender.start()
    sender.deps.google.cache.forget(sender.mailbox_id)
    sender.fault("invalid_grant", match="/token", times=1)
    sender.send()
    assert sender.state(pending_id) == "scheduled"
    sender.passes(seconds=65).send()
    assert (sender.state(pending_id), len(sender.left())) == ("sent", 1)
    assert sender.company.rows(STATE) == [("live", True)]


def test_a_missing_permission_to_send_is_for_its_owner_once_it_is_seen_again(
    sender: Sender,
) -> None:
    sender.fault("status", params={"code": 403, "reason": "insufficientPermissions"}, times=2)
    pending_id = sender.start()
    sender.send()
    assert standing(sender, pending_id) == {("scheduled", Reason.SENDING_REFUSED.value)}
    sender.passes(minutes=2).send()
    assert standing(sender, pending_id) == {("held", Reason.SCOPE_MISSING.value)}
    assert sender.left() == []


def test_an_unreadable_yes_is_doubt_and_is_settled_by_looking(sender: Sender) -> None:
    sender.fault("garbled", params={"mode": "page"})
    pending_id = sender.start()
    sender.send()
    assert sender.state(pending_id) == "unknown"
    sender.passes(minutes=3).settle()
    assert (sender.state(pending_id), len(sender.left())) == ("sent", 1)
