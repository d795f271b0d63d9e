"""A cache of recent members, so that opening an email does not begin with a look-up.

The cache is never trusted: the card's own statement reads the member again and reports any change.
Entries expire after a minute, in case the member joined another workspace. Only the card beside an
email uses it; every click looks the member up.
"""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from addon.auth import Identity
from backend.domain.people.actor import Actor

MOST = 1024
REMEMBERED_FOR = timedelta(minutes=1)


class RememberedActors:
    """Members by Google identity. Safe to share between threads."""

    def __init__(self) -> None:
        self._actors: OrderedDict[Identity, tuple[Actor, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, identity: Identity, now: datetime) -> Actor | None:
        """The member, unless the entry has expired."""
        with self._lock:
            if identity not in self._actors:
                return None
            self._actors.move_to_end(identity)
            actor, since = self._actors[identity]
            return actor if abs(now - since) < REMEMBERED_FOR else None

    def keep(self, identity: Identity, actor: Actor, now: datetime) -> None:
        """Remember the member; the least recently used entry is evicted."""
        with self._lock:
            self._actors[identity] = (actor, now)
            self._actors.move_to_end(identity)
            while len(self._actors) > MOST:
                self._actors.popitem(last=False)

    def forget(self, identity: Identity) -> None:
        """Evict a member who changed or left."""
        with self._lock:
            self._actors.pop(identity, None)
