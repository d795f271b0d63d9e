"""The simulator's own clock: it can be set ahead, so that tests see tokens and watches expire."""

from datetime import UTC, datetime, timedelta


class Clock:
    """The present moment plus whatever somebody has added."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def now_ms(self) -> int:
        return epoch_ms(self.now())


def epoch_ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def from_epoch_ms(value: int) -> datetime:
    return datetime.fromtimestamp(value / 1000, UTC)
