"""The JSON of message payloads, made when first asked for and kept: content never changes."""

import json
import threading
from collections import OrderedDict

from backend.simulator.mail.mailbox import raw_of
from backend.simulator.mail.payload import NONCE_MARK, fresh_nonce, payload_of
from backend.simulator.store import Store

KEPT_BYTES = 64 * 1024 * 1024


class Payloads:
    """A cache of the most recently used ones."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, str] = OrderedDict()
        self._bytes = 0

    def full(self, ident: int) -> str:
        """The payload of format=full, with attachment ids nobody has seen before."""
        text = self._look_up(ident)
        if text is None:
            with self._store.read() as db:
                raw = raw_of(db, ident)
            text = json.dumps(payload_of(raw), ensure_ascii=True)
            self._keep(ident, text)
        return text.replace(NONCE_MARK, fresh_nonce()) if NONCE_MARK in text else text

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def _look_up(self, ident: int) -> str | None:
        with self._lock:
            text = self._kept.get(ident)
            if text is not None:
                self._kept.move_to_end(ident)
            return text

    def _keep(self, ident: int, text: str) -> None:
        with self._lock:
            self._kept[ident] = text
            self._bytes += len(text)
            while self._bytes > KEPT_BYTES and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                self._bytes -= len(dropped)
