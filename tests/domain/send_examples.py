"""Facts the tests of the sending rules start from, and one place to vary them."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from backend.domain.ids import PendingId
from backend.domain.sending.rule import Gate, Letter, SendFacts, SendRules
from backend.domain.sending.throttle import SendLimits
from backend.domain.sending.windows import WORKDAYS, SendingWindow

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WEDNESDAY = datetime(2026, 1, 7, tzinfo=UTC)
NOON = WEDNESDAY + 12 * HOUR
OFFICE = (SendingWindow(WORKDAYS, time(9), time(17), "UTC"),)
NEVER = (SendingWindow(frozenset(), time(9), time(17), "UTC"),)
WIDE = SendLimits(daily=250, hourly=60)
RULES = SendRules()
EVEN = UUID(int=0)
MIA, BO = "mia@alpha.example", "bo@alpha.example"


def letter(number: int = 0, *, due_at: datetime = NOON) -> Letter:
    """Letters with small numbers have no jitter to speak of."""
    return Letter(id=PendingId(UUID(int=number)), due_at=due_at)


def facts(one: Letter | None = None, gate: Gate | None = None) -> SendFacts:
    return SendFacts(
        letter=one or letter(), gate=gate or Gate(limits=WIDE, windows=OFFICE), to=(MIA,)
    )
