"""An installation with nothing in it, as after `rapport migrate`, beside a Google with people."""

from collections.abc import Iterator
from contextlib import contextmanager

from backend.settings import Settings
from backend.wiring import build_deps, configure_logging
from tests.support.company import Company, company_settings, furnished
from tests.support.databases import Database
from tests.support.simulator import Simulator


@contextmanager
def bare_installation(
    database: Database, redis_url: str, simulator: Simulator
) -> Iterator[Company]:
    """Migrated and empty; the simulator knows the example company's people."""
    furnished(simulator)
    configure_logging()
    settings = Settings.from_environment(company_settings(database, redis_url, simulator))
    deps = build_deps(settings)
    try:
        yield Company(deps, settings, database, simulator)
    finally:
        deps.store.dispose()
