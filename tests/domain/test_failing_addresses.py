"""When an address that failed is not written to, and when it is again."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.domain.sending.delivery_report import Outcome
from backend.domain.sending.failing_addresses import Failure, ends_by_mail, stopped
from backend.domain.sending.suppression import SuppressionCause

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
BOUNCED, COMPLAINED = SuppressionCause.BOUNCED, SuppressionCause.COMPLAINED


def on(day: float, outcome: Outcome = Outcome.SOFT) -> Failure:
    return Failure(START + timedelta(days=day), outcome)


@pytest.mark.parametrize(
    ("failures", "since"),
    [
        ([on(0, Outcome.HARD)], 0),
        ([on(0), on(1), on(2)], 2),
        ([on(0), on(0.1), on(0.2), on(1)], None),
        ([on(0), on(20), on(31)], None),
        ([on(0), on(20), on(31), on(40)], 40),
        ([on(day, Outcome.POLICY) for day in range(9)], None),
        ([on(day, Outcome.DELAYED) for day in range(9)], None),
    ],
    ids=[
        "no such address, at once",
        "passing failures, on the third day",
        "three times on two days are two days",
        "three days that lie too far apart",
        "any three days within thirty",
        "mail that was refused never",
        "delays never",
    ],
)
def test_failures_stop_mail(failures: list[Failure], since: int | None) -> None:
    began = {} if since is None else {BOUNCED: START + timedelta(days=since)}
    assert stopped(failures, lifted={}) == began
    assert stopped(reversed(failures), lifted={}) == began


def test_a_complaint_is_a_cause_of_its_own() -> None:
    failures = [on(0, Outcome.COMPLAINT), on(1, Outcome.HARD)]
    assert set(stopped(failures, lifted={})) == {BOUNCED, COMPLAINED}
    assert set(stopped(failures, lifted={BOUNCED: on(2).at})) == {COMPLAINED}
    assert set(stopped(failures, lifted={COMPLAINED: on(0).at})) == {BOUNCED}


def test_what_lies_before_a_mail_from_the_address_does_not_count() -> None:
    old = [on(0, Outcome.HARD), on(1), on(2), on(3)]
    assert stopped(old, lifted={}, written_at=on(5).at) == {}
    assert set(stopped([on(0, Outcome.COMPLAINT)], lifted={}, written_at=on(5).at)) == {COMPLAINED}


def test_only_what_passes_ends_by_such_a_mail() -> None:
    assert ends_by_mail([on(0), on(1), on(2)], lifted_at=None)
    assert not ends_by_mail([on(0, Outcome.HARD)], lifted_at=None)
    assert ends_by_mail([on(0, Outcome.HARD), on(2)], lifted_at=on(1).at)
