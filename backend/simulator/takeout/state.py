"""The progress of loading, for the terminal and over HTTP."""

import logging
import threading
import time
from enum import StrEnum

log = logging.getLogger(__name__)
SECONDS_BETWEEN_LINES = 2.0
KEPT_PROBLEMS = 20


class State(StrEnum):
    """Nothing to load, at it, done."""

    IDLE = "idle"
    LOADING = "loading"
    FINISHED = "finished"


class Progress:
    """Counts mails and bytes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state = State.IDLE
        self._messages = 0
        self._broken = 0
        self._total_bytes = 0
        self._done_before = 0
        self._done_here = 0
        self._started = 0.0
        self._seconds = 0.0
        self._told = 0.0
        self._problems: list[str] = []

    def begin(self, total_bytes: int) -> None:
        with self._lock:
            self._state = State.LOADING
            self._total_bytes = total_bytes
            self._started = time.monotonic()
        log.info("Loading %.1f MB of mail.", total_bytes / 1e6)

    def resume(self, messages: int) -> None:
        """So many mails of the next archive were loaded at an earlier start."""
        with self._lock:
            self._messages += messages

    def add(self, messages: int, broken: int, done_bytes: int) -> None:
        with self._lock:
            self._messages += messages
            self._broken += broken
            self._done_here = done_bytes

    def advance(self, size: int) -> None:
        """One archive is through."""
        with self._lock:
            self._done_before += size
            self._done_here = 0

    def fail(self, problem: str) -> None:
        with self._lock:
            self._problems = [*self._problems, problem][:KEPT_PROBLEMS]
        log.warning("%s", problem)

    def tell(self) -> None:
        """A line in the terminal now and then."""
        now = time.monotonic()
        with self._lock:
            due = now - self._told >= SECONDS_BETWEEN_LINES
            self._told = now if due else self._told
        if due:
            self._say("Loaded")

    def finish(self) -> None:
        with self._lock:
            self._state = State.FINISHED
            self._seconds = time.monotonic() - self._started
        self._say("Finished:")

    def as_json(self) -> dict[str, object]:
        with self._lock:
            running = self._state is State.LOADING
            return {
                "state": self._state,
                "messages": self._messages,
                "broken": self._broken,
                "percent": self._percent(),
                "seconds": round(time.monotonic() - self._started if running else self._seconds, 1),
                "problems": list(self._problems),
            }

    def _percent(self) -> int:
        if self._state is State.FINISHED or not self._total_bytes:
            return 100 if self._state is State.FINISHED else 0
        return min(100, (self._done_before + self._done_here) * 100 // self._total_bytes)

    def _say(self, opening: str) -> None:
        shown = self.as_json()
        log.info(
            "%s %s messages, %s broken, %s %%, %s s",
            *(opening, shown["messages"], shown["broken"], shown["percent"], shown["seconds"]),
        )
