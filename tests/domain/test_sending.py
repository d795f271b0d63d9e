from dataclasses import replace
from datetime import timedelta

import pytest

from backend.domain.policies import (
    OverLimit,
    Policies,
    SendNowBypass,
    WindowAppliesTo,
)
from backend.domain.reasons import TABLE, Group, Reason
from backend.domain.sending.rule import (
    MAILBOX_WIDE,
    Change,
    Discard,
    Fail,
    Gate,
    Hold,
    MailboxState,
    Postpone,
    SendKind,
    SendNow,
    SendRules,
    Urgency,
    decide,
)
from backend.domain.sending.suppression import Mailing, Suppression, SuppressionCause
from backend.domain.sending.throttle import Pause, SendLimits
from tests.domain.send_examples import (
    BO,
    DAY,
    HOUR,
    MIA,
    MINUTE,
    NEVER,
    NOON,
    OFFICE,
    RULES,
    WEDNESDAY,
    WIDE,
    facts,
    letter,
)

EVENING = WEDNESDAY + 20 * HOUR
NEXT_MORNING = WEDNESDAY + DAY + 9 * HOUR
FAILING = SendRules(over_limit=OverLimit.FAIL)


def test_a_due_message_in_an_open_window_within_its_limits_leaves() -> None:
    assert decide(facts(), NOON, rules=RULES) == SendNow()


@pytest.mark.contract("VC-39")
def test_nothing_leaves_before_its_date() -> None:
    due = NOON + 3 * DAY
    assert decide(facts(letter(due_at=due)), NOON, rules=RULES) == Postpone(due, Reason.NOT_DUE)


@pytest.mark.contract("VC-42")
def test_due_outside_the_window_it_waits_for_the_next_one() -> None:
    found = decide(facts(letter(due_at=EVENING)), EVENING, rules=RULES)
    assert found == Postpone(NEXT_MORNING, Reason.WINDOW_CLOSED)


@pytest.mark.contract("VC-55", "D-24")
def test_send_now_skips_the_window_and_never_the_limits() -> None:
    now = replace(letter(due_at=EVENING), urgency=Urgency.NOW)
    assert decide(facts(now), EVENING, rules=RULES) == SendNow()
    gate = Gate(limits=WIDE, windows=OFFICE, departures=[EVENING - MINUTE / 2])
    found = decide(facts(now, gate), EVENING, rules=RULES)
    assert found == Postpone(EVENING + MINUTE / 2, Reason.SPACING)


@pytest.mark.contract("D-24")
def test_send_now_can_be_told_to_wait_for_the_window() -> None:
    rules = SendRules(send_now_bypass=SendNowBypass.NOTHING)
    now = replace(letter(due_at=EVENING), urgency=Urgency.NOW)
    assert decide(facts(now), EVENING, rules=rules) == Postpone(NEXT_MORNING, Reason.WINDOW_CLOSED)


@pytest.mark.contract("D-24", "VC-88")
@pytest.mark.parametrize(
    ("kind", "waits"),
    [(SendKind.ONE_TO_ONE, False), (SendKind.AUTOMATED, True), (SendKind.BULK, True)],
)
def test_the_window_can_bind_automated_mail_only(kind: SendKind, *, waits: bool) -> None:
    rules = SendRules(window_applies_to=WindowAppliesTo.AUTOMATED)
    found = decide(facts(replace(letter(due_at=EVENING), kind=kind)), EVENING, rules=rules)
    assert isinstance(found, Postpone) is waits


@pytest.mark.contract("VC-45", "D-9")
def test_beyond_the_daily_limit_a_message_waits_and_is_not_lost() -> None:
    left = [NOON - MINUTE * number for number in range(250, 0, -1)]
    gate = Gate(limits=WIDE, departures=left)
    found = decide(facts(gate=gate), NOON, rules=RULES)
    assert found == Postpone(left[0] + DAY, Reason.DAILY_LIMIT, {"limit": "250"})


@pytest.mark.contract("D-9", "H-19")
def test_beyond_the_daily_limit_a_message_fails_where_the_workspace_says_so() -> None:
    gate = Gate(limits=SendLimits(daily=2, hourly=60), departures=[NOON - HOUR, NOON - HOUR / 2])
    assert decide(facts(gate=gate), NOON, rules=FAILING) == Fail(Reason.OVER_LIMIT, {"limit": "2"})
    evening = decide(facts(letter(due_at=EVENING), gate), EVENING, rules=FAILING)
    assert isinstance(evening, Fail)


def test_a_limit_that_is_free_again_when_the_window_opens_fails_nothing() -> None:
    left = [WEDNESDAY + 8 * HOUR]
    gate = Gate(limits=SendLimits(daily=1, hourly=60), departures=left, windows=OFFICE)
    found = decide(facts(letter(due_at=EVENING), gate), EVENING, rules=FAILING)
    assert found == Postpone(NEXT_MORNING, Reason.WINDOW_CLOSED)


def test_other_limits_never_fail_a_message() -> None:
    gate = Gate(limits=SendLimits(daily=250, hourly=1), departures=[NOON - MINUTE])
    found = decide(facts(gate=gate), NOON, rules=FAILING)
    assert found == Postpone(NOON + HOUR - MINUTE, Reason.HOURLY_LIMIT, {"limit": "1"})


def test_a_pause_is_kept_by_its_own_reason() -> None:
    pause = Pause(NOON + HOUR, Reason.PROVIDER_LIMIT)
    gate = Gate(limits=SendLimits(250, 60, pause))
    assert decide(facts(gate=gate), NOON, rules=RULES) == Postpone(pause.until, pause.reason)


