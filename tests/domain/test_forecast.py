from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.ids import PendingId
from backend.domain.policies import OverLimit, SendNowBypass, WindowAppliesTo
from backend.domain.reasons import Reason
from backend.domain.sending.forecast import Forecast, forecast
from backend.domain.sending.rule import (
    MAILBOX_WIDE,
    Discard,
    Fail,
    Gate,
    Hold,
    Letter,
    MailboxState,
    Postpone,
    SendFacts,
    SendKind,
    SendNow,
    SendRules,
    Urgency,
    decide,
    queue_order,
    ready_at,
)
from backend.domain.sending.throttle import Pause, SendLimits
from backend.domain.sending.windows import WORKDAYS, SendingWindow, next_open
from tests.domain.send_examples import (
    DAY,
    HOUR,
    MIA,
    MINUTE,
    NOON,
    OFFICE,
    RULES,
    WEDNESDAY,
    WIDE,
    letter,
)

Fate = tuple[datetime | None, Reason | None]


def drained(
    letters: Sequence[Letter], gate: Gate, now: datetime, rules: SendRules
) -> dict[UUID, Fate]:
    """What really happens: a mailbox drained by `decide`, with a clock that ticks to what is "
    "next."""
    rows = {one.id: one for one in letters}
    left = list(gate.departures)
    fates: dict[UUID, Fate] = {}
    while rows:
        ready = [one for one in rows.values() if ready_at(one) <= now]
        coming = [ready_at(one) for one in rows.values() if ready_at(one) > now]
        if not ready:
            now = min(coming)
            continue
        head = min(ready, key=queue_order)
        facts = SendFacts(letter=head, gate=replace(gate, departures=left), to=(MIA,))
        match decide(facts, now, rules=rules):
            case SendNow():
                left = [*left, now]
                fates[rows.pop(head.id).id] = (now, None)
            case Postpone(until, reason) if reason in MAILBOX_WIDE:
                now = min([until, *coming])
            case Postpone(until, _):
                rows[head.id] = replace(head, not_before=until)
            case Hold(reason) | Fail(reason) | Discard(reason):
                fates[rows.pop(head.id).id] = (None, reason)
    return fates


MINUTES = st.integers(min_value=-600, max_value=3 * 24 * 60)
LETTERS = st.lists(
    st.builds(
        Letter,
        id=st.uuids(version=4),
        due_at=MINUTES.map(lambda minutes: NOON + minutes * MINUTE),
        not_before=st.none() | MINUTES.map(lambda minutes: NOON + minutes * MINUTE),
        kind=st.sampled_from(SendKind),
        urgency=st.sampled_from(Urgency),
    ),
    max_size=25,
    unique_by=lambda one: one.id,
)
GATES = st.builds(
    Gate,
    limits=st.builds(
        SendLimits,
        daily=st.integers(min_value=0, max_value=12),
        hourly=st.integers(min_value=1, max_value=60),
        pause=st.none()
        | st.builds(
            Pause, MINUTES.map(lambda m: NOON + m * MINUTE), st.just(Reason.PROVIDER_LIMIT)
        ),
    ),
    windows=st.sampled_from(
        [(), OFFICE, (*OFFICE, SendingWindow(WORKDAYS, time(22), time(1), "Asia/Tokyo"))]
    ),
    departures=st.lists(st.integers(min_value=0, max_value=2000), max_size=12).map(
        lambda ago: sorted(NOON - minutes * MINUTE for minutes in ago)
    ),
    state=st.sampled_from([MailboxState.READY] * 5 + [MailboxState.DISCONNECTED]),
)
RULE_SETS = st.builds(
    SendRules,
    over_limit=st.sampled_from(OverLimit),
    window_applies_to=st.sampled_from(WindowAppliesTo),
    send_now_bypass=st.sampled_from(SendNowBypass),
)


@settings(max_examples=150, deadline=None)
@given(letters=LETTERS, gate=GATES, rules=RULE_SETS)
def test_the_forecast_is_what_happens(letters: list[Letter], gate: Gate, rules: SendRules) -> None:
    foreseen = forecast(letters, gate, NOON, rules=rules)
    happened = drained(letters, gate, NOON, rules)
    assert {one.id: one.leaves_at for one in foreseen} == {
        key: leaves_at for key, (leaves_at, _) in happened.items()
    }
    assert {one.id: one.reason for one in foreseen if one.leaves_at is None} == {
        key: reason for key, (leaves_at, reason) in happened.items() if leaves_at is None
    }


def test_ten_thousand_messages_keep_every_limit_and_leave_as_foreseen() -> None:
    letters = [
        Letter(
            id=PendingId(UUID(int=number * 7919)),
            due_at=NOON + (number % 977) * 30 * MINUTE,
            kind=list(SendKind)[number % 3],
        )
        for number in range(10_000)
    ]
    limits = SendLimits(daily=1000, hourly=60)
    gate = Gate(limits=limits, windows=OFFICE)
    foreseen = forecast(letters, gate, NOON, rules=RULES)
    moments = [one.leaves_at for one in foreseen if one.leaves_at is not None]
    assert len(moments) == len(letters)
    assert moments == sorted(moments)
    assert all(next_open(OFFICE, moment) == moment for moment in moments)
    for number, moment in enumerate(moments):
        assert number - bisect_right(moments, moment - HOUR) + 1 <= limits.hourly
        assert number - bisect_right(moments, moment - DAY) + 1 <= limits.daily
    assert min(late - early for early, late in pairwise(moments)) >= MINUTE
    _leave_as_foreseen(letters, gate, foreseen)


