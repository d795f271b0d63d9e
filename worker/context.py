"""The outside world of a worker process, built once, after any fork."""

from functools import lru_cache

from backend.services.deps import Deps
from backend.wiring import build_deps, read_settings


@lru_cache(maxsize=1)
def deps() -> Deps:
    """The way to Postgres, Redis and Google of this process."""
    return build_deps(read_settings())
