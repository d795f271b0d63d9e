"""Liveness, readiness and figures."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis

from backend.deps import Deps
from backend.hooks.probes import probes
from backend.services import scheduler
from backend.store.session import Store
from backend.wiring import redis_alive
from tests.support.company import Company
from tests.support.faults import older_database

NOWHERE = "redis://127.0.0.1:1"


def client(deps: Deps, redis_url: str, token: str | None = None) -> FlaskClient:
    app = Flask("probes")
    redis = Redis.from_url(redis_url, socket_connect_timeout=1)
    app.register_blueprint(probes(deps, token, lambda: redis_alive(redis)))
    return app.test_client()


def test_a_ready_process_says_so(quiet_company: Company) -> None:
    web = client(quiet_company.deps, str(quiet_company.settings.redis_url))
    assert web.get("/healthz").status_code == 200
    answer = web.get("/readyz")
    told = {
        "ready": True,
        "missing": [],
        "worker": "silent",
        "schedule": "silent",
        "lmtp": "silent",
    }
    assert (answer.status_code, answer.get_json()) == (200, told)
    scheduler.beat(quiet_company.deps, "prompt-1", "worker")
    scheduler.beat(quiet_company.deps, "schedule-1", "schedule")
    told |= {"worker": "alive", "schedule": "alive"}
    assert web.get("/readyz").get_json() == told
    assert 'rapport_processes_alive{kind="worker"} 1.0' in web.get("/metrics").text


def test_what_is_missing_is_named(quiet_company: Company) -> None:
    company = quiet_company
    assert client(company.deps, NOWHERE).get("/readyz").get_json()["missing"] == ["redis"]
    nowhere = Store.connect("postgresql://nobody@127.0.0.1:1/nothing")
    away = client(replace(company.deps, store=nowhere), str(company.settings.redis_url))
    answer = away.get("/readyz")
    told = {"ready": False, "missing": ["postgres"]}
    assert (answer.status_code, answer.get_json()) == (503, told)
    assert away.get("/healthz").status_code == 200
    nowhere.dispose()
    with older_database(company):
        web = client(company.deps, str(company.settings.redis_url))
        assert web.get("/readyz").get_json()["missing"] == ["migrations"]


def test_figures_are_for_the_operator_only(quiet_company: Company) -> None:
    company = quiet_company
    company.connect()
    scheduler.beat(company.deps, "worker-1", "worker any")
    local = client(company.deps, str(company.settings.redis_url))
    figures = local.get("/metrics").text
    assert 'rapport_mailboxes{kind="importing"} 1.0' in figures
    assert 'rapport_heartbeat_age_seconds{kind="worker-1"}' in figures
    assert "@" not in figures
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert local.get("/metrics", environ_base=elsewhere).status_code == 403
    for header in (
        *("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "x-forwarded-proto"),
        *("X-Cluster-Client-IP", "Fastly-Client-IP", "X-Envoy-External-Address", "Client-IP"),
        *("Forwarded-For", "X-ProxyUser-Ip", "X-Azure-ClientIP", "True-Client-IP"),
    ):
        assert local.get("/metrics", headers={header: "127.0.0.1"}).status_code == 403, header
    bare = {"SERVER_PROTOCOL": "HTTP/1.0"}  # what nginx speaks where nothing else was set
    assert local.get("/metrics", environ_overrides=bare).status_code == 403
    for name in ("crm.example.com", "127.0.0.1.evil.example", "[::1", "localhost.evil.example:80"):
        assert local.get("/metrics", headers={"Host": name}).status_code == 403, name
    assert local.get("/metrics", headers={"Host": "[::1]:8000"}).status_code == 200
    guarded = client(company.deps, str(company.settings.redis_url), token="open sesame")
    assert guarded.get("/metrics").status_code == 401
    headers = {"Authorization": "Bearer open sesame"}
    assert guarded.get("/metrics", headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probes_take_no_other_verb(path: str, quiet_company: Company) -> None:
    web = client(quiet_company.deps, str(quiet_company.settings.redis_url))
    assert web.post(path).status_code == 405
