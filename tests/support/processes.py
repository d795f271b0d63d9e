"""Looking at processes from outside. A fresh machine has no ps, so /proc is asked."""

import re
from collections.abc import Callable
from pathlib import Path
from threading import Event
from time import monotonic


def is_alive(pid: int) -> bool:
    """Whether it runs: a zombie nobody has reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def pids_that_mention(word: str) -> list[int]:
    """Living processes with `word` on their command line or in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
        except OSError:
            continue
        if re.search(re.escape(word.encode()), told) and is_alive(int(folder.name)):
            found.append(int(folder.name))
    return found


def eventually(condition: Callable[[], bool], *, within: float = 90) -> bool:
    """Whether it becomes so within some seconds."""
    pause, ends = Event(), monotonic() + within
    while not condition():
        if monotonic() > ends:
            return condition()
        pause.wait(0.05)
    return True
