"""One response with Google's published keys, in google-auth's form, and its cache lifetime."""

import re
from collections.abc import Mapping
from datetime import timedelta

import requests
from google.auth import exceptions
from google.auth.transport import Response

from backend.google.deadlines import timed_session

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


def fetch(url: str) -> tuple[KeptAnswer, timedelta]:
    """One GET, and how long its answer may be kept."""
    try:
        with timed_session(TIMEOUT) as session:
            response = session.get(url, timeout=TIMEOUT)
    except requests.RequestException as error:
        raise exceptions.TransportError(error) from error
    found = MAX_AGE.search(response.headers.get("Cache-Control", ""))
    fresh_for = timedelta(seconds=int(found.group(1))) if found else KEEP
    return KeptAnswer(response.status_code, response.headers, response.content), fresh_for
