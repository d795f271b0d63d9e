"""The meaning of labels, and what happens to a copy when they change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.mail.labels import is_outgoing, put_away
from backend.domain.sync.label_changes import (
    TRANSITIONS,
    LabelDelta,
    Place,
    delta_to,
    merged,
    place,
)

LABELS = st.frozensets(st.sampled_from(["INBOX", "UNREAD", "TRASH", "SPAM", "Label_7"]))


@given(LABELS, LABELS)
def test_applying_a_change_leads_to_the_listed_labels_however_often(
    stored: frozenset[str], listed: frozenset[str]
) -> None:
    delta = delta_to(stored, listed)
    once = merged(stored, delta, follow=True)
    assert once == listed
    assert merged(once, delta, follow=True) == listed


@pytest.mark.contract("D-22")
def test_labels_read_state_and_trash_are_followed() -> None:
    read = merged({"INBOX", "UNREAD"}, LabelDelta(removed=frozenset({"UNREAD"})), follow=True)
    assert read == {"INBOX"}
    trashed = LabelDelta(added=frozenset({"TRASH"}), removed=frozenset({"INBOX"}))
    assert place(merged(read, trashed, follow=True), deleted=False) is Place.TRASH


@pytest.mark.contract("D-22")
@given(LABELS, LABELS, LABELS)
def test_unless_the_workspace_does_not_follow_gmail(
    stored: frozenset[str], on: frozenset[str], off: frozenset[str]
) -> None:
    assert merged(stored, LabelDelta(on, off), follow=False) == stored


@pytest.mark.parametrize(
    ("labels", "deleted", "where"),
    [
        pytest.param({"INBOX", "UNREAD"}, False, Place.INBOX, id="in the inbox"),
        pytest.param({"UNREAD"}, False, Place.ARCHIVE, id="archived, though unread"),
        pytest.param(set(), False, Place.ARCHIVE, id="archived"),
        pytest.param({"TRASH", "INBOX"}, False, Place.TRASH, id="in the trash"),
        pytest.param({"SPAM"}, False, Place.SPAM, id="called spam"),
        pytest.param({"INBOX"}, True, Place.GONE, id="deleted for good, yet still here"),
    ],
)
def test_where_a_copy_lies(labels: set[str], where: Place, *, deleted: bool) -> None:
    assert place(labels, deleted=deleted) is where


def test_a_deletion_is_the_end_of_a_copy_and_every_other_move_is_possible() -> None:
    reached = {
        start: {after for before, after in TRANSITIONS if before is start} for start in Place
    }
    assert reached.pop(Place.GONE) == set()
    assert all(after == set(Place) - {start} for start, after in reached.items())


def test_mail_in_no_hidden_place_is_not_put_away() -> None:
    assert put_away({"INBOX"}) is None


@pytest.mark.parametrize(
    ("labels", "sender_is_ours", "outgoing"),
    [
        pytest.param({"SENT", "INBOX"}, True, True, id="a mail to oneself left"),
        pytest.param({"SENT"}, False, True, id="sent from an alias nobody listed"),
        pytest.param({"INBOX"}, True, True, id="the copy a colleague got of our mail"),
        pytest.param({"INBOX"}, False, False, id="received"),
        pytest.param(set(), False, False, id="received and archived"),
    ],
)
def test_direction(labels: set[str], *, sender_is_ours: bool, outgoing: bool) -> None:
    assert is_outgoing(labels, sender_is_ours=sender_is_ours) is outgoing
