"""How tests that begin alike share the work of it.

Connecting a mailbox goes through consent, keys and a first import, and takes longer than most tests
that want one. As long as a test has changed nothing else yet, neither in the database nor at
Google, it is the same each time: then it is done once, and copied.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from backend.deps import Deps
from backend.domain.ids import MailboxId
from tests.support.databases import Database
from tests.support.simulator import Simulator

COPIES: dict[tuple[str, ...], tuple[str, MailboxId]] = {}
"""Each beginning that was kept, by where it is and what was connected: the name of the copy, and
the mailbox that was connected last.
"""


@dataclass
class Beginning:
    """What a test has done so far, as long as it is only connecting. `deps` are as it got them."""

    database: Database
    simulator: Simulator
    deps: Deps
    path: tuple[str, ...]
    _marks: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self._marks = self._look()

    def connected(self, deps: Deps, email: str, connect: Callable[[], MailboxId]) -> MailboxId:
        """What `connect` would return and leave behind."""
        if not self._is_untouched(deps):
            return connect()
        self.path = (*self.path, email)
        key = (self.database.super_url, self.simulator.root, deps.public_url, *self.path)
        if key in COPIES:
            copy, mailbox_id = COPIES[key]
            self.database.empty()
            self.database.put_back(copy)
            self.simulator.put_back(copy)
        else:
            copy, mailbox_id = f"copy_{len(COPIES)}", connect()
            COPIES[key] = copy, mailbox_id
            self.database.keep(copy)
            self.simulator.keep(copy)
        self._marks = self._look()
        return mailbox_id

    def _is_untouched(self, deps: Deps) -> bool:
        google, limits, now = self.deps.google, self.deps.limits, self.deps.now
        same = deps.google is google and deps.limits is limits and deps.now == now
        return same and self._marks == self._look()

    def _look(self) -> tuple[int, int]:
        return self.database.next_transaction(), len(self.simulator.posted)
