"""Remembers that requests signed by Google arrived, and when members last used the side panel.

A card must not wait for this, so a process writes the same thing at most every ten minutes, after
the answer is known, and ignores a missing database.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Hashable
from contextlib import suppress
from datetime import datetime, timedelta

from backend.deps import Deps
from backend.domain.people.actor import Actor
from backend.domain.setup.evidence import Seen, Sighting
from backend.errors import RapportError
from backend.store import evidence

EVERY = timedelta(minutes=10)
MOST = 2000
"""Members and kinds remembered by one process."""
MOST_GIVEN = 200
"""Characters stored of what a refused request gave."""


class EvidenceLog:
    """One for each edge that Google calls. Safe to share between threads."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._written: OrderedDict[Hashable, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def seen(self, kind: Seen, *, what: str = "", given: str = "") -> None:
        """A request of this kind arrived."""
        now, given = self._deps.now(), given[:MOST_GIVEN]
        if self._is_new((kind, what, given), now):
            with suppress(RapportError), self._deps.store.begin_global() as session:
                one = Sighting(kind=kind, seen_at=now, what=what, given=given)
                evidence.put(session, one)

    def panel_used(self, kind: Seen, actor: Actor, scopes: Collection[str]) -> None:
        """A member opened a card."""
        now = self._deps.now()
        if self._is_new((kind, actor.workspace_id, actor.member_id, frozenset(scopes)), now):
            with suppress(RapportError), self._deps.store.begin(actor.workspace_id) as session:
                evidence.put(session, Sighting(kind=kind, seen_at=now))
                evidence.note_panel(session, actor.member_id, scopes, now)

    def _is_new(self, key: Hashable, now: datetime) -> bool:
        """Whether this was not written in the last minutes. The least recent entry is evicted."""
        with self._lock:
            last = self._written.get(key)
            if last is not None and abs(now - last) < EVERY:
                return False
            self._written[key] = now
            self._written.move_to_end(key)
            while len(self._written) > MOST:
                self._written.popitem(last=False)
            return True
