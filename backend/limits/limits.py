"""Reserves API units and send slots, each in one atomic script.

Units use Redis's own clock, because only their rate matters and machines disagree about the time.
Slots use the caller's `now`, because they are compared with departures in Postgres.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from uuid import UUID

from redis import Redis
from redis.commands.core import Script
from redis.exceptions import RedisError

from backend.domain.ids import MailboxId
from backend.domain.reasons import Reason
from backend.domain.sending.throttle import HOUR, ROLLING_DAY, SendLimits, spacing
from backend.errors import LimiterUnavailable

# Gmail API units per second, and burst, for one mailbox: Google allows 6,000 a minute, and a run
# that stayed below 100 a second was never refused.
MAILBOX_UNITS = 90
MAILBOX_BURST = 500
# Units per second for all mailboxes: Google allows 1,200,000 a minute for a project.
PROJECT_UNITS = 18_000
# With a longer wait than this nothing is taken: the caller should come back later.
PATIENCE = timedelta(seconds=8)

# The longest possible queue: a bucket further ahead means that Redis's clock was wrong.
MOST_AHEAD = timedelta(minutes=1)
# Google's limits of a project are for a minute or a day; after an hour it is asked again.
LONGEST_PAUSE = timedelta(hours=1)

PROJECT_KEY = "rapport:units:project"
PAUSE_KEY = "rapport:units:pause"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# Codes of slots.lua.
WAITS_FOR = {1: Reason.DAILY_LIMIT, 2: Reason.HOURLY_LIMIT, 3: Reason.SPACING}


@dataclass(frozen=True)
class Reserved:
    """The slot is reserved: the message may leave now."""

    at: datetime


@dataclass(frozen=True)
class Wait:
    """No slot before `until`."""

    until: datetime
    reason: Reason


class Limits:
    """The shared limits of one installation.

    `mailbox_units` is for Cloud projects with another quota.
    """

    def __init__(self, redis: Redis, *, mailbox_units: int = MAILBOX_UNITS) -> None:
        self._redis = redis
        self._mailbox_units = mailbox_units
        self._units = _script(redis, "units.lua")
        self._pause = _script(redis, "pause.lua")
        self._slots = _script(redis, "slots.lua")

    def take_units(
        self, mailbox_id: MailboxId, units: int, *, patience: timedelta = PATIENCE
    ) -> timedelta:
        """Take Gmail API units of a mailbox and of the project; returns the wait before use.

        Callers queue, so the wait must be kept. When it is longer than `patience` nothing was
        taken. Raises LimiterUnavailable.
        """
        wait = self._run(
            self._units,
            [f"rapport:units:{mailbox_id}", PROJECT_KEY, PAUSE_KEY],
            [
                *(units, patience // MICROSECOND),
                *(self._mailbox_units, MAILBOX_BURST),
                *(PROJECT_UNITS, PROJECT_UNITS),
                *(MOST_AHEAD // MICROSECOND, LONGEST_PAUSE // MICROSECOND),
            ],
        )
        return wait[0] * MICROSECOND

    def pause_project(self, pause: timedelta) -> None:
        """Let no mailbox take units for this long, at most an hour: Google named a project limit.

        An earlier, longer pause stays. Raises LimiterUnavailable.
        """
        self._run(self._pause, [PAUSE_KEY], [pause // MICROSECOND, LONGEST_PAUSE // MICROSECOND])

    def project_rests(self) -> bool:
        """Whether a pause of the whole project is in force. Raises LimiterUnavailable."""
        try:
            return bool(self._redis.exists(PAUSE_KEY))
        except RedisError as error:
            raise _unavailable() from error

    def reserve_send(
        self,
        mailbox_id: MailboxId,
        send_id: UUID,
        *,
        limits: SendLimits,
        now: datetime,
        departures: Sequence[datetime] = (),
    ) -> Reserved | Wait:
        """Reserve a send slot under all limits at once. Raises LimiterUnavailable.

        `departures` come from Postgres; slots whose outcome is not recorded there yet are in Redis.
        Idempotent: a second call for the same id releases its former slot first.
        """
        if limits.pause is not None and limits.pause.until > now:
            return Wait(limits.pause.until, limits.pause.reason)
        if limits.daily <= 0 or limits.hourly <= 0:
            return Wait(now + ROLLING_DAY, Reason.LIMIT_ZERO)
        code, moment = self._run(
            self._slots,
            [_places(mailbox_id)],
            [
                *(str(send_id), _number(now)),
                *(ROLLING_DAY // MICROSECOND, limits.daily),
                *(HOUR // MICROSECOND, limits.hourly),
                spacing(limits.hourly, send_id) // MICROSECOND,
                # One argument: the client spends more on each than Redis does on splitting.
                " ".join(str(_number(at)) for at in departures if at > now - ROLLING_DAY),
            ],
        )
        at = EPOCH + moment * MICROSECOND
        return Wait(at, WAITS_FOR[code]) if code else Reserved(at)

    def release_send(self, mailbox_id: MailboxId, send_id: UUID) -> None:
        """Release the slot, once Postgres knows the outcome: refused, or counted as departed.

        While the outcome is unknown the slot stays reserved, for a day at most.
        """
        try:
            self._redis.zrem(_places(mailbox_id), str(send_id))
        except RedisError as error:
            raise _unavailable() from error

    def count_try(self, what: str, *, within: timedelta) -> int:
        """Count an attempt; returns the attempts in the current period, this one included.

        Raises LimiterUnavailable.
        """
        key = f"rapport:tries:{what}"
        try:
            with self._redis.pipeline() as pipeline:
                pipeline.incr(key)
                pipeline.expire(key, within, nx=True)
                return int(pipeline.execute()[0])
        except RedisError as error:
            raise _unavailable() from error

    def _run(
        self, script: Script, keys: Sequence[str], arguments: Sequence[str | int]
    ) -> list[int]:
        try:
            answer = script(keys=keys, args=arguments)
        except RedisError as error:
            raise _unavailable() from error
        return [int(part) for part in answer] if isinstance(answer, list) else [int(answer)]


def _script(redis: Redis, name: str) -> Script:
    return redis.register_script(files("backend.limits").joinpath(name).read_text("utf-8"))


def _places(mailbox_id: MailboxId) -> str:
    return f"rapport:places:{mailbox_id}"


def _number(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def _unavailable() -> LimiterUnavailable:
    return LimiterUnavailable(
        "The limits cannot be checked because Redis does not answer, so nothing leaves for now. "
        "It is tried again by itself."
    )
