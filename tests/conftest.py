"""Fixtures of the whole suite. Each starts its server when the first test asks for it."""

import gc
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest
import redis
from hypothesis import HealthCheck, settings

from backend.local.postgres import PostgresServer
from backend.local.valkey import ValkeyServer
from tests.support.databases import Database, TestDatabases
from tests.support.servers import Servers, migrated_postgres, running_postgres, running_valkey
from tests.support.simulator import Simulator, running_simulator

if TYPE_CHECKING:
    from tests.support.company import Company


# On a machine that never ran them, the first test that draws texts pays seconds for a table of all
# characters; that says nothing of the test.
settings.register_profile("rapport", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("rapport")

gc.disable()  # while some thousand tests are gathered, hardly anything of which can go again


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What was gathered stays until the end, and is not looked through again and again."""
    gathered = yield
    gc.freeze()
    gc.enable()
    return gathered


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(parent: pytest.Collector) -> Generator[None, object, object]:
    """Doctests are in the product: looking for them in tests takes seconds of each process."""
    option = parent.config.option
    wanted, option.doctestmodules = option.doctestmodules, False
    try:
        return (yield)
    finally:
        option.doctestmodules = wanted


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[PostgresServer]:
    """A Postgres of this process, its database migrated by the product's own migrations."""
    from backend.store.migrations import upgrade  # noqa: PLC0415 - only tests with a database pay

    if worker_id == "master":
        with running_postgres() as server:
            upgrade(server.owner_url())
            yield server
    else:
        with migrated_postgres(tmp_path_factory.getbasetemp().parent, upgrade) as server:
            yield server


@pytest.fixture(scope="session")
def valkey() -> Iterator[ValkeyServer]:
    with running_valkey() as server:
        yield server


@pytest.fixture(scope="session")
def servers(postgres: PostgresServer, valkey: ValkeyServer) -> Servers:
    """Addresses only. The database they name is the template: tests take `database`."""
    return Servers(postgres.owner_url(), postgres.app_url(), valkey.url)


@pytest.fixture(scope="session")
def one_database(postgres: PostgresServer) -> Iterator[str]:
    """The name of a migrated database. One for all tests: emptying it is quicker than another."""
    with TestDatabases(postgres).from_template() as name:
        yield name


@pytest.fixture
def database(postgres: PostgresServer, one_database: str) -> Database:
    """A migrated database without rows."""
    return TestDatabases(postgres).empty(one_database)


@pytest.fixture
def redis_url(valkey: ValkeyServer) -> str:
    """A Redis without keys."""
    with redis.Redis.from_url(valkey.url) as client:
        client.flushall()
    return valkey.url


@pytest.fixture(scope="session")
def running_google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with running_simulator(tmp_path_factory.mktemp("simulator")) as simulator:
        yield simulator


@pytest.fixture
def simulator(running_google: Simulator) -> Iterator[Simulator]:
    """A Google that has forgotten everything. Afterwards: it spoke as Google does."""
    running_google.reset()
    yield running_google
    assert running_google.findings() == []


@pytest.fixture
def company(database: Database, redis_url: str, simulator: Simulator) -> Iterator["Company"]:
    """An installation with a company in it, whose jobs are done in this process."""
    from tests.support.company import company_settings, opened_company  # noqa: PLC0415 - as above

    settings = company_settings(database, redis_url, simulator)
    with opened_company(database, simulator, settings) as open_office:
        yield open_office


@pytest.fixture
def quiet_company(
    database: Database, redis_url: str, running_google: Simulator
) -> Iterator["Company"]:
    """The same company with empty mailboxes, for tests that bring their own mail."""
    from tests.support.company import company_settings, furnished, opened_company  # noqa: PLC0415

    furnished(running_google)
    settings = company_settings(database, redis_url, running_google)
    with opened_company(database, running_google, settings, seed="empty") as open_office:
        yield open_office
    assert running_google.findings() == []
