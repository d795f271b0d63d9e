"""Plays Pub/Sub: posts a signed notification for each changed mailbox, and again until it is taken.

At most one a second for each mailbox, as Gmail does; redelivered with growing pauses on anything
but a success; late, twice, out of order or never when a fault says so.
"""

import base64
import heapq
import itertools
import json
import logging
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import requests

from backend.simulator.clock import Clock
from backend.simulator.config import PushTarget, checked_push_endpoint
from backend.simulator.faults import FaultKind, Faults, Occasion
from backend.simulator.keys import Keys
from backend.simulator.people import subject_of

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

SPACING_SECONDS = 1.0
ANSWER_SECONDS = 10.0  # Pub/Sub's default deadline
LONGEST_PAUSE_SECONDS = 600.0
ACCEPTED = frozenset({102, 200, 201, 202, 204})
OUT_OF_ORDER_SECONDS = 3.0
SECOND_COPY_SECONDS = 0.2
RETENTION_SECONDS = 7 * 24 * 3600.0


@dataclass(order=True)
class _Delivery:
    due: float
    number: int
    mailbox: str = field(compare=False)
    message: dict[str, object] = field(compare=False)
    attempt: int = field(default=0, compare=False)
    born: float = field(default=0.0, compare=False)


class Pusher:
    """A queue of deliveries and the thread that works it off."""

    def __init__(
        self, keys: Keys, clock: Clock, faults: Faults, *, target: PushTarget, retry: timedelta
    ) -> None:
        self._keys = keys
        self._clock = clock
        self._faults = faults
        self._retry_seconds = retry.total_seconds()
        self.target = target
        self.history_of: Callable[[str], int | None] = lambda _: None
        self._wake = threading.Condition()
        self._queue: list[_Delivery] = []
        self._dirty: dict[str, float] = {}
        self._last: dict[str, float] = {}
        self._numbers = itertools.count(1)
        self._counts = {"delivered": 0, "refused": 0, "silenced": 0}
        self._thread: threading.Thread | None = None
        self._stopped = False

    def aim(self, target: PushTarget, *, retry: timedelta) -> None:
        """Deliver elsewhere from now on. Refuses addresses beyond this machine."""
        checked_push_endpoint(target.endpoint)
        with self._wake:
            self.target = target
            self._retry_seconds = retry.total_seconds()

    def changed(self, mailbox: str) -> None:
        """Somebody who may be watched has a changed mailbox."""
        with self._wake:
            due = max(time.monotonic(), self._last.get(mailbox, 0.0) + SPACING_SECONDS)
            self._dirty.setdefault(mailbox, due)
            if self._thread is None and not self._stopped:
                self._thread = threading.Thread(target=self._run, name="push", daemon=True)
                self._thread.start()
            self._wake.notify()

    def forget(self) -> None:
        with self._wake:
            self._queue.clear()
            self._dirty.clear()
            self._last.clear()
            self._counts = dict.fromkeys(self._counts, 0)

    def state(self) -> dict[str, object]:
        with self._wake:
            return {
                "endpoint": self.target.endpoint,
                "audience": self.target.audience,
                "service_account": self.target.service_account,
                "waiting": len(self._queue) + len(self._dirty),
                **self._counts,
            }

    def stop(self) -> None:
        """Deliver nothing any more; returns when the thread has ended."""
        with self._wake:
            self._stopped = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join(ANSWER_SECONDS)

    def _run(self) -> None:
        while True:
            if self._stopped:
                return
            for mailbox in self._take_dirty():
                history = self.history_of(mailbox)
                if history is not None:
                    self._enqueue(mailbox, history)
            with self._wake:
                delivery = self._due()
                if delivery is None:
                    if not self._stopped:
                        self._wake.wait(self._pause())
                    continue
            self._deliver(delivery)

    def _pause(self) -> float | None:
        times = [*self._dirty.values(), *(one.due for one in self._queue[:1])]
        return max(0.0, min(times) - time.monotonic()) if times else None

    def _due(self) -> _Delivery | None:
        if self._queue and self._queue[0].due <= time.monotonic():
            return heapq.heappop(self._queue)
        return None

    def _take_dirty(self) -> list[str]:
        """Changed mailboxes whose second has passed."""
        now = time.monotonic()
        with self._wake:
            taken = [name for name, due in self._dirty.items() if due <= now]
            for mailbox in taken:
                del self._dirty[mailbox]
                self._last[mailbox] = now
        return taken

    def _enqueue(self, mailbox: str, history: int) -> None:
        here = Occasion(user=mailbox)
        if self._faults.take([FaultKind.PUSH_SILENT], here):
            self._counts["silenced"] += 1
            return
        pause = 0.0
        late = self._faults.take([FaultKind.PUSH_LATE], here)
        if late:
            pause = late.number("seconds", 30)
        number = next(self._numbers)
        if self._faults.take([FaultKind.PUSH_OUT_OF_ORDER], here) and number % 2:
            pause += OUT_OF_ORDER_SECONDS
        times = 2 if self._faults.take([FaultKind.PUSH_TWICE], here) else 1
        message = self._message(mailbox, history, number)
        now = time.monotonic()
        with self._wake:
            for copy in range(times):
                due = now + pause + copy * SECOND_COPY_SECONDS
                order = number * 2 + copy
                heapq.heappush(self._queue, _Delivery(due, order, mailbox, message, born=now))

    def _message(self, mailbox: str, history: int, number: int) -> dict[str, object]:
        data = json.dumps({"emailAddress": mailbox, "historyId": history}).encode()
        ident = str(self._clock.now_ms() * 1000 + number % 1000)
        published = self._clock.now().isoformat(timespec="milliseconds")[:-6] + "Z"
        return {  # Pub/Sub pushes both spellings
            "data": base64.b64encode(data).decode(),
            **dict.fromkeys(("messageId", "message_id"), ident),
            **dict.fromkeys(("publishTime", "publish_time"), published),
        }

    def _deliver(self, delivery: _Delivery) -> None:
        target = self.target
        if target.endpoint is None:
            return
        taken = self._post(target, delivery)
        with self._wake:
            self._counts["delivered" if taken else "refused"] += 1
            if taken or time.monotonic() - delivery.born > RETENTION_SECONDS:
                return
            pause = min(LONGEST_PAUSE_SECONDS, self._retry_seconds * 2**delivery.attempt)
            delivery.attempt += 1
            delivery.due = time.monotonic() + pause
            heapq.heappush(self._queue, delivery)

    def _post(self, target: PushTarget, delivery: _Delivery) -> bool:
        body = {
            "message": delivery.message,
            "subscription": "projects/rapport-local/subscriptions/gmail-push",
        }
        try:
            answer = requests.post(
                target.endpoint or "",
                json=body,
                headers={"Authorization": f"Bearer {self._token(target)}"},
                timeout=ANSWER_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException:
            return False
        return answer.status_code in ACCEPTED

    def _token(self, target: PushTarget) -> str:
        now = self._clock.now_ms() // 1000
        return self._keys.sign(
            {
                "iss": "https://accounts.google.com",
                "aud": target.audience or target.endpoint,
                "azp": subject_of(target.service_account),
                "sub": subject_of(target.service_account),
                "email": target.service_account,
                "email_verified": True,
                "iat": now,
                "exp": now + 3600,
            }
        )
