"""Prints the simulator's progress in loading a mail archive."""

import json
import time
from dataclasses import dataclass
from pathlib import Path

from backend.errors import ConfigurationError
from backend.local.checks import fetch

TELL_EVERY = 2.0  # seconds


@dataclass
class MailLoading:
    """`is_over` from the start when no mail was named."""

    simulator_port: int
    is_over: bool
    next_look: float = 0.0

    def tell(self) -> None:
        """Print a line when it is time for one, until everything is loaded."""
        if self.is_over or time.monotonic() < self.next_look:
            return
        self.next_look = time.monotonic() + TELL_EVERY
        body = fetch(self.simulator_port, "/simulator/loading")
        if body is None:
            return
        progress = json.loads(body)
        self.is_over = progress["state"] == "finished"
        for problem in progress["problems"] if self.is_over else ():
            print(problem, flush=True)
        print(progress_line(progress), flush=True)


def progress_line(progress: dict[str, object]) -> str:
    """One line: `Your mail: 4,200 messages loaded, 2 of them broken but kept, 41 %.`"""
    broken = f", {progress['broken']} of them broken but kept" if progress["broken"] else ""
    return f"Your mail: {progress['messages']:,} messages loaded{broken}, {progress['percent']} %."


def require_readable(path: Path) -> None:
    """Refuse an archive that cannot be read before anything is started."""
    try:
        if path.is_dir():
            next(path.iterdir(), None)
        else:
            path.open("rb").close()
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read: {error.strerror}. Name an mbox file or a Maildir folder."
        ) from error
