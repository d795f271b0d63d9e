"""Google's signing keys, fetched once and kept for as long as Google says: the transport that
google-auth verifies tokens with.

google-auth asks for the keys at each verification, even of garbage; this answers from memory.
"""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import requests
from google.auth import exceptions
from google.auth.transport import Request, Response

TIMEOUT = 4
"""Seconds for fetching the keys; a card has to be answered meanwhile."""

KEEP = timedelta(minutes=30)
"""How long keys are kept when the answer does not say."""

MAX_AGE = re.compile(r"max-age=(\d{1,7})")


class KeptAnswer(Response):
    """An answer as google-auth reads it."""

    def __init__(self, status: int, headers: Mapping[str, str], data: bytes) -> None:
        self._status, self._headers, self._data = status, headers, data

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self._status

    @property
    def headers(self) -> Mapping[str, str]:
        """The response headers."""
        return self._headers

    @property
    def data(self) -> bytes:
        """The body."""
        return self._data


@dataclass
class CertificateCache(Request):
    """A google-auth `Request` that fetches each address of keys once and keeps the answer."""

    now: Callable[[], datetime]
    _kept: dict[str, tuple[datetime, KeptAnswer]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, url: str, *_: Any, **__: Any) -> KeptAnswer:
        """The answer of `url`, from memory while it is fresh."""
        with self._lock:
            kept = self._kept.get(url)
            if kept and kept[0] > self.now():
                return kept[1]
            answer, fresh_for = fetch(url)
            if answer.status == 200:
                self._kept[url] = (self.now() + fresh_for, answer)
            return answer


def fetch(url: str) -> tuple[KeptAnswer, timedelta]:
    """One GET, and how long its answer may be kept."""
    try:
        response = requests.get(url, timeout=TIMEOUT)
    except requests.RequestException as error:
        raise exceptions.TransportError(error) from error
    found = MAX_AGE.search(response.headers.get("Cache-Control", ""))
    fresh_for = timedelta(seconds=int(found.group(1))) if found else KEEP
    return KeptAnswer(response.status_code, response.headers, response.content), fresh_for
