"""A forecast in words: when a message leaves, what binds it, and what would move it.

Separate from the forecast because thousands are computed and only those looked at are put in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from backend.domain.forecast import Forecast
from backend.domain.reasons import Reason, sentence

MOVES: Mapping[Reason, str] = {
    Reason.NOT_DUE: "Give it an earlier date, or send it now.",
    Reason.WINDOW_CLOSED: (
        "Send it now, if the workspace lets that skip the window, or widen the sending window."
    ),
    Reason.SPACING: (
        "Delete messages before it or give them a later date; send now puts it in front of them."
    ),
    Reason.HOURLY_LIMIT: (
        "Delete messages before it or give them a later date. A higher hourly limit helps as well, "
        "where there is room."
    ),
    Reason.DAILY_LIMIT: (
        "Raise the daily limit in Email settings, or delete messages before it. Mail sent by hand "
        "in Gmail counts as well."
    ),
    Reason.PROVIDER_LIMIT: "Nothing here: Google said when sending may go on.",
    Reason.PROVIDER_TROUBLE: "Nothing here: it is tried again by itself, with growing pauses.",
    Reason.SENDING_REFUSED: (
        "Nothing here, unless it stays so: then connect the mailbox again, or ask the "
        "administrator of Google Workspace."
    ),
    Reason.MAILBOX_PAUSED: "End the pause of the mailbox.",
    Reason.OVER_LIMIT: "Raise the daily limit in Email settings, then schedule it again.",
}
MOVES_NOTHING = "Nothing stands in its way."


@dataclass(frozen=True)
class Explanation:
    """One sentence on what will happen and one on what would change it."""

    sentence: str
    moves: str


def explain(forecast: Forecast, zone: str) -> Explanation:
    """The forecast for a reader whose clock is in `zone`.

    >>> from datetime import UTC
    >>> from uuid import UUID
    >>> at = datetime(2026, 1, 12, 8, 0, tzinfo=UTC)
    >>> waits = Forecast(UUID(int=1), at, Reason.NOT_DUE, ahead=2)
    >>> explain(waits, "Europe/Berlin").sentence
    'Waits because it is scheduled for Mon 12 Jan, 09:00. 2 messages leave before it.'
    """
    if forecast.reason is None:
        return Explanation("Leaves now.", MOVES_NOTHING)
    details = dict(forecast.details)
    if forecast.leaves_at is not None:
        details["until"] = civil(forecast.leaves_at, zone)
    said = sentence(forecast.reason, **details)
    if forecast.leaves_at is not None and forecast.ahead:
        said += f" {_messages(forecast.ahead)} before it."
    # A held message's own sentence already says what to do.
    return Explanation(said, MOVES.get(forecast.reason, ""))


def civil(moment: datetime, zone: str) -> str:
    """A moment on the clocks of `zone`, short and without a year: forecasts are near."""
    return f"{moment.astimezone(ZoneInfo(zone)):%a %-d %b, %H:%M}"


def _messages(count: int) -> str:
    return "1 message leaves" if count == 1 else f"{count} messages leave"
