"""When each pending message of a mailbox will leave, and what binds it, as far as can be known now.

Separate from sending because it looks ahead, and from the walk that does so because this is what
people are shown. What cannot be foreseen (an unsubscribe, an answer, mail sent by hand) changes the
next forecast.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from backend.domain.forecast_walk import Step, Walk
from backend.domain.ids import PendingId
from backend.domain.reasons import Reason
from backend.domain.send_facts import Gate, Letter, SendRules


@dataclass(frozen=True)
class Forecast:
    """What will become of one message.

    `leaves_at` is None when it will not leave by itself; `reason` is what binds it, None when
    nothing does; `ahead` is how many messages of the mailbox leave before it.
    """

    id: PendingId
    leaves_at: datetime | None
    reason: Reason | None
    ahead: int = 0
    details: Mapping[str, str] = field(default_factory=dict)


def forecast(
    letters: Iterable[Letter],
    gate: Gate,
    now: datetime,
    *,
    rules: SendRules,
    first: int | None = None,
) -> list[Forecast]:
    """What will become of each message, or of the `first` ones, in the order of being settled.

    What comes later never changes what comes first: a short look ahead is as true as a long one.
    """
    settled: list[Forecast] = []
    ahead = 0
    for step in islice(Walk(letters, gate, now, rules=rules).steps(), first):
        settled.append(_forecast(step, ahead))
        ahead += step.leaves_at is not None
    return settled


def _forecast(step: Step, ahead: int) -> Forecast:
    return Forecast(step.letter.id, step.leaves_at, step.reason, ahead, step.details)
