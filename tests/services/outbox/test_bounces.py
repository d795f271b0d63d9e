"""Reports on mail of ours: kept once, held against the right address, honoured before sending."""

import base64
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.domain.ids import ConversationId, PendingId
from backend.domain.paging import ListQuery
from backend.domain.reasons import Reason
from backend.errors import InputError, NotAllowed, SettledAlready
from backend.queries.conversations.opened import opened_conversation
from backend.queries.home import undelivered
from backend.queries.pending.opened import pending_detail
from backend.queries.stopped_addresses import stopped_addresses
from backend.services import composing, suppressing
from backend.simulator.mail.bounce import FATES, UNKNOWN, Fate, bounce_for
from tests.services.outbox.sender import Sender, known_as, sent_to
from tests.support.company import ANA, DANA, KIM, ROBIN, STRANGER

GONE = "nobody.home@northwind.example"
FULL = "full@northwind.example"
FAILED = "Could not be delivered to nobody.home@northwind.example: no such address"


def reported(
    sender: Sender,
    pending_id: PendingId,
    failed: str,
    fate: Fate = UNKNOWN,
    *,
    to: tuple[str, ...] = (ROBIN,),
    at: datetime | None = None,
    by: str = "googlemail.com",
) -> None:
    """A mail system reports on a mail of ours, at some time, to some of us."""
    [sent] = sender.left(pending_id)
    raw = sender.company.gmail(sender.email).get(f"messages/{sent['id']}", format="raw")["raw"]
    at = at or sender.moment
    report = bounce_for(
        base64.urlsafe_b64decode(raw + "=="),
        sender.email,
        failed=failed,
        fate=fate,
        at_ms=int(at.timestamp() * 1000),
    )
    report = report.replace(b"daemon@googlemail.com", b"daemon@" + by.encode(), 1)
    sender.company.receives(*to, raw_base64=base64.b64encode(report).decode(), date=at.isoformat())
    sender.sync()


def stops(sender: Sender) -> list[tuple[Any, ...]]:
    return sender.company.rows("SELECT key, reason FROM suppressions WHERE ended_at IS NULL")


def test_a_report_stands_in_the_conversation_of_its_mail_and_says_who_failed(
    sender: Sender,
) -> None:
    pending_id = sent_to(sender, known_as(sender, GONE))
    conversation = sender.company.value("SELECT DISTINCT conversation_id FROM messages")
    view = opened_conversation(sender.deps, sender.actor, ConversationId(conversation))
    mail, report = view.messages
    assert [one.sentence.partition(" (")[0] for one in mail.failures] == [FAILED]
    assert (report.mail_kind, report.state_note) == ("bounce", "Mail came back")
    assert view.reply_to == GONE  # and not the mail server, which wrote last
    shown = pending_detail(sender.deps, sender.actor, pending_id)
    assert FAILED in shown.line.why
    assert any(FAILED in step.sentence for step in shown.steps)
    [line] = undelivered(sender.deps, sender.actor)
    assert (line.who, line.complaint) == ("Dana Reyes, Northwind Traders", False)
    assert line.conversation_id == view.line.id
    assert undelivered(sender.company.later(days=20).deps, sender.actor) == ()


@pytest.mark.contract("M7")
def test_who_does_not_exist_gets_no_more_mail_until_a_person_says_so(sender: Sender) -> None:
    known_as(sender, GONE)
    later = sender.moment + timedelta(days=1)
    alone, together = sender.start(GONE, due_at=later), sender.start(DANA, GONE, due_at=later)
    spared = sender.start(GONE, due_at=later + timedelta(days=1))
    sent_to(sender, GONE)
    assert stops(sender) == [(GONE, "bounced")]
    with pytest.raises(InputError) as refused:
        sender.start(GONE)
    assert "mail to it came back as undeliverable" in refused.value.fields["to"]
    told = composing.look_at_recipients(sender.deps, sender.actor, {"to": [DANA], "cc": [GONE]})
    assert list(told) == ["cc"]
    sender.company.work()
    for one in (alone, together, spared):
        line = pending_detail(sender.deps, sender.actor, one).line
        assert (line.state, line.leaves_at) == ("scheduled", None)
        assert "It won't leave as it is" in line.why
    sender.passes(days=1).send()
    assert sender.row(alone)["reason"] == Reason.SUPPRESSED_BOUNCE.value
    assert sender.state(alone) == "discarded"
    assert sender.row(together)["reason"] == Reason.RECIPIENT_BLOCKED.value
    assert sender.state(together) == "held"
    [stop] = stopped_addresses(sender.deps, sender.actor, ListQuery()).items
    suppressing.lift(sender.deps, sender.actor, suppression_id=stop.id)
    assert sender.state(together) == "scheduled", "it was held for what is no longer true"
    sender.company.work()
    assert sender.leaves_at(spared) is not None


