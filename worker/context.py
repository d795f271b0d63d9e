"""A worker process's connections, built once, after any fork, and its stop flag."""

from dataclasses import replace
from functools import lru_cache

from backend.deps import Deps
from backend.wiring import build_deps, read_settings

_told: list[str] = []


@lru_cache(maxsize=1)
def deps() -> Deps:
    """The process's clients for Postgres, Redis and Google."""
    return replace(build_deps(read_settings()), stopping=stopping)


def stop() -> None:
    """Ask long work to end soon. Safe in a signal handler: it takes no lock."""
    _told.append("stop")


def stopping() -> bool:
    """Whether this process was asked to end."""
    return bool(_told)
