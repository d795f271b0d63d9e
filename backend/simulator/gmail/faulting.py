"""What a fault makes of an answer: another status, no connection, or content nobody can read."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from backend.simulator.drops import Drop
from backend.simulator.faults import Fault, FaultKind
from backend.simulator.gmail.call import Answer, Json, answer_error
from backend.simulator.gmail.errors import (
    MAIL_SENDING,
    SIGN_IN_AGAIN,
    USUAL_REASONS,
    ApiError,
    over_sending_limit,
)

FAULT_HEADER = "X-Simulator-Fault"
MESSAGES = {
    401: SIGN_IN_AGAIN,
    403: "Rate Limit Exceeded",
    404: "Requested entity was not found.",
    429: "Too many concurrent requests for user",
    500: "Internal error encountered.",
    503: "The service is currently unavailable.",
}
NOTHING: Mapping[str, str] = {}
PAGE = b"<!DOCTYPE html><title>Error</title><p>That is an error. That is all we know.</p>"
GARBAGE = "=?*not base64*?="


def answer_of_fault(fault: Fault) -> Answer:
    match fault.kind:
        case FaultKind.DROP_BEFORE:
            return Answer(0, drop=Drop.CLOSE)
        case FaultKind.RST:
            return Answer(0, drop=Drop.RESET)
        case FaultKind.RETRY_AFTER:
            return _marked(answer_error(_sending_limit(fault)), fault)
        case _:
            answer = answer_error(_status(fault))
            page = _page(answer.status, answer.headers) if fault.params.get("html") else answer
            return _marked(page, fault)


def garble(answer: Answer, fault: Fault) -> Answer:
    """What was done is answered with a page, with half of the JSON, or with half of what the head
    promises.
    """
    match fault.text("mode", "page"):
        case "half_json":
            garbled = replace(answer, body=answer.body[: len(answer.body) // 2])
        case "cut":
            garbled = replace(answer, drop=Drop.MIDWAY)
        case _:
            garbled = _page(200)
    return _marked(garbled, fault)


def _page(status: int, headers: Mapping[str, str] = NOTHING) -> Answer:
    """A web page, as front doors, proxies and captive portals show it."""
    return Answer(status, PAGE, {"Content-Type": "text/html", **headers})


def spoil(answer: Answer, fault: Fault) -> Answer:
    """A message as no parser likes it: bodies that do not decode, or no payload at all."""
    if answer.status != 200:
        return answer
    resource: Json = json.loads(answer.body)
    messages = resource.get("messages", [resource])
    for message in messages if isinstance(messages, list) else []:
        if fault.text("mode", "bad_base64") == "no_payload":
            message.pop("payload", None)
        else:
            _spoil_part(message.get("payload", {}))
    return _marked(Answer(200, json.dumps(resource).encode()), fault)


def _spoil_part(part: Json) -> None:
    body = part.get("body")
    if isinstance(body, dict) and "data" in body:
        body["data"] = GARBAGE
    inner = part.get("parts", [])
    for child in inner if isinstance(inner, list) else []:
        _spoil_part(child)


def _status(fault: Fault) -> ApiError:
    code = int(fault.number("code", 503))
    default = "rateLimitExceeded" if code in {403, 429} else USUAL_REASONS.get(code, "")
    reason = fault.text("reason", default)
    throttled = reason.endswith("LimitExceeded")
    error = ApiError(
        *(code, fault.text("message", MESSAGES.get(code, "Fault on demand")), reason),
        "usageLimits" if throttled else "global",
    )
    if "retry_after" in fault.params:
        error.headers["Retry-After"] = fault.text("retry_after", "1")
    return error


def _sending_limit(fault: Fault) -> ApiError:
    until = datetime.now(UTC) + timedelta(seconds=fault.number("seconds", 3600))
    code = int(fault.number("code", 429))
    return over_sending_limit(until, code=code, purpose=fault.text("purpose", MAIL_SENDING))


def _marked(answer: Answer, fault: Fault) -> Answer:
    headers = {**answer.headers, FAULT_HEADER: fault.kind.value}
    return Answer(answer.status, answer.body, headers, answer.drop)
