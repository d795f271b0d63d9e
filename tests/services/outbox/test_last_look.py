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
from tests.services.outbox.sender import Sender, known_as, sent_to
from tests.services.outbox.test_replying import asked_by_dana
from tests.support.company import ANA, DANA, KIM, ROBIN
from tests.support.decisions import disconnect_gmail, remove_member


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("nobody.home@northwind.example", Reason.SUPPRESSED_BOUNCE),
        ("complains@northwind.example", Reason.SUPPRESSED_COMPLAINT),
    ],
)
def test_whoever_must_not_be_written_to_is_not(
    sender: Sender, address: str, reason: Reason
) -> None:
    known_as(sender, address)
    waits = sender.start(address, due_at=sender.moment + timedelta(hours=1))
    sent_to(sender, address)
    sender.passes(hours=1).send()
    row = sender.row(waits)
    assert (row["state"], row["reason"], sender.left(waits)) == ("discarded", reason.value, [])


@pytest.mark.contract("VC-82")
def test_an_unsubscribe_does_not_stop_what_offers_none(sender: Sender) -> None:
    pending_id = sender.start()
    number = sender.company.value("SELECT contact_id FROM contact_addresses WHERE key = %s", DANA)
    gone = subscriptions.Subscription.UNSUBSCRIBED
    subscriptions.switch(sender.deps, sender.actor, contacts=[ContactId(number)], to=gone)
    sender.send()
    assert sender.state(pending_id) == "sent"


@pytest.mark.contract("VC-32", "VC-80")
def test_a_mail_to_one_address_can_be_left_by_a_mail_program_and_nothing_later_leaves(
    sender: Sender,
) -> None:
    public = replace(sender.company.deps, public_url="https://crm.example")
    sender.company = replace(sender.company, deps=public)
    admin = sender.company.actor(ANA)
    change_unsubscribes(sender.deps, admin, on=True, prefix="", link_text="Unsubscribe")
    first = sender.start()
    later = sender.start(due_at=sender.moment + timedelta(hours=1))
    sender.send()
    mail = sender.copy(first)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = str(mail["List-Unsubscribe"]).strip("<>")
    assert link.startswith("https://crm.example/u/")
    unsubscribes.unsubscribe(sender.deps, link.rpartition("/")[2])
    again = unsubscribes.unsubscribe(sender.deps, link.rpartition("/")[2])
    assert (again.address, again.is_gone) == (DANA, True)
    sender.passes(hours=1).send()
    row = sender.row(later)
    assert (row["state"], row["reason"]) == ("discarded", Reason.UNSUBSCRIBED.value)


def test_an_answer_that_came_meanwhile_holds_the_mail_for_its_author(sender: Sender) -> None:
    conversation = asked_by_dana(sender)
    pending_id = sender.reply(conversation, due_at=sender.moment + timedelta(days=1))
    asked_by_dana(sender, in_reply_to=[sender.company.value("SELECT rfc_id FROM messages LIMIT 1")])
    sender.passes(days=1).send()
    assert sender.row(pending_id)["reason"] == Reason.CONTACT_REPLIED.value
    assert sender.left() == []
    composing.release(sender.deps, sender.actor, pending_id=pending_id, version=1)
    sender.send()
    assert sender.state(pending_id) == "sent"


def test_mail_of_somebody_who_has_gone_waits_for_a_person(sender: Sender) -> None:
    pending_id = sender.start()
    remove_member(sender.company, ROBIN)
    assert sender.row(pending_id)["reason"] == Reason.SENDER_GONE.value
    leader = sender.company.actor(KIM)
    composing.release(
        sender.deps, leader, pending_id=pending_id, version=sender.version(pending_id)
    )
    sender.send()
    row = sender.row(pending_id)
    assert (row["state"], row["reason"], sender.left()) == ("held", Reason.SENDER_GONE.value, [])


def test_mail_that_is_hours_late_waits_for_a_person(sender: Sender) -> None:
    pending_id = sender.start()
    sender.passes(hours=5).send()
    row = sender.row(pending_id)
    assert (row["state"], row["reason"]) == ("held", Reason.LATE_AFTER_OUTAGE.value)


@pytest.mark.contract("V-36")
def test_a_disconnected_mailbox_sends_nothing(sender: Sender) -> None:
    pending_id = sender.start()
    disconnect_gmail(sender.company, sender.mailbox_id)
    sender.send()
    row = sender.row(pending_id)
    assert (row["state"], row["reason"], sender.left()) == ("held", "mailbox_disconnected", [])


def test_what_waited_for_the_mailbox_leaves_once_it_is_connected_again(sender: Sender) -> None:
    pending_id = sender.start()
    disconnect_gmail(sender.company, sender.mailbox_id)
    sender.send()
    assert sender.state(pending_id) == "held"

    sender.company.connect(ROBIN)
    sender.send()
    assert sender.state(pending_id) == "sent"


@pytest.mark.parametrize("field", ["to", "cc", "bcc"])
def test_the_author_is_told_at_the_field_who_must_not_be_written_to(
    sender: Sender, field: str
) -> None:
    gone = known_as(sender, "nobody.home@northwind.example")
    sent_to(sender, gone)
    copied: dict[str, Any] = {field: [*([DANA] if field == "to" else []), gone]}
    with pytest.raises(InputError) as refused:
        sender.start(**copied)
    told = refused.value.fields[field]
    assert f"{gone} can't be written to" in told
    assert f"undeliverable on {sender.moment:%-d %b %Y}" in told
    assert "another address" in told
    assert len(sender.states()) == 1