@pytest.mark.parametrize(
    ("gate", "reason"),
    [
        (Gate(limits=WIDE, state=MailboxState.DISCONNECTED), Reason.MAILBOX_DISCONNECTED),
        (Gate(limits=WIDE, state=MailboxState.SCOPE_MISSING), Reason.SCOPE_MISSING),
        (Gate(limits=WIDE, windows=NEVER), Reason.NO_WINDOW),
        (Gate(limits=SendLimits(0, 60)), Reason.LIMIT_ZERO),
    ],
    ids=["disconnected", "permission missing", "windows that never open", "a limit of nothing"],
)
def test_what_cannot_pass_without_a_person_is_held(gate: Gate, reason: Reason) -> None:
    assert decide(facts(gate=gate), NOON, rules=RULES) == Hold(reason)


@pytest.mark.parametrize("change", Change)
def test_what_changed_since_it_was_written_holds_it(change: Change) -> None:
    changed = replace(facts(), changes=frozenset({change}))
    assert decide(changed, NOON, rules=RULES) == Hold(Reason(change.value))


def test_an_answer_does_not_hold_what_a_person_sends_now() -> None:
    now = replace(letter(), urgency=Urgency.NOW)
    answered = replace(facts(now), changes=frozenset({Change.CONTACT_REPLIED}))
    assert decide(answered, NOON, rules=RULES) == SendNow()


@pytest.mark.contract("VC-31", "VC-80")
def test_who_unsubscribed_in_the_meantime_is_not_written_to() -> None:
    left = Suppression(MIA, SuppressionCause.UNSUBSCRIBED)
    late = replace(facts(), suppressions=[left])
    assert decide(late, NOON, rules=RULES) == Discard(Reason.UNSUBSCRIBED, {"address": MIA})
    urgent = replace(late, mailing=Mailing(honours_unsubscribes=False))
    assert decide(urgent, NOON, rules=RULES) == SendNow()


def test_before_its_date_nobody_is_discarded() -> None:
    left = Suppression(MIA, SuppressionCause.ERASED)
    early = replace(facts(letter(due_at=NOON + HOUR)), suppressions=[left])
    assert isinstance(decide(early, NOON, rules=RULES), Postpone)


@pytest.mark.parametrize(
    ("to", "copies"), [((MIA, BO), ()), ((MIA,), (BO,))], ids=["in To", "among the copies"]
)
def test_one_blocked_recipient_among_others_is_for_a_person_to_settle(
    to: tuple[str, ...], copies: tuple[str, ...]
) -> None:
    bounced = [Suppression(BO, SuppressionCause.BOUNCED)]
    group = replace(facts(), to=to, copies=copies, suppressions=bounced)
    assert decide(group, NOON, rules=RULES) == Hold(Reason.RECIPIENT_BLOCKED, {"address": BO})


@pytest.mark.parametrize(
    ("waited", "held"),
    [(4 * HOUR, False), (4 * HOUR + MINUTE, True)],
    ids=["four hours", "more than four hours"],
)
def test_after_an_outage_nothing_old_leaves_by_itself(waited: timedelta, *, held: bool) -> None:
    late = facts(letter(due_at=NOON - waited), Gate(limits=WIDE))
    assert isinstance(decide(late, NOON, rules=RULES), Hold) is held


def test_a_weekend_is_no_outage() -> None:
    friday = WEDNESDAY + 2 * DAY + 20 * HOUR
    monday = WEDNESDAY + 5 * DAY + 9 * HOUR
    assert decide(facts(letter(due_at=friday)), monday, rules=RULES) == SendNow()
    found = decide(facts(letter(due_at=friday)), monday + 5 * HOUR, rules=RULES)
    assert found == Hold(Reason.LATE_AFTER_OUTAGE, {"limit": "4 hours"})


def test_a_queue_behind_its_limits_is_no_outage() -> None:
    limits = SendLimits(daily=2, hourly=60)
    left = [NOON - DAY, NOON - DAY + MINUTE]
    waiting = facts(letter(due_at=NOON - 2 * DAY), Gate(limits=limits, departures=left))
    assert decide(waiting, NOON, rules=RULES) == SendNow()


def test_a_mailbox_that_keeps_sending_is_no_outage() -> None:
    gate = Gate(limits=WIDE, departures=[NOON - HOUR])
    assert decide(facts(letter(due_at=NOON - DAY), gate), NOON, rules=RULES) == SendNow()


def test_what_was_promised_later_is_late_only_after_that() -> None:
    promised = replace(letter(due_at=NOON - DAY), not_before=NOON - HOUR)
    assert decide(facts(promised, Gate(limits=WIDE)), NOON, rules=RULES) == SendNow()


def test_the_rules_are_read_from_the_policies() -> None:
    policies = Policies.from_overrides(
        {
            "send.over_limit": "fail",
            "window.applies_to": "automated",
            "send_now.bypass": "nothing",
        }
    )
    assert SendRules.of(Policies()) == RULES
    assert SendRules.of(policies) == SendRules(
        over_limit=OverLimit.FAIL,
        window_applies_to=WindowAppliesTo.AUTOMATED,
        send_now_bypass=SendNowBypass.NOTHING,
    )


def test_mailbox_wide_reasons_are_all_but_those_of_one_message() -> None:
    own = {Reason.NOT_DUE, Reason.WINDOW_CLOSED}
    postponing = set(TABLE[Group.POSTPONED])
    assert postponing - own == MAILBOX_WIDE


def test_the_limit_and_the_window_take_turns() -> None:
    left = [EVENING - DAY + MINUTE * number for number in range(2)]
    gate = Gate(limits=SendLimits(daily=2, hourly=60), departures=left, windows=OFFICE)
    found = decide(facts(letter(due_at=NOON), gate), NOON, rules=RULES)
    assert found == Postpone(NEXT_MORNING, Reason.WINDOW_CLOSED)
