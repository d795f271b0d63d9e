"""The hooks in a web server of their own, with tokens that the simulator really signed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
import requests
from flask import Flask, Response, request

from backend.deps import Deps
from backend.google.tokens import signed_claims
from backend.hooks.gmail_push import PushConfig, gmail_push
from backend.store.session import Store
from tests.support.company import ROBIN, Company
from tests.support.processes import eventually
from tests.support.serving import serving

AUDIENCE = "https://rapport.example/hooks/gmail-push"


@dataclass(frozen=True)
class Hooks:
    """The served hooks of a company."""

    company: Company
    root: str

    def aim(self, *, audience: str = AUDIENCE) -> None:
        """Let Gmail push here."""
        self.company.simulator.aim_push(f"{self.root}/hooks/gmail-push", audience)

    def token(self, *, audience: str = AUDIENCE) -> str:
        """A bearer token as push deliveries carry it."""
        seen: list[str] = []
        app = Flask("recorder")

        @app.post("/")
        def receive() -> Response:
            seen.append(request.headers["Authorization"].removeprefix("Bearer "))
            return Response(status=204)

        with serving(app) as root:
            self.company.simulator.aim_push(f"{root}/", audience)
            self.company.receives(ROBIN)
            assert eventually(lambda: bool(seen))
            self.company.simulator.aim_push(None)
        return seen[-1]

    def deliver(self, body: object, token: str) -> requests.Response:
        """One delivery, written by hand."""
        data = body if isinstance(body, bytes) else None
        return requests.post(
            f"{self.root}/hooks/gmail-push",
            data=data,
            json=None if data is not None else body,
            headers={"Authorization": f"Bearer {token}"},
            timeout=20,
        )


def push_config(company: Company) -> PushConfig:
    return PushConfig(
        verify=lambda token: signed_claims(token, company.deps.google.oauth.keys),
        service_account=company.settings.push_service_account,
        audience=AUDIENCE,
    )


def served(deps: Deps, company: Company) -> Flask:
    app = Flask("hooks")
    app.register_blueprint(gmail_push(deps, push_config(company)))
    return app


@pytest.fixture
def hooks(quiet_company: Company) -> Iterator[Hooks]:
    quiet_company.connected(ROBIN)
    with serving(served(quiet_company.deps, quiet_company)) as root:
        yield Hooks(quiet_company, root)
        quiet_company.simulator.aim_push(None)


@pytest.fixture
def hooks_without_database(hooks: Hooks) -> Iterator[Hooks]:
    """The same while Postgres is away."""
    nowhere = Store.connect("postgresql://nobody@127.0.0.1:1/nothing")
    deps = replace(hooks.company.deps, store=nowhere)
    with serving(served(deps, hooks.company)) as root:
        yield replace(hooks, root=root)
    nowhere.dispose()
