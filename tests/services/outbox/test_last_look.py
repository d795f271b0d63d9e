"""What has changed between writing and leaving: at the last second mail is stopped or held."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from backend.domain.ids import ContactId
from backend.domain.reasons import Reason
from backend.errors import InputError
from backend.services import composing, subscriptions, unsubscribes
from backend.services.settings import change_unsubscribes
from tests.services.outbox.desk import Desk, known_as, sent_to
from tests.services.outbox.test_replying import asked_by_dana
from tests.support.company import disconnect_gmail, remove_member
from tests.support.office import ANA, DANA, KIM, ROBIN


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("nobody.home@northwind.example", Reason.SUPPRESSED_BOUNCE),
        ("complains@northwind.example", Reason.SUPPRESSED_COMPLAINT),
    ],
)
def test_whoever_must_not_be_written_to_is_not(desk: Desk, address: str, reason: Reason) -> None:
    known_as(desk, address)
    waits = desk.start(address, due_at=desk.moment + timedelta(hours=1))
    sent_to(desk, address)
    desk.passes(hours=1).send()
    row = desk.row(waits)
    assert (row["state"], row["reason"], desk.left(waits)) == ("discarded", reason.value, [])


@pytest.mark.contract("VC-82")
def test_an_unsubscribe_does_not_stop_what_offers_none(desk: Desk) -> None:
    pending_id = desk.start()
    number = desk.office.value("SELECT contact_id FROM contact_addresses WHERE key = %s", DANA)
    gone = subscriptions.Subscription.UNSUBSCRIBED
    subscriptions.switch(desk.deps, desk.actor, contacts=[ContactId(number)], to=gone)
    desk.send()
    assert desk.state(pending_id) == "sent"


@pytest.mark.contract("VC-32", "VC-80")
def test_a_mail_to_one_address_can_be_left_by_a_mail_program_and_nothing_later_leaves(
    desk: Desk,
) -> None:
    public = replace(desk.office.deps, public_url="https://crm.example")
    desk.office = replace(desk.office, deps=public)
    admin = desk.office.actor(ANA)
    change_unsubscribes(desk.deps, admin, on=True, prefix="", link_text="Unsubscribe")
    first = desk.start()
    later = desk.start(due_at=desk.moment + timedelta(hours=1))
    desk.send()
    mail = desk.copy(first)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = str(mail["List-Unsubscribe"]).strip("<>")
    assert link.startswith("https://crm.example/u/")
    unsubscribes.unsubscribe(desk.deps, link.rpartition("/")[2])
    again = unsubscribes.unsubscribe(desk.deps, link.rpartition("/")[2])
    assert (again.address, again.is_gone) == (DANA, True)
    desk.passes(hours=1).send()
    row = desk.row(later)
    assert (row["state"], row["reason"]) == ("discarded", Reason.UNSUBSCRIBED.value)


def test_an_answer_that_came_meanwhile_holds_the_mail_for_its_author(desk: Desk) -> None:
    conversation = asked_by_dana(desk)
    pending_id = desk.reply(conversation, due_at=desk.moment + timedelta(days=1))
    asked_by_dana(desk, in_reply_to=[desk.office.value("SELECT rfc_id FROM messages LIMIT 1")])
    desk.passes(days=1).send()
    assert desk.row(pending_id)["reason"] == Reason.CONTACT_REPLIED.value
    assert desk.left() == []
    composing.release(desk.deps, desk.actor, pending_id=pending_id, version=1)
    desk.send()
    assert desk.state(pending_id) == "sent"


def test_mail_of_somebody_who_has_gone_waits_for_a_person(desk: Desk) -> None:
    pending_id = desk.start()
    remove_member(desk.office, ROBIN)
    assert desk.row(pending_id)["reason"] == Reason.SENDER_GONE.value
    leader = desk.office.actor(KIM)
    composing.release(desk.deps, leader, pending_id=pending_id, version=desk.version(pending_id))
    desk.send()
    assert (desk.state(pending_id), desk.left()) == ("held", [])


def test_mail_that_is_hours_late_waits_for_a_person(desk: Desk) -> None:
    pending_id = desk.start()
    desk.passes(hours=5).send()
    row = desk.row(pending_id)
    assert (row["state"], row["reason"]) == ("held", Reason.LATE_AFTER_OUTAGE.value)


@pytest.mark.contract("V-36")
def test_a_disconnected_mailbox_sends_nothing(desk: Desk) -> None:
    pending_id = desk.start()
    disconnect_gmail(desk.office, desk.mailbox_id)
    desk.send()
    row = desk.row(pending_id)
    assert (row["state"], row["reason"], desk.left()) == ("held", "mailbox_disconnected", [])


def test_what_waited_for_the_mailbox_leaves_once_it_is_connected_again(desk: Desk) -> None:
    pending_id = desk.start()
    disconnect_gmail(desk.office, desk.mailbox_id)
    desk.send()
    assert desk.state(pending_id) == "held"

    desk.office.connect(ROBIN)
    desk.send()
    assert desk.state(pending_id) == "sent"


@pytest.mark.parametrize("field", ["to", "cc", "bcc"])
def test_the_author_is_told_at_the_field_who_must_not_be_written_to(desk: Desk, field: str) -> None:
    gone = known_as(desk, "nobody.home@northwind.example")
    sent_to(desk, gone)
    copied: dict[str, Any] = {field: [*([DANA] if field == "to" else []), gone]}
    with pytest.raises(InputError) as refused:
        desk.start(**copied)
    told = refused.value.fields[field]
    assert f"{gone} can't be written to" in told
    assert f"undeliverable on {desk.moment:%-d %b %Y}" in told
    assert "another address" in told
    assert len(desk.states()) == 1
