"""Rate-limits the web server's log line about requests that wait for a thread.

Waitress logs a line for every request without a free thread, which would fill the log of a busy
minute. An operator needs the depth of the queue.
"""

import logging
import time
from collections.abc import Callable

LOGGER = "waitress.queue"
EVERY = 30.0
"""Seconds between two lines of one process."""


class Seldom(logging.Filter):
    """Lets one line through in `EVERY` seconds, with the deepest queue since the one before."""

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._elapsed, self._logged_at = elapsed, float("-inf")
        self._deepest = self._waited = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written; it then includes what was left out."""
        depth = record.args[0] if isinstance(record.args, tuple) and record.args else 0
        self._deepest = max(self._deepest, depth if isinstance(depth, int) else 0)
        self._waited += 1
        now = self._elapsed()
        if now - self._logged_at < EVERY:
            return False
        record.msg = (
            "Requests wait for a thread: %d of them since the last line, up to %d at once. "
            "More web processes would help if this continues."
        )
        record.args = (self._waited, self._deepest)
        self._logged_at, self._deepest, self._waited = now, 0, 0
        return True


def tell_seldom() -> None:
    """Install the filter in this process."""
    logger = logging.getLogger(LOGGER)
    if not any(isinstance(one, Seldom) for one in logger.filters):
        logger.addFilter(Seldom())
