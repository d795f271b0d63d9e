"""What is shown of each mail that waits in a mailbox: when it leaves and what binds it, or whom it
must not go to.

Separate from the forecast, which knows nothing of recipients. The last look before a mail leaves
asks again and decides: until then the recipient may be changed, or the stop lifted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from backend.domain.ids import PendingId
from backend.domain.sending.forecast import forecast
from backend.domain.sending.rule import Gate, Letter, SendRules
from backend.domain.sending.suppression import Mailing, Suppression, blocked


class Stopped(NamedTuple):
    """How a mail is sent, and the stops of everybody it goes to."""

    mailing: Mailing
    stops: Sequence[Suppression]


@dataclass(frozen=True, kw_only=True)
class WaitingMail:
    """All mail that waits in a mailbox, what it passes through, and the stops it meets."""

    letters: Sequence[Letter]
    gate: Gate
    rules: SendRules
    stopped: Mapping[PendingId, Stopped]


class Shown(NamedTuple):
    """When a mail is expected to leave, and what binds it, as its row keeps it."""

    forecast_at: datetime | None
    reason: str | None
    reason_details: dict[str, str]


UNPLANNED = Shown(None, None, {})


def foresee(
    waiting: WaitingMail, now: datetime, *, first: int | None = None
) -> dict[PendingId, Shown]:
    """What is shown of all that waits, or of the `first` mails that are settled."""
    stops = {one: shown for one, found in waiting.stopped.items() if (shown := _stop(found))}
    going = [letter for letter in waiting.letters if letter.id not in stops]
    planned = forecast(going, waiting.gate, now, rules=waiting.rules, first=first)
    return {one.id: Shown(one.leaves_at, one.reason, dict(one.details)) for one in planned} | stops


def _stop(found: Stopped) -> Shown | None:
    """Whom it must not go to, and why."""
    why = blocked(sorted({one.address for one in found.stops}), found.stops, found.mailing)
    for address, reason in why.items():
        return Shown(None, reason, {"address": address})
    return None
