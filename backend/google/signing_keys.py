"""Google's signing keys, kept between requests: the transport that google-auth verifies with.

google-auth fetches the keys again for every token, even for garbage. Here an unknown key costs one
fetch a minute, and an outage one try in five seconds.
"""

import json
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from google.auth import exceptions
from google.auth.transport import Request

from backend.google.kept_answer import KeptAnswer, fetch

LOOK_AGAIN = timedelta(minutes=1)
"""How soon an unknown key may cause another fetch: garbage must not cause one each time."""

TRY_AGAIN = timedelta(seconds=5)
"""How long a failed fetch is remembered, so that requests do not queue up behind timeouts."""

STALE = timedelta(hours=6)
"""How long expired keys are better than none. Google announces new keys a day ahead."""


class SigningKeys(Request):
    """The keys at one address. Safe to share between threads."""

    def __init__(self, url: str, now: Callable[[], datetime]) -> None:
        self.url, self.now = url, now
        self._lock = threading.Lock()
        self._answer: KeptAnswer | None = None
        self._ids: frozenset[str] = frozenset()
        self._fresh_until = self._fetched_at = self._failed_at = datetime.min.replace(
            tzinfo=now().tzinfo
        )

    def __call__(self, *_: object, **__: object) -> KeptAnswer:
        """The keys, from memory while they are fresh. Raises TransportError without any."""
        answer = self._answer
        if answer is not None and self._fresh_until > self.now():
            return answer
        with self._lock:
            if self._answer is None or self._fresh_until <= self.now():
                self._fetch()
            return self._kept()

    def look_for(self, key_id: object) -> None:
        """Fetch once more when this key is not among those kept, as after a rotation."""
        if key_id in self._ids or self._answer is None:
            return
        with self._lock:
            if key_id not in self._ids and self._fetched_at + LOOK_AGAIN <= self.now():
                self._fetch()

    def _kept(self) -> KeptAnswer:
        if self._answer is None or self._fresh_until + STALE <= self.now():
            raise exceptions.TransportError("no keys")
        return self._answer

    def _fetch(self) -> None:
        if self._failed_at + TRY_AGAIN > self.now():
            return
        found = look(self.url)
        if found is None:
            self._failed_at = self.now()
            return
        self._answer, self._ids, fresh_for = found
        self._fetched_at = self.now()
        self._fresh_until = self.now() + fresh_for


def look(url: str) -> tuple[KeptAnswer, frozenset[str], timedelta] | None:
    """The keys at an address with their ids and for how long; None unless they are readable."""
    try:
        answer, fresh_for = fetch(url)
        keys = json.loads(answer.data) if answer.status == 200 else None
    except (exceptions.TransportError, ValueError):
        return None
    if not isinstance(keys, dict):
        return None
    return answer, frozenset(map(str, keys)), fresh_for