def test_the_same_report_in_three_mailboxes_counts_once(
    sender: Sender, other_sender: Sender
) -> None:
    pending_id = sent_to(sender, DANA)
    for _ in range(2):
        reported(sender, pending_id, DANA, FATES["full"], to=(ROBIN, KIM))
        other_sender.sync()
    assert sender.company.rows("SELECT key, outcome FROM bounces") == [(DANA, "soft")]
    assert stops(sender) == []


def test_passing_failures_stop_mail_on_the_third_day_and_end_when_the_address_writes(
    sender: Sender,
) -> None:
    begun = sender.moment
    for days in (9, 8, 8, 7):  # twice on one day is one day
        assert stops(sender) == []
        sent = sent_to(sender.passes(minutes=2), DANA)
        reported(sender, sent, DANA, FATES["full"], at=begun - timedelta(days=days))
    assert stops(sender) == [(DANA, "bounced")]
    sender.company.receives(ROBIN, **{"from": f"Dana <{DANA}>", "subject": "I am back"})
    sender.sync()
    assert stops(sender) == []
    # An address that does not exist is not brought back so: anybody can write any sender.
    sent = sender.company.value("SELECT id FROM pending_messages ORDER BY created_at LIMIT 1")
    reported(sender, sent, DANA, at=sender.company.deps.now())
    assert stops(sender) == [(DANA, "bounced")]
    sender.company.receives(ROBIN, **{"from": f"Dana <{DANA}>", "subject": "Pay here"})
    sender.sync()
    assert stops(sender) == [(DANA, "bounced")]


@pytest.mark.parametrize("fate", ["slow", "refused"])
def test_a_delay_and_a_refused_mail_blame_nobody(sender: Sender, fate: str) -> None:
    sent_to(sender, known_as(sender, f"{fate}@northwind.example"))
    assert stops(sender) == []
    assert sender.company.rows(
        "SELECT count(*), count(DISTINCT conversation_id) FROM messages"
    ) == [(2, 1)]
    assert len(undelivered(sender.deps, sender.actor)) == (0 if fate == "slow" else 1)
    sender.start(f"{fate}@northwind.example", nonce="again")


def test_a_complaint_stops_mail_and_only_an_admin_lifts_it(sender: Sender) -> None:
    sent_to(sender, known_as(sender, "complains@northwind.example"))
    assert stops(sender) == [("complains@northwind.example", "complained")]
    [line] = stopped_addresses(sender.deps, sender.actor, ListQuery()).items
    assert not line.may_lift
    with pytest.raises(NotAllowed):
        suppressing.lift(sender.deps, sender.actor, suppression_id=line.id)
    suppressing.lift(sender.deps, sender.company.actor(ANA), suppression_id=line.id)
    assert stops(sender) == []


def test_what_a_person_lifted_is_set_again_by_a_later_report_only(sender: Sender) -> None:
    sent = sent_to(sender, DANA)
    reported(sender, sent, DANA, at=sender.moment - timedelta(days=3))
    [line] = stopped_addresses(sender.deps, sender.actor, ListQuery(search="dana@")).items
    assert line.because is not None
    assert "no such address" in line.because
    suppressing.lift(sender.deps, sender.actor, suppression_id=line.id)
    with pytest.raises(SettledAlready):
        suppressing.lift(sender.deps, sender.actor, suppression_id=line.id)
    lifted = ListQuery(filters={"state": "lifted"})
    [line] = stopped_addresses(sender.deps, sender.actor, lifted).items
    assert (line.lifted_by, line.lifted_at) == ("Robin Vale", sender.moment)
    reported(sender, sent, DANA, at=sender.moment - timedelta(days=2))
    second = sent_to(sender.passes(minutes=2), DANA)
    reported(sender, second, DANA, at=sender.moment - timedelta(days=1))
    assert stops(sender) == []
    third = sent_to(sender.passes(minutes=2), DANA)
    reported(sender, third, DANA, at=sender.company.deps.now())
    assert stops(sender) == [(DANA, "bounced")]


