import pytest

from backend.domain.sending.pending import (
    DONE,
    IN_DOUBT,
    STATE_SENTENCES,
    TRANSITIONS,
    WAITING,
    PendingState,
    can,
    require,
)
from backend.errors import Conflict

S = PendingState


def reachable(start: PendingState) -> set[PendingState]:
    seen: set[PendingState] = set()
    edge = {start}
    while edge:
        seen |= edge
        edge = {to for origin, to in TRANSITIONS if origin in edge} - seen
    return seen


def test_every_state_is_reachable_and_explained() -> None:
    assert reachable(S.SCHEDULED) == set(S)
    assert STATE_SENTENCES.keys() == set(S)


@pytest.mark.contract("VC-57")
@pytest.mark.parametrize("state", [S.CANCELLED, S.DISCARDED])
def test_what_was_cancelled_or_discarded_never_leaves(state: PendingState) -> None:
    assert S.SENDING not in reachable(state)
    assert {to for origin, to in TRANSITIONS if origin is state} == {S.SENT}


def test_what_is_sent_stays_sent() -> None:
    assert reachable(S.SENT) == {S.SENT}
    assert not can(S.SENT, S.SENT)


def test_a_copy_in_sent_mail_settles_every_state() -> None:
    assert all(can(state, S.SENT) for state in S if state is not S.SENT)


def test_only_scheduled_mail_is_ever_sent() -> None:
    assert {origin for origin, to in TRANSITIONS if to is S.SENDING} == {S.SCHEDULED}


@pytest.mark.parametrize("state", sorted(IN_DOUBT))
def test_nobody_cancels_what_may_have_left(state: PendingState) -> None:
    assert not can(state, S.CANCELLED)
    with pytest.raises(Conflict, match="cannot become cancelled now"):
        require(state, S.CANCELLED)


def test_waiting_mail_can_be_cancelled_and_states_are_of_one_sort() -> None:
    for state in WAITING:
        require(state, S.CANCELLED)
    assert WAITING | IN_DOUBT | DONE | {S.FAILED} == set(S)
    assert len(WAITING) + len(IN_DOUBT) + len(DONE) + 1 == len(S)
