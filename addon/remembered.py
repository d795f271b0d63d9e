"""The members who looked lately, so that opening an e-mail does not begin with looking them up.

What is remembered is never trusted: the card's own statement reads the member again and tells when
anything about them changed. Only the card beside an e-mail uses it; every click looks them up.
"""

import threading
from collections import OrderedDict

from addon.auth import Identity
from backend.domain.actor import Actor

MOST = 1024


class RememberedActors:
    """Members by Google identity. Safe to share between threads."""

    def __init__(self) -> None:
        self._actors: OrderedDict[Identity, Actor] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, identity: Identity) -> Actor | None:
        """Who that was when they last looked."""
        with self._lock:
            if identity in self._actors:
                self._actors.move_to_end(identity)
            return self._actors.get(identity)

    def keep(self, identity: Identity, actor: Actor) -> None:
        """Remember them; whoever looked longest ago is forgotten."""
        with self._lock:
            self._actors[identity] = actor
            self._actors.move_to_end(identity)
            while len(self._actors) > MOST:
                self._actors.popitem(last=False)

    def forget(self, identity: Identity) -> None:
        """They changed, or are gone."""
        with self._lock:
            self._actors.pop(identity, None)
