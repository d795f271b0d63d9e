"""A running add-on and a Google that calls it, as Gmail's page would."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.serving import make_server

from addon.config import AddonConfig
from addon.deployment import deployment_for
from addon.routes import addon_blueprint
from backend.deps import Deps
from backend.local.ports import free_port
from tests.addon.panel import Panel
from tests.support.company import Company
from tests.support.serving import at_work
from tests.support.simulator import Simulator, running_simulator


@pytest.fixture(scope="session")
def addon_url() -> str:
    """Where the add-on of this run is called; its manifest names the same address."""
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture(scope="session")
def running_google(tmp_path_factory: pytest.TempPathFactory, addon_url: str) -> Iterator[Simulator]:
    """A Google in which our add-on is installed."""
    folder = tmp_path_factory.mktemp("simulator")
    manifest = folder / "deployment.json"
    manifest.write_text(deployment_for(addon_url))
    with running_simulator(folder, deployment=manifest) as simulator:
        yield simulator


@pytest.fixture
def company(company: Company, addon_url: str) -> Company:
    """The installation, reached under the add-on's address."""
    return replace(company, deps=replace(company.deps, public_url=addon_url))


@pytest.fixture
def panel(company: Company, addon_url: str) -> Iterator[Panel]:
    """The side panel of any member."""
    app = addon_app(company, company.deps, addon_url)
    server = make_server("127.0.0.1", int(addon_url.rpartition(":")[2]), app, threaded=True)
    with at_work(server):
        yield Panel(company, addon_url)


def addon_app(company: Company, deps: Deps, addon_url: str) -> Flask:
    """An application with nothing but the add-on."""
    app = Flask("addon")
    config = AddonConfig.of(
        public_url=addon_url,
        service_account=company.settings.addon_service_account,
        audiences=company.settings.addon_audiences,
    )
    app.register_blueprint(addon_blueprint(deps, config))
    return app
