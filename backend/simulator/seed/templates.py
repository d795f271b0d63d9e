"""Filled stores that a reset copies from: making them takes a second, copying them a moment."""

import threading

from backend.simulator.clock import Clock
from backend.simulator.config import Seed
from backend.simulator.seed.filling import fill
from backend.simulator.store import Store


class Templates:
    """One store for each seed, made when first needed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._made: dict[Seed, Store] = {}

    def of(self, seed: Seed) -> Store:
        with self._lock:
            if seed not in self._made:
                store = Store()
                fill(store, seed, now=self._clock.now())
                self._made[seed] = store
            return self._made[seed]

    def close(self) -> None:
        """Let go of them."""
        with self._lock:
            for store in self._made.values():
                store.close()
            self._made.clear()
