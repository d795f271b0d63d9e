"""Pending mail is changed by who may, as it was shown to them, until it leaves."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from backend.domain.ids import PendingId
from backend.errors import Conflict, InputError, NotAllowed
from backend.services import composing
from tests.services.outbox.desk import Desk, draft
from tests.support.company import give_role
from tests.support.office import KIM, STRANGER

Change = Callable[[Desk, PendingId, int], None]


def edit(desk: Desk, pending_id: PendingId, version: int) -> None:
    changed = draft(subject="Other", body_text="Other words.")
    composing.edit(desk.deps, desk.actor, pending_id=pending_id, draft=changed, version=version)


def reschedule(desk: Desk, pending_id: PendingId, version: int) -> None:
    due = desk.moment + timedelta(days=3)
    composing.reschedule(desk.deps, desk.actor, pending_id=pending_id, due_at=due, version=version)


def send_now(desk: Desk, pending_id: PendingId, version: int) -> None:
    composing.send_now(desk.deps, desk.actor, pending_id=pending_id, version=version)


def release(desk: Desk, pending_id: PendingId, version: int) -> None:
    composing.release(desk.deps, desk.actor, pending_id=pending_id, version=version)


def cancel(desk: Desk, pending_id: PendingId, version: int) -> None:
    composing.cancel(desk.deps, desk.actor, pending_id=pending_id, version=version)


CHANGES = [edit, reschedule, send_now, release, cancel]


def waiting(desk: Desk) -> PendingId:
    return desk.start(due_at=desk.moment + timedelta(days=1))


def test_a_change_of_what_is_no_longer_shown_is_refused(desk: Desk) -> None:
    pending_id = waiting(desk)
    edit(desk, pending_id, 1)
    for change in CHANGES:
        with pytest.raises(Conflict, match="Somebody changed"):
            change(desk, pending_id, 1)
    assert desk.version(pending_id) == 2


def test_what_has_left_is_not_changed(desk: Desk) -> None:
    pending_id = desk.start()
    desk.send()
    for change in CHANGES:
        with pytest.raises(Conflict, match="It has left"):
            change(desk, pending_id, 1)


def test_what_may_have_left_is_not_changed(desk: Desk) -> None:
    pending_id = desk.start()
    desk.fault("status", params={"code": 503})
    desk.send()
    for change in CHANGES:
        with pytest.raises(Conflict, match="may have left"):
            change(desk, pending_id, 1)


def test_members_change_their_own_mail_only(desk: Desk, other_desk: Desk) -> None:
    pending_id = waiting(desk)
    give_role(desk.office, KIM, "member")
    for change in CHANGES:
        with pytest.raises(NotAllowed):
            change(other_desk, pending_id, 1)
    give_role(desk.office, KIM, "leader")
    del other_desk.actor  # signed in anew, with the new role
    reschedule(other_desk, pending_id, 1)
    assert desk.row(pending_id)["edited_by"] == other_desk.actor.member_id


@pytest.mark.contract("VC-35", "VC-54")
def test_an_edit_changes_what_leaves(desk: Desk) -> None:
    pending_id, untouched = waiting(desk), waiting(desk)
    edit(desk, pending_id, 1)
    desk.passes(days=1).send()
    desk.passes(minutes=2).send()
    assert desk.copy(pending_id)["Subject"] == "Other"
    assert desk.copy(untouched)["Subject"] == "Renewal"


def test_an_edit_does_not_reach_strangers_either(desk: Desk) -> None:
    with pytest.raises(InputError):
        composing.edit(
            desk.deps, desk.actor, pending_id=waiting(desk), draft=draft(STRANGER), version=1
        )


@pytest.mark.contract("VC-56")
def test_a_new_date_is_the_one_that_counts(desk: Desk) -> None:
    pending_id = waiting(desk)
    reschedule(desk, pending_id, 1)
    desk.passes(days=1).send()
    assert desk.left() == []
    desk.passes(days=2).send()
    assert len(desk.left(pending_id)) == 1


@pytest.mark.contract("VC-57", "VC-35")
def test_what_was_deleted_never_leaves(desk: Desk) -> None:
    pending_id = waiting(desk)
    cancel(desk, pending_id, 1)
    desk.passes(days=2).send()
    assert (desk.state(pending_id), desk.left()) == ("cancelled", [])


@pytest.mark.contract("VC-55")
def test_send_now_leaves_at_once(desk: Desk) -> None:
    pending_id = waiting(desk)
    send_now(desk, pending_id, 1)
    desk.send()
    assert len(desk.left(pending_id)) == 1


def test_two_people_change_two_mails_of_one_mailbox_at_once(desk: Desk) -> None:
    """Without a turn to plan each would wait for the row that the other holds."""
    rows = [waiting(desk) for _ in range(4)]

    def change_often(pending_id: PendingId) -> int:
        for version in range(1, 9):
            reschedule(desk, pending_id, version)
        return desk.version(pending_id)

    with ThreadPoolExecutor(4) as people:
        assert list(people.map(change_often, rows)) == [9, 9, 9, 9]
