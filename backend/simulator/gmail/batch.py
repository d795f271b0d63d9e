"""Batches: up to a hundred calls in one multipart body, each answered with a status of its own.

Inner calls run at the same time at Google and count so: what goes beyond the places a user has is
answered 429, whatever the outer 200 says.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from backend.simulator.drops import Drop
from backend.simulator.gmail.call import Answer, Call, answer_error
from backend.simulator.gmail.dispatch import dispatch, user_of
from backend.simulator.gmail.errors import bad_request, too_many_at_once
from backend.simulator.mail.raw_headers import parse_fields, split
from backend.simulator.world import World

MOST_CALLS = 100
JSON = "application/json; charset=UTF-8"
BOUNDARY = re.compile(r'boundary="?([^";]+)"?')
REQUEST_LINE = re.compile(rb"(?:\r?\n)*([A-Z]+) (\S+)(?: HTTP/[\d.]+)?\r?\n")


@dataclass(frozen=True)
class _Inner:
    content_id: str
    call: Call


def answer_batch(world: World, headers: Mapping[str, str], body: bytes) -> Answer:
    """Run all inner calls; a cut connection cuts the whole batch."""
    found = BOUNDARY.search(headers.get("content-type", ""))
    if found is None:
        return answer_error(bad_request("Missing boundary in batch request", "badRequest"))
    calls = _inner_calls(body, found[1].encode(), headers.get("authorization", ""))
    if not calls:
        return answer_error(bad_request("The batch request contains no calls", "badRequest"))
    if len(calls) > MOST_CALLS:
        message = f"The batch request's Inner request count exceeds the limit. Limit: {MOST_CALLS}"
        return answer_error(bad_request(message, "batchSizeLimitExceeded"))
    answers = _answers(world, [one.call for one in calls])
    dropped = next((one for one in answers if one.drop is not Drop.NO), None)
    if dropped is not None and dropped.drop is not Drop.MIDWAY:
        return dropped
    return replace(_multipart(calls, answers), drop=dropped.drop if dropped else Drop.NO)


def _answers(world: World, calls: list[Call]) -> list[Answer]:
    """Take all places at once, as calls that run at the same time do; the surplus is refused."""
    user = next((name for name in (user_of(world, one) for one in calls) if name), "")
    places = world.quota.enter(user, len(calls)) if user else len(calls)
    try:
        done = [dispatch(world, call) for call in calls[:places]]
    finally:
        if user:
            world.quota.leave(user, places)
    refused = [answer_error(too_many_at_once())] * (len(calls) - places)
    return done + refused


def _inner_calls(body: bytes, boundary: bytes, authorization: str) -> list[_Inner]:
    pieces = re.split(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(?:--)?[ \t]*\r?\n?", body)
    found = (_inner(piece, authorization) for piece in pieces if piece.strip())
    return [one for one in found if one is not None]


def _inner(piece: bytes, authorization: str) -> _Inner | None:
    block, request = split(piece)
    content_id = next((one.value for one in parse_fields(block) if one.key == "content-id"), "")
    line = REQUEST_LINE.match(request if request.endswith(b"\n") else request + b"\r\n")
    if line is None:
        return None
    inner_block, inner_body = split(request[line.end() :])
    headers = {one.key: one.value for one in parse_fields(inner_block)}
    if authorization:
        headers.setdefault("authorization", authorization)
    target = urlsplit(line[2].decode("ascii", "replace"))
    query = parse_qs(target.query, keep_blank_values=True)
    call = Call(line[1].decode(), target.path, query, headers, inner_body.strip())
    return _Inner(content_id, call)


def _multipart(calls: list[_Inner], answers: list[Answer]) -> Answer:
    boundary = f"batch_{secrets.token_urlsafe(18)}"
    parts = [
        _part(boundary, inner.content_id, answer)
        for inner, answer in zip(calls, answers, strict=True)
    ]
    body = b"".join(parts) + f"--{boundary}--\r\n".encode()
    return Answer(200, body, {"Content-Type": f"multipart/mixed; boundary={boundary}"})


def _part(boundary: str, content_id: str, answer: Answer) -> bytes:
    """Google answers `<x>` with `<response-x>`."""
    phrase = HTTPStatus(answer.status).phrase
    headers = {"Content-Type": JSON, **answer.headers}
    extra = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = (
        f"--{boundary}\r\nContent-Type: application/http\r\n"
        f"Content-ID: <response-{content_id.strip('<>')}>\r\n\r\n"
        f"HTTP/1.1 {answer.status} {phrase}\r\n{extra}"
        f"Content-Length: {len(answer.body)}\r\n\r\n"
    )
    return head.encode() + answer.body + b"\r\n"
