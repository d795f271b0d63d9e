"""Pending mail is changed by who may, as it was shown to them, until it leaves."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from backend.domain.ids import PendingId
from backend.errors import Conflict, InputError, NotAllowed
from backend.services import composing
from tests.services.outbox.sender import Sender, draft
from tests.support.company import KIM, STRANGER
from tests.support.decisions import give_role

Change = Callable[[Sender, PendingId, int], None]


def edit(sender: Sender, pending_id: PendingId, version: int) -> None:
    changed = draft(subject="Other", body_text="Other words.")
    composing.edit(sender.deps, sender.actor, pending_id=pending_id, draft=changed, version=version)


def reschedule(sender: Sender, pending_id: PendingId, version: int) -> None:
    due = sender.moment + timedelta(days=3)
    composing.reschedule(
        sender.deps, sender.actor, pending_id=pending_id, due_at=due, version=version
    )


def send_now(sender: Sender, pending_id: PendingId, version: int) -> None:
    composing.send_now(sender.deps, sender.actor, pending_id=pending_id, version=version)


def release(sender: Sender, pending_id: PendingId, version: int) -> None:
    composing.release(sender.deps, sender.actor, pending_id=pending_id, version=version)


def cancel(sender: Sender, pending_id: PendingId, version: int) -> None:
    composing.cancel(sender.deps, sender.actor, pending_id=pending_id, version=version)


CHANGES = [edit, reschedule, send_now, release, cancel]


def waiting(sender: Sender) -> PendingId:
    return sender.start(due_at=sender.moment + timedelta(days=1))


def test_a_change_of_what_is_no_longer_shown_is_refused(sender: Sender) -> None:
    pending_id = waiting(sender)
    edit(sender, pending_id, 1)
    for change in CHANGES:
        said = "not held any more" if change is release else "You have changed"
        with pytest.raises(Conflict, match=said):
            change(sender, pending_id, 1)
    assert sender.version(pending_id) == 2


def test_what_has_left_is_not_changed(sender: Sender) -> None:
    pending_id = sender.start()
    sender.send()
    for change in CHANGES:
        with pytest.raises(Conflict, match="It has left"):
            change(sender, pending_id, 1)


def test_what_may_have_left_is_not_changed(sender: Sender) -> None:
    pending_id = sender.start()
    sender.fault("status", params={"code": 503})
    sender.send()
    for change in CHANGES:
        with pytest.raises(Conflict, match="may have left"):
            change(sender, pending_id, 1)


def test_members_change_their_own_mail_only(sender: Sender, other_sender: Sender) -> None:
    pending_id = waiting(sender)
    give_role(sender.company, KIM, "member")
    for change in CHANGES:
        with pytest.raises(NotAllowed):
            change(other_sender, pending_id, 1)
    give_role(sender.company, KIM, "leader")
    del other_sender.actor  # signed in again, with the new role
    reschedule(other_sender, pending_id, 1)
    assert sender.row(pending_id)["edited_by"] == other_sender.actor.member_id


@pytest.mark.contract("VC-35", "VC-54")
def test_an_edit_changes_what_leaves(sender: Sender) -> None:
    pending_id, untouched = waiting(sender), waiting(sender)
    edit(sender, pending_id, 1)
    sender.passes(days=1).send()
    sender.passes(minutes=2).send()
    assert sender.copy(pending_id)["Subject"] == "Other"
    assert sender.copy(untouched)["Subject"] == "Renewal"


def test_an_edit_does_not_reach_strangers_either(sender: Sender) -> None:
    with pytest.raises(InputError):
        composing.edit(
            sender.deps, sender.actor, pending_id=waiting(sender), draft=draft(STRANGER), version=1
        )


@pytest.mark.contract("VC-56")
def test_a_new_date_is_the_one_that_counts(sender: Sender) -> None:
    pending_id = waiting(sender)
    reschedule(sender, pending_id, 1)
    sender.passes(days=1).send()
    assert sender.left() == []
    sender.passes(days=2).send()
    assert len(sender.left(pending_id)) == 1


@pytest.mark.contract("VC-57", "VC-35")
def test_what_was_deleted_never_leaves(sender: Sender) -> None:
    pending_id = waiting(sender)
    cancel(sender, pending_id, 1)
    sender.passes(days=2).send()
    assert (sender.state(pending_id), sender.left()) == ("cancelled", [])


@pytest.mark.contract("VC-55")
def test_send_now_leaves_at_once(sender: Sender) -> None:
    pending_id = waiting(sender)
    send_now(sender, pending_id, 1)
    sender.send()
    assert len(sender.left(pending_id)) == 1


def test_two_people_change_two_mails_of_one_mailbox_at_once(sender: Sender) -> None:
    """Without a turn to plan each would wait for the row that the other holds."""
    rows = [waiting(sender) for _ in range(4)]

    def change_often(pending_id: PendingId) -> int:
        for version in range(1, 9):
            reschedule(sender, pending_id, version)
        return sender.version(pending_id)

    with ThreadPoolExecutor(4) as people:
        assert list(people.map(change_often, rows)) == [9, 9, 9, 9]
