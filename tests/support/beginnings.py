"""How tests that begin alike share the work of it.

Connecting a mailbox goes through consent, keys and a first import, and takes longer than most tests
that want one; so do the beginnings of some modules. As long as a test has changed nothing else yet,
neither in the database nor at Google, they are the same each time: then each is done once, and
copied.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from backend.deps import Deps
from tests.support.databases import Database
from tests.support.simulator import Simulator

T = TypeVar("T")
COPIES: dict[tuple[str, ...], tuple[str, Any]] = {}
"""Each beginning that was kept, by where it is and what was done: the name of the copy, and what
its last step returned.
"""


@dataclass
class Beginning:
    """The named steps of a test so far, while it does nothing else. `deps` are as it got them."""

    database: Database
    simulator: Simulator
    deps: Deps
    path: tuple[str, ...]
    _marks: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self._marks = self._look()

    def copied(self, deps: Deps, step: str, take: Callable[[], T]) -> T:
        """What `take` would return and leave behind. `step` names it."""
        if not self._is_untouched(deps):
            return take()
        path = (*self.path, step)
        key = (self.database.super_url, self.simulator.root, deps.public_url, *path)
        if key in COPIES:
            copy, answer = COPIES[key]
            self.database.empty()
            self.database.put_back(copy)
            self.simulator.put_back(copy)
        else:
            answer, copy = take(), f"copy_{len(COPIES)}"
            COPIES[key] = copy, answer
            self.database.keep(copy)
            self.simulator.keep(copy)
        self.path, self._marks = path, self._look()
        found: T = answer
        return found

    def _is_untouched(self, deps: Deps) -> bool:
        google, limits, now = self.deps.google, self.deps.limits, self.deps.now
        same = deps.google is google and deps.limits is limits and deps.now == now
        return same and self._marks == self._look()

    def _look(self) -> tuple[int, int]:
        return self.database.next_transaction(), len(self.simulator.posted)
