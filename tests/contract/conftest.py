"""One running product for each file of tests: every edge over HTTP or WSGI, with its own Google."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import redis
from werkzeug.serving import make_server

from backend.local.postgres import PostgresServer
from backend.local.valkey import ValkeyServer
from backend.wsgi import create_app
from tests.addon.conftest import addon_url, running_google
from tests.contract.member import Member
from tests.contract.product import Clock, Product
from tests.support.company import ANA, KIM, ROBIN, company_settings, furnished, opened_company
from tests.support.databases import TestDatabases
from tests.support.serving import at_work
from tests.support.simulator import Simulator
from tests.support.templates import with_compiled_templates

__all__ = ["addon_url", "running_google"]


@pytest.fixture(scope="module")
def product(
    postgres: PostgresServer,
    valkey: ValkeyServer,
    running_google: Simulator,
    addon_url: str,
    one_database: str,
) -> Iterator[Product]:
    """The example company at work. Its mailboxes are empty and nobody is connected yet."""
    furnished(running_google)
    with redis.Redis.from_url(valkey.url) as client:
        client.flushall()
    database = TestDatabases(postgres).empty(one_database)
    environment = {
        **company_settings(database, valkey.url, running_google),
        "RAPPORT_PUBLIC_URL": addon_url,
        "RAPPORT_PUSH_AUDIENCE": f"{addon_url}/hooks/gmail-push",
    }
    with opened_company(database, running_google, environment, seed="empty") as opened:
        clock = Clock(opened.deps.now)
        company = replace(opened, deps=replace(opened.deps, now=clock))
        app = with_compiled_templates(create_app(company.deps, company.settings))
        server = make_server("127.0.0.1", int(addon_url.rpartition(":")[2]), app, threaded=True)
        with at_work(server):
            yield Product(company, app, clock, addon_url, environment)
    assert running_google.findings() == []


@pytest.fixture
def robin(product: Product) -> Member:
    """A member whose Gmail is connected, and who sends at any hour."""
    return product.member(ROBIN).at_work()


@pytest.fixture
def kim(product: Product) -> Member:
    """A leader."""
    return product.member(KIM)


@pytest.fixture
def ana(product: Product) -> Member:
    """An admin."""
    return product.member(ANA)
