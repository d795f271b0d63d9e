"""The members who looked lately, so that opening an e-mail does not begin with looking them up.

What is remembered is never trusted: the card's own statement reads the member again and tells when
anything about them changed. It is looked up anew after a minute, in case they joined another
workspace. Only the card beside an e-mail uses it; every click looks them up.
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
        """Who that was when they last looked."""
        with self._lock:
            if identity not in self._actors:
                return None
            self._actors.move_to_end(identity)
            actor, since = self._actors[identity]
            return actor if abs(now - since) < REMEMBERED_FOR else None

    def keep(self, identity: Identity, actor: Actor, now: datetime) -> None:
        """Remember them; whoever looked longest ago is forgotten."""
        with self._lock:
            self._actors[identity] = (actor, now)
            self._actors.move_to_end(identity)
            while len(self._actors) > MOST:
                self._actors.popitem(last=False)

    def forget(self, identity: Identity) -> None:
        """They changed, or are gone."""
        with self._lock:
            self._actors.pop(identity, None)
