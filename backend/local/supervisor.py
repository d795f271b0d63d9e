"""Keeps programs running: started in order, restarted when they fall, stopped in reverse.

The first Ctrl-C stops everything gracefully, the second kills it.
"""

import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event

from backend.local.process import Child, NotReady, Program, describe_exit, with_log

WATCH_EVERY = 0.2  # seconds
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a restart, doubled after each failure
SILENT_FOR = 3.0  # seconds of waiting for an end without a message
STEADY_AFTER = 30.0  # seconds; a child that stayed up this long has earned the first pause again


class Stopped(Exception):
    """Raised out of the start when it is interrupted."""


@dataclass
class Kept:
    """A program and its present process. `restart_at` is set while it is down."""

    program: Program
    child: Child
    pause: float = FIRST_PAUSE
    restart_at: float | None = None


class Supervisor:
    """Start from the main thread: children die with the thread that started them."""

    def __init__(self) -> None:
        self.stopping = Event()
        self._kept: list[Kept] = []
        self._step: Child | None = None

    def obey_signals(self) -> None:
        """Take over Ctrl-C, a polite kill, and a closed terminal."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: object) -> None:
        if not self.stopping.is_set():
            self.stopping.set()
            return
        for child in self._running():
            child.kill()

    def _running(self) -> list[Child]:
        return [*(kept.child for kept in self._kept), *([self._step] if self._step else [])]

    def start(self, programs: Sequence[Program]) -> None:
        """Start all in order, then wait for each and print its line. Raises NotReady, Stopped."""
        started = [Kept(program, Child(program)) for program in programs]
        self._kept.extend(started)
        for kept in started:
            kept.child.wait_until_ready(self.stopping)
            self._stop_if_asked()
            _say(kept.program, "ready")

    def run(self, step: Program) -> None:
        """Run something that ends by itself, such as migrations. Raises NotReady, Stopped."""
        self._step = Child(step)
        while self._step.exit_code is None and not self.stopping.wait(WATCH_EVERY / 4):
            pass
        if self.stopping.is_set():
            self._step.stop()
        exit_code, self._step = self._step.exit_code, None
        self._stop_if_asked()
        if exit_code != 0:
            raise NotReady(with_log(step, "failed"))
        _say(step, "done")

    def _stop_if_asked(self) -> None:
        if self.stopping.is_set():
            raise Stopped

    def watch(self, also: Callable[[], None] = lambda: None) -> None:
        """Until we are stopped, restart programs that end, and call `also` periodically."""
        while not self.stopping.wait(WATCH_EVERY):
            also()
            for kept in self._kept:
                self._look_after(kept)

    def _look_after(self, kept: Kept) -> None:
        now = time.monotonic()
        if kept.restart_at is None:
            if kept.child.exit_code is None:
                return
            if now - kept.child.started > STEADY_AFTER:
                kept.pause = FIRST_PAUSE
            kept.restart_at = now + kept.pause
            ending = describe_exit(kept.child.exit_code)
            print(
                f"{kept.program.name} {ending}; starting it again in {kept.pause:g} s. "
                f"Its log: {kept.program.log}",
                flush=True,
            )
        elif now >= kept.restart_at:
            kept.child = Child(kept.program)
            kept.pause = min(kept.pause * 2, LONGEST_PAUSE)
            kept.restart_at = None

    def stop(self) -> None:
        """End everything, the last started first."""
        self.stopping.set()
        for kept in reversed(self._kept):
            _end(kept)


def _end(kept: Kept) -> None:
    """Say so when it takes long: a worker ends the job it has begun."""
    name, grace = kept.program.name, kept.program.grace.total_seconds()
    kept.child.ask_to_end()
    if kept.child.ends_within(min(grace, SILENT_FOR)):
        return
    if grace > SILENT_FOR:
        print(f"Waiting up to {grace:.0f} s for {name} to end what it has begun.", flush=True)
    if not kept.child.ends_within(max(0, grace - SILENT_FOR)):
        kept.child.end_by_force()
        print(f"{name} did not end in time and was killed.", flush=True)


def _say(program: Program, state: str) -> None:
    print(f"{program.name:18}{state:8}{program.address}".rstrip(), flush=True)
