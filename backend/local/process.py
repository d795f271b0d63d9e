"""One child process: started so that it cannot outlive us, awaited until ready, stopped gracefully.

Children get a session of their own, or Ctrl-C would hit all at once and Postgres would be gone
before the worker has committed.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event

from backend.errors import RapportError
from backend.local.accounts import Account

READY_WITHIN = timedelta(seconds=60)  # seen: 20 on two busy cores
POLL_EVERY = 0.03  # seconds; a check is a connection to loopback
LOG_TAIL_LINES = 15


class NotReady(RapportError):
    """A part did not start. The sentence names it and shows the end of its log."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run and how to know that it works. `ready` asks the thing itself, given its pid."""

    name: str
    argv: tuple[str, ...]
    log: Path
    environment: Mapping[str, str]
    ready: Callable[[int], bool] = lambda _pid: True
    address: str = ""
    account: Account | None = None
    cwd: Path = Path("/")
    stop_signal: signal.Signals = signal.SIGTERM
    grace: timedelta = timedelta(seconds=10)


class Child:
    """A running program. Must be started from the main thread: it dies with the thread."""

    def __init__(self, program: Program) -> None:
        self.program = program
        account = program.account
        with program.log.open("ab") as log:
            self._process = subprocess.Popen(
                _dies_with_parent(program.argv, program.stop_signal),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=program.cwd,
                env=dict(program.environment),
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
                start_new_session=True,
            )
        self.started = time.monotonic()

    @property
    def pid(self) -> int:
        """The process id, which is its process group's id too."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs. Asking also reaps it."""
        return self._process.poll()

    def wait_until_ready(self, stopping: Event | None = None) -> None:
        """Return once it is ready, or when `stopping` is set. Raises NotReady."""
        pause = stopping or Event()
        while not pause.is_set():
            if self.exit_code is not None:
                raise NotReady(with_log(self.program, describe_exit(self.exit_code)))
            if self.program.ready(self.pid):
                return
            if time.monotonic() - self.started > READY_WITHIN.total_seconds():
                seconds = int(READY_WITHIN.total_seconds())
                raise NotReady(with_log(self.program, f"did not answer within {seconds} seconds"))
            pause.wait(POLL_EVERY)

    def ask_to_end(self) -> None:
        """Send the polite signal."""
        if self.exit_code is None:
            self._process.send_signal(self.program.stop_signal)

    def ends_within(self, seconds: float) -> bool:
        """Wait that long at most. Whether it has ended."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> bool:
        """Ask it to end, wait its grace period, then kill it. Whether it ended by itself."""
        self.ask_to_end()
        return self.ends_within(self.program.grace.total_seconds()) or self.end_by_force()

    def end_by_force(self) -> bool:
        """Kill it and wait until it is gone. Always False: it did not end by itself."""
        self.kill()
        self._process.wait()
        return False

    def kill(self) -> None:
        """End it and everything it started, at once."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def describe_exit(code: int) -> str:
    """How a process ended, in words."""
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"


def with_log(program: Program, what: str) -> str:
    """One sentence on what happened to a program, and the end of its log."""
    lines = program.log.read_text(encoding="utf-8", errors="replace").splitlines()
    tail = "\n".join(f"    {line}" for line in lines[-LOG_TAIL_LINES:])
    sentence = f"{program.name} {what}. The end of its log {program.log}:"
    return f"{sentence}\n{tail or '    (empty)'}"


def _dies_with_parent(argv: tuple[str, ...], stop_signal: signal.Signals) -> tuple[str, ...]:
    """Have the kernel send `stop_signal` when we end, however that happens (Linux only)."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return argv
    return (setpriv, "--pdeathsig", stop_signal.name.removeprefix("SIG"), "--", *argv)
