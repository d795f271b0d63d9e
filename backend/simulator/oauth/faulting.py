"""Faults of Google's account servers. They strike only when they are aimed at one of its paths."""

from flask import Response, current_app, jsonify, make_response, request

from backend.simulator.drops import DROP_KEY, Drop
from backend.simulator.faults import Fault, FaultKind, Occasion
from backend.simulator.world import World

INSTEAD = (FaultKind.STATUS, FaultKind.DROP_BEFORE, FaultKind.RST)
ERRORS = {429: "rate_limit_exceeded", 500: "internal_failure", 503: "temporarily_unavailable"}


def world() -> World:
    found: World = current_app.extensions["world"]
    return found


def strike() -> Response | None:
    """Wait, answer in the endpoint's place, or cut the connection, when a fault says so."""
    here, faults = Occasion(path=request.path), world().faults
    delay = faults.take([FaultKind.DELAY], here, if_aimed=True)
    if delay is not None:
        delay.hold()
    fault = faults.take(INSTEAD, here, if_aimed=True)
    return None if fault is None else _answer(fault)


def _answer(fault: Fault) -> Response:
    if fault.kind is not FaultKind.STATUS:
        request.environ[DROP_KEY] = Drop.RESET if fault.kind is FaultKind.RST else Drop.CLOSE
        return make_response("", 500)
    code = int(fault.number("code", 503))
    error = fault.text("reason", ERRORS.get(code, "invalid_request"))
    text = fault.text("message", "Fault on demand")
    return make_response(jsonify({"error": error, "error_description": text}), code)
