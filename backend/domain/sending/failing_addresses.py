"""When a failing address is suppressed, and when it is released.

Separate from reading reports and from sending: this only counts. The rules: an address that does
not exist stops mail at once, a complaint too; a passing failure does after three days with one
within thirty; a delay, and a refusal of the mail or its sender, never do. Failures before a person
lifted the stop do not count again. Nor do those before a mail from the address itself: it evidently
works. Such a mail also ends a stop caused by transient failures, but never one of an address
reported not to exist, since anyone can forge a sender.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.domain.sending.delivery_report import Outcome
from backend.domain.sending.suppression import SuppressionCause

SOFT_DAYS = 3
SOFT_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Failure:
    """One mail of ours that an address failed to take, and when."""

    at: datetime
    outcome: Outcome


def stopped(
    failures: Iterable[Failure],
    *,
    lifted: Mapping[SuppressionCause, datetime],
    written_at: datetime | None = None,
) -> dict[SuppressionCause, datetime]:
    """Why the address must not be written to, each cause with the moment it began.

    >>> from datetime import UTC
    >>> at = datetime(2026, 3, 2, tzinfo=UTC)
    >>> [cause.value for cause in stopped([Failure(at, Outcome.HARD)], lifted={})]
    ['bounced']
    >>> stopped([Failure(at, Outcome.HARD)], lifted={SuppressionCause.BOUNCED: at})
    {}
    """
    failures = list(failures)
    alive = _later(written_at, lifted.get(SuppressionCause.BOUNCED))
    hard = _moments(failures, Outcome.HARD, alive)
    soft = _third_day(_moments(failures, Outcome.SOFT, alive))
    complaints = _moments(failures, Outcome.COMPLAINT, lifted.get(SuppressionCause.COMPLAINED))
    began = {
        SuppressionCause.BOUNCED: min([*hard[:1], *soft], default=None),
        SuppressionCause.COMPLAINED: min(complaints, default=None),
    }
    return {cause: at for cause, at in began.items() if at is not None}


def ends_by_mail(failures: Iterable[Failure], *, lifted_at: datetime | None) -> bool:
    """Whether a stop for bounces ends because the address wrote: no report says it does
    not exist.
    """
    return not _moments(list(failures), Outcome.HARD, lifted_at)


def _moments(failures: list[Failure], outcome: Outcome, after: datetime | None) -> list[datetime]:
    found = (one.at for one in failures if one.outcome is outcome)
    return sorted(at for at in found if after is None or at > after)


def _third_day(moments: list[datetime]) -> list[datetime]:
    """The moment at which the failures became too many, if they did: on that many days."""
    first_of_day = list({at.date(): at for at in reversed(moments)}.values())[::-1]
    for first, last in zip(first_of_day, first_of_day[SOFT_DAYS - 1 :], strict=False):
        if last - first <= SOFT_WITHIN:
            return [last]
    return []


def _later(*moments: datetime | None) -> datetime | None:
    return max((at for at in moments if at is not None), default=None)
