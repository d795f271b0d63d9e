"""Liveness, readiness and metrics for monitoring."""

import hmac
import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import orjson
from flask import Blueprint, Response, abort, request
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from backend.deps import Deps
from backend.queries import alive, metrics

LOOPBACK = frozenset({"127.0.0.1", "::1"})
OWN_NAMES = LOOPBACK | {"localhost"}
FORWARDING = re.compile(
    r"forward|^via$|proxy|proxied|(real|client|cluster|connecting|external|remote)[-_]?(client[-_]?)?"
    r"(ip|addr)|^x-original|^cf-|^fastly|^fly-|^x-envoy|^x-amzn|^x-azure|^x-appengine",
    re.IGNORECASE,
)
"""Header fields in which proxies and clouds name the original client."""


def probes(deps: Deps, metrics_token: str | None, redis_alive: Callable[[], bool]) -> Blueprint:
    """The blueprint of the probes."""
    blueprint = Blueprint("probes", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", content_type="text/plain; charset=utf-8")

    @blueprint.get("/readyz")
    def readyz() -> Response:
        missing = metrics.not_ready(deps)
        if not redis_alive():
            missing.append("redis")
        answer = {"ready": not missing, "missing": missing, **others(deps, missing)}
        return Response(
            orjson.dumps(answer), status=503 if missing else 200, content_type="application/json"
        )

    @blueprint.get("/metrics")
    def show_metrics() -> Response:
        require_reader(metrics_token)
        registry = CollectorRegistry()
        for figure in metrics.figures(deps):
            gauge = Gauge(figure.name, figure.help, ["kind"], registry=registry)
            for kind, value in figure.values.items():
                gauge.labels(kind).set(value)
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return blueprint


def others(deps: Deps, missing: list[str]) -> Mapping[str, str]:
    """Workers and schedule, which web does not need; skipped when the database is broken."""
    if missing and missing != ["redis"]:
        return {}
    silent = alive.silent(deps)
    return {kind: "silent" if kind in silent else "alive" for kind in alive.needed(deps)}


def require_reader(token: str | None) -> None:
    """Metrics are for the operator: by token, or without one from this machine only.

    A proxy on this machine is a loopback client, too, so any sign of a proxied request is refused:
    a proxy's header field, or a Host other than this machine's.
    """
    if token is None:
        if request.remote_addr not in LOOPBACK or came_through_somebody():
            abort(403)
        return
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        abort(401)


def came_through_somebody() -> bool:
    """Whether the request shows signs of a proxy. nginx's bare `proxy_pass` adds no field and names
    this machine in Host, but speaks HTTP/1.0, which no other client does now.
    """
    return (
        any(FORWARDING.search(name) for name in request.headers.keys())  # noqa: SIM118
        or asked_host() not in OWN_NAMES
        or request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0"
    )


def asked_host() -> str:
    """The request's Host without its port; empty when it is malformed."""
    try:
        return urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return ""
