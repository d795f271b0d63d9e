"""Whether the product is alive and ready, and figures for whoever watches it."""

import hmac
import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import orjson
from flask import Blueprint, Response, abort, request
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from backend.queries import alive, metrics
from backend.services.deps import Deps

LOOPBACK = frozenset({"127.0.0.1", "::1"})
OWN_NAMES = LOOPBACK | {"localhost"}
FORWARDING = re.compile(
    r"forward|^via$|proxy|proxied|(real|client|cluster|connecting|external|remote)[-_]?(client[-_]?)?"
    r"(ip|addr)|^x-original|^cf-|^fastly|^fly-|^x-envoy|^x-amzn|^x-azure|^x-appengine",
    re.IGNORECASE,
)
"""What proxies and clouds add to a request, by whatever name they say whom it came from."""


def probes(deps: Deps, metrics_token: str | None, redis_alive: Callable[[], bool]) -> Blueprint:
    """Liveness, readiness and metrics."""
    blueprint = Blueprint("probes", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", content_type="text/plain; charset=utf-8")

    @blueprint.get("/readyz")
    def readyz() -> Response:
        missing = metrics.not_ready(deps)
        if not redis_alive():
            missing.append("redis")
        told = {"ready": not missing, "missing": missing, **others(deps, missing)}
        return Response(
            orjson.dumps(told), status=503 if missing else 200, content_type="application/json"
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
    """Workers and schedule, which the web does not depend on; not asked of a broken database."""
    if missing and missing != ["redis"]:
        return {}
    silent = alive.silent(deps)
    return {kind: "silent" if kind in silent else "alive" for kind in alive.MISSING}


def require_reader(token: str | None) -> None:
    """Figures are for the operator: by token, or from this machine when there is none.

    A proxy on this machine is a neighbour, too, so whatever shows that somebody else asked through
    one is refused: what a proxy adds, and a name of ours that is not this machine's.
    """
    if token is None:
        if request.remote_addr not in LOOPBACK or came_through_somebody():
            abort(403)
        return
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        abort(401)


def came_through_somebody() -> bool:
    """Whether anything shows that a neighbour asked for somebody else. nginx's `proxy_pass` alone
    adds no field at all and names this machine, but speaks HTTP/1.0, which nothing else does now.
    """
    return (
        any(FORWARDING.search(name) for name in request.headers.keys())  # noqa: SIM118
        or asked_host() not in OWN_NAMES
        or request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0"
    )


def asked_host() -> str:
    """The name by which this machine was asked, without its port; empty where it cannot be one."""
    try:
        return urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return ""