def test_a_report_that_cites_no_mail_of_ours_is_left_out_and_not_obeyed(sender: Sender) -> None:
    text = "Subject: Undelivered\r\nMessage-ID: <made-up@evil.example>\r\n\r\nHello"
    report = bounce_for(text.encode(), ROBIN, failed=DANA, fate=UNKNOWN, at_ms=0)
    sender.company.receives(ROBIN, raw_base64=base64.b64encode(report).decode())
    sender.sync()
    assert stops(sender) == []
    assert sender.company.rows("SELECT outcome, reason FROM decisions") == [
        ("skipped", Reason.REPORT_ON_OTHER_MAIL.value)
    ]
    assert "made-up" not in sender.company.dump()
    assert sender.company.rows("SELECT * FROM bounces") == []


def test_a_report_on_mail_to_somebody_else_is_told_and_not_obeyed(sender: Sender) -> None:
    """A recipient knows the ids of the mail, and may have it forwarded, or mean harm."""
    known_as(sender, "mei@northwind.example")
    sent = sent_to(sender, "mei@northwind.example")
    reported(sender, sent, DANA)
    assert stops(sender) == []
    assert sender.company.rows("SELECT key, counts FROM bounces") == [(DANA, False)]
    assert (
        f"Could not be delivered to {DANA}"
        in pending_detail(sender.deps, sender.actor, sent).line.why
    )


@pytest.mark.parametrize("system", ["googlemail.com", "mx.northwind.example"])
def test_about_one_of_several_a_report_needs_a_sender_that_may_speak_for_it(
    sender: Sender, system: str
) -> None:
    """Another recipient of the message could forge such a report."""
    known_as(sender, "mei@northwind.example")
    sent = sent_to(sender, DANA, "mei@northwind.example")
    reported(sender, sent, DANA, by="evil.example")
    assert stops(sender) == []
    assert sender.company.rows("SELECT key, outcome, counts FROM bounces") == [(DANA, "soft", True)]
    reported(sender, sent, DANA, by=system, at=sender.moment + timedelta(minutes=1))
    assert stops(sender) == [(DANA, "bounced")]


def test_a_mail_that_only_claims_to_be_ours_proves_nothing(sender: Sender) -> None:
    """From a stranger's server, with our address in From, to a contact of ours."""
    forged = {"from": f"Robin <{ROBIN}>", "headers": {"Message-ID": "<forged@evil.example>"}}
    sender.company.receives(ROBIN, DANA, **forged)
    sender.sync()
    assert sender.company.value("SELECT count(*) FROM messages") == 1
    text = "Message-ID: <forged@evil.example>\r\n\r\nHello"
    report = bounce_for(text.encode(), ROBIN, failed=DANA, fate=UNKNOWN, at_ms=0)
    sender.company.receives(ROBIN, raw_base64=base64.b64encode(report).decode())
    sender.sync()
    assert stops(sender) == []


def test_a_report_that_is_read_before_its_mail_finds_its_conversation(sender: Sender) -> None:
    """An import reads the newest mail first."""
    known_as(sender, GONE)
    text = f"From: {ROBIN}\r\nTo: {GONE}\r\nSubject: By hand\r\n\r\nHello\r\n"
    raw = base64.urlsafe_b64encode(text.encode()).decode()
    sent = sender.company.gmail().post("messages/send", {"raw": raw})
    sender.sync()
    sender.company.sweep()
    rows = sender.company.rows("SELECT mail_kind, conversation_id FROM messages ORDER BY sent_at")
    assert [kind for kind, _ in rows] == ["human", "bounce"]
    assert len({conversation for _, conversation in rows}) == 1
    assert (sent["labelIds"], stops(sender)) == (["SENT"], [(GONE, "bounced")])


def test_a_stranger_gets_no_answer_from_a_report(sender: Sender) -> None:
    """A mail of ours that nobody known is on is not kept, and neither is what came back of it."""
    text = (
        f"From: {ROBIN}\r\nTo: {STRANGER.replace('lee', 'nobody')}\r\nSubject: x\r\n\r\nHello\r\n"
    )
    raw = base64.urlsafe_b64encode(text.encode()).decode()
    sender.company.gmail().post("messages/send", {"raw": raw})
    sender.sync()
    assert sender.company.value("SELECT count(*) FROM messages") == 0
    assert "nobody@" not in sender.company.dump()
