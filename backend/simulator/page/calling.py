"""One HTTP call to the add-on, with Google's time limit, and with a chosen fault.

The only place where the page's server calls the outside.
"""

import json
import threading
import time
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import requests

from backend.simulator.config import is_loopback
from backend.simulator.page.asking import Fate

Json = dict[str, object]
SLOW_SECONDS = 3.0
CHUNK_BYTES = 64 * 1024
NOT_HERE = "The simulator calls add-ons on this machine only: nothing leaves it."
USER_AGENT = "Google-gsuiteaddons"


class Trouble(StrEnum):
    """Why there is no answer to read."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    STATUS = "status"
    NOT_JSON = "not_json"


@dataclass(frozen=True)
class Call:
    """One call and what came back. `status` 0 when nothing did; `ms` as long as it took."""

    url: str
    status: int
    ms: int
    size: int
    answer: object = None
    trouble: Trouble | None = None
    detail: str = ""


def call_add_on(url: str, event: Json, bearer: str, *, limit: float, fate: Fate) -> list[Call]:
    """Call the add-on as Google does. More than one call when it is replayed."""
    if not is_loopback(urlsplit(url).hostname or ""):
        return [Call(url, 0, 0, 0, trouble=Trouble.UNREACHABLE, detail=NOT_HERE)]
    match fate:
        case Fate.FAILS:
            text = "Chosen under Next call: the add-on was not asked."
            return [Call(url, 500, 0, 0, trouble=Trouble.STATUS, detail=text)]
        case Fate.SLOW:
            return [_slowly(url, event, bearer, limit=limit)]
        case Fate.REPLAYED:
            return [_post(url, event, bearer, limit=limit) for _ in range(2)]
        case Fate.WORKS | Fate.TIMES_OUT | Fate.GARBLED:
            return [_spoilt(_post(url, event, bearer, limit=limit), fate, limit)]


def _spoilt(call: Call, fate: Fate, limit: float) -> Call:
    """The add-on has done its work; only its answer is lost. So a second click meets the first."""
    match fate:
        case Fate.TIMES_OUT:
            return _too_late(call.url, limit)
        case Fate.GARBLED:
            text = "Chosen under Next call: half of the answer was lost."
            half = call.size // 2
            return Call(call.url, call.status, call.ms, half, None, Trouble.NOT_JSON, text)
        case _:
            return call


def _slowly(url: str, event: Json, bearer: str, *, limit: float) -> Call:
    waited = min(SLOW_SECONDS, limit)
    threading.Event().wait(waited)
    if waited >= limit:
        return _too_late(url, limit)
    call = _post(url, event, bearer, limit=limit - waited)
    return Call(
        *(call.url, call.status, call.ms + int(waited * 1000), call.size),
        *(call.answer, call.trouble, call.detail),
    )


def _post(url: str, event: Json, bearer: str, *, limit: float) -> Call:
    started = time.monotonic()
    try:
        status, body = _exchange(url, event, bearer, deadline=started + limit)
    except (requests.Timeout, TimeoutError):
        return _too_late(url, limit)
    except requests.RequestException as error:
        detail = f"{type(error).__name__}: the add-on cannot be reached at this address."
        ms = _since(started)
        return Call(url, 0, ms, 0, trouble=Trouble.UNREACHABLE, detail=detail)
    return _read(url, status, body, ms=_since(started))


def _exchange(url: str, event: Json, bearer: str, *, deadline: float) -> tuple[int, bytes]:
    """The whole exchange within the deadline, however slowly the answer trickles in."""
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    left = max(deadline - time.monotonic(), 0.01)
    with requests.post(
        url,
        json=event,
        headers={"User-Agent": USER_AGENT, **headers},
        timeout=left,
        allow_redirects=False,
        stream=True,
    ) as response:
        body = b""
        for chunk in response.iter_content(CHUNK_BYTES):
            body += chunk
            if time.monotonic() > deadline:
                raise TimeoutError
        return response.status_code, body


def _read(url: str, status: int, body: bytes, *, ms: int) -> Call:
    try:
        answer = json.loads(body)
    except ValueError as error:
        answer, detail = None, f"The answer is not JSON: {error}."
    else:
        detail = ""
    if status != 200:
        text = f"The add-on answered {status}. Google shows its own error for all but 200."
        return Call(url, status, ms, len(body), answer, Trouble.STATUS, text)
    trouble = Trouble.NOT_JSON if detail else None
    return Call(url, status, ms, len(body), answer, trouble, detail)


def _too_late(url: str, limit: float) -> Call:
    detail = f"It took longer than {limit:g} seconds to answer."
    return Call(url, 0, int(limit * 1000), 0, trouble=Trouble.TIMEOUT, detail=detail)


def _since(started: float) -> int:
    return int((time.monotonic() - started) * 1000)
