"""The outside world of a worker process, built once, after any fork; and whether it is to end."""

from dataclasses import replace
from functools import lru_cache

from backend.services.deps import Deps
from backend.wiring import build_deps, read_settings

_told: list[str] = []


@lru_cache(maxsize=1)
def deps() -> Deps:
    """The way to Postgres, Redis and Google of this process."""
    return replace(build_deps(read_settings()), stopping=stopping)


def stop() -> None:
    """Ask long work to end soon. Fit for a signal handler: it takes no lock."""
    _told.append("stop")


def stopping() -> bool:
    """Whether this process was told to end."""
    return bool(_told)