def _leave_as_foreseen(letters: list[Letter], gate: Gate, foreseen: list[Forecast]) -> None:
    """At every foreseen moment `decide` lets exactly that message leave, and not a second "
    "before."""
    known = {one.id: one for one in letters}
    left: list[datetime] = []
    gate = replace(gate, departures=left)
    for one in foreseen:
        assert one.leaves_at is not None
        facts = SendFacts(letter=known[one.id], gate=gate, to=(MIA,))
        promised = replace(facts, letter=replace(facts.letter, not_before=one.leaves_at))
        early = decide(promised, one.leaves_at - timedelta(seconds=1), rules=RULES)
        assert isinstance(early, Postpone)
        assert decide(promised, one.leaves_at, rules=RULES) == SendNow()
        left.append(one.leaves_at)


def test_hand_written_mail_overtakes_what_waits() -> None:
    bulk = [replace(letter(number), kind=SendKind.BULK) for number in range(1, 4)]
    reply = letter(9, due_at=NOON + MINUTE / 2)
    found = forecast([*bulk, reply], Gate(limits=WIDE), NOON, rules=RULES)
    assert [one.id.int for one in found] == [1, 9, 2, 3]
    assert [one.ahead for one in found] == [0, 1, 2, 3]


@pytest.mark.contract("VC-99")
def test_each_message_names_what_binds_it() -> None:
    evening = WEDNESDAY + 17 * HOUR - MINUTE
    letters = [letter(1, due_at=evening), letter(2, due_at=evening), letter(3, due_at=evening)]
    letters.append(letter(4, due_at=WEDNESDAY + DAY + 10 * HOUR))
    letters.append(replace(letter(5, due_at=NOON), not_before=WEDNESDAY + DAY + 11 * HOUR))
    found = forecast(letters, Gate(limits=WIDE, windows=OFFICE), evening, rules=RULES)
    morning = WEDNESDAY + DAY + 9 * HOUR
    assert [(one.leaves_at, one.reason) for one in found] == [
        (evening, None),
        (morning, Reason.WINDOW_CLOSED),
        (found[2].leaves_at, Reason.SPACING),
        (WEDNESDAY + DAY + 10 * HOUR, Reason.NOT_DUE),
        (WEDNESDAY + DAY + 11 * HOUR, Reason.WINDOW_CLOSED),
    ]


def test_what_leaves_at_night_takes_the_place_of_who_waits_for_the_morning() -> None:
    evening = WEDNESDAY + 20 * HOUR
    urgent = replace(letter(2, due_at=evening + HOUR), urgency=Urgency.NOW)
    letters = [letter(1, due_at=evening), urgent, letter(3, due_at=evening + 2 * HOUR)]
    gate = Gate(limits=SendLimits(daily=1, hourly=60), windows=OFFICE)
    found = forecast(letters, gate, evening, rules=RULES)
    friday = WEDNESDAY + 2 * DAY + 9 * HOUR
    assert {one.id.int: one.leaves_at for one in found} == {
        2: evening + HOUR,
        1: friday,
        3: friday + 3 * DAY,
    }
    assert {one.id: (one.leaves_at, None) for one in found} == drained(
        letters, gate, evening, RULES
    )


def test_after_an_outage_at_night_each_message_is_judged_by_itself() -> None:
    night = WEDNESDAY + 22 * HOUR
    letters = [letter(1, due_at=WEDNESDAY + 10 * HOUR), letter(2, due_at=night - 270 * MINUTE)]
    found = forecast(letters, Gate(limits=WIDE, windows=OFFICE), night, rules=RULES)
    assert [(one.id.int, one.leaves_at, one.reason) for one in found] == [
        (1, None, Reason.LATE_AFTER_OUTAGE),
        (2, WEDNESDAY + DAY + 9 * HOUR, Reason.WINDOW_CLOSED),
    ]


def test_what_needs_a_person_has_no_moment() -> None:
    gate = Gate(limits=WIDE, state=MailboxState.DISCONNECTED)
    found = forecast([letter(1)], gate, NOON, rules=RULES)
    assert found == [Forecast(PendingId(UUID(int=1)), None, Reason.MAILBOX_DISCONNECTED)]


def test_a_short_look_ahead_says_what_a_long_one_says() -> None:
    gate = Gate(limits=SendLimits(250, 20), windows=OFFICE, departures=[])
    letters = [letter(number, due_at=NOON + number * MINUTE) for number in range(1, 61)]
    whole = forecast(letters, gate, NOON, rules=RULES)
    assert forecast(letters, gate, NOON, rules=RULES, first=25) == whole[:25]
