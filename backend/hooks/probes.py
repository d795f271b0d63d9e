"""Whether the product is alive and ready, and figures for whoever watches it."""

import hmac
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import orjson
from flask import Blueprint, Response, abort, request
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from backend.services import alive, watching
from backend.services.deps import Deps

LOOPBACK = frozenset({"127.0.0.1", "::1"})
OWN_NAMES = LOOPBACK | {"localhost"}
FORWARDING = frozenset(
    {
        *("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"),
        *("X-Forwarded-Port", "X-Forwarded-Server", "X-Forwarded-By", "X-Real-Ip"),
        *("X-Client-Ip", "X-Original-Forwarded-For", "Cf-Connecting-Ip", "True-Client-Ip"),
    }
)
"""What proxies add to a request, as werkzeug writes the names."""


def probes(deps: Deps, metrics_token: str | None, redis_alive: Callable[[], bool]) -> Blueprint:
    """Liveness, readiness and metrics."""
    blueprint = Blueprint("probes", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", content_type="text/plain; charset=utf-8")

    @blueprint.get("/readyz")
    def readyz() -> Response:
        missing = watching.not_ready(deps)
        if not redis_alive():
            missing.append("redis")
        told = {"ready": not missing, "missing": missing, **others(deps, missing)}
        return Response(
            orjson.dumps(told), status=503 if missing else 200, content_type="application/json"
        )

    @blueprint.get("/metrics")
    def metrics() -> Response:
        require_reader(metrics_token)
        registry = CollectorRegistry()
        for figure in watching.figures(deps):
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
        forwarded = FORWARDING.intersection(request.headers.keys())
        if request.remote_addr not in LOOPBACK or forwarded or asked_host() not in OWN_NAMES:
            abort(403)
        return
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        abort(401)


def asked_host() -> str:
    """The name by which this machine was asked, without its port; empty where it cannot be one."""
    try:
        return urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return ""
