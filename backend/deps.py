"""The dependencies that every command and query receives: Postgres, Google, Redis and the clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from backend.domain.ids import WorkspaceId
from backend.google.apis import Google
from backend.jobs import Jobs
from backend.limits import Limits
from backend.limits.visits import Visits
from backend.provider.dns_lookup import Dns
from backend.store.sealing import KeyedHash, Sealer
from backend.store.session import Store


@dataclass(frozen=True, kw_only=True)
class Deps:
    """The outside world of one process, built once by `backend.wiring`.

    `now` is the database's time, and `ahead` how far this machine's clock is ahead of it.
    `random_bytes(n)` gives n fresh bytes for keys, nonces and tokens. `capture_domain` is the
    domain of Smart BCC addresses, if any, and `authserv_id` the mail server that is trusted about
    who sent mail to them; `lmtp_expected` is whether it arrives by LMTP alone, and `dns` answers
    where that server says nothing. `stopping` says whether this process was asked to stop: long
    work checks between two steps, and leaves the rest to another process.
    """

    store: Store
    google: Google
    limits: Limits
    visits: Visits
    jobs: Jobs
    sealer: Sealer
    keyed_hash: KeyedHash
    now: Callable[[], datetime]
    random_bytes: Callable[[int], bytes]
    public_url: str
    capture_domain: str | None = None
    authserv_id: str | None = None
    lmtp_expected: bool = False
    dns: Dns = field(default_factory=Dns)
    ahead: Callable[[], timedelta] = timedelta
    stopping: Callable[[], bool] = lambda: False

    def hashed_in(self, workspace_id: WorkspaceId) -> Callable[[str], bytes]:
        """The keyed hash of one workspace."""
        return partial(self.keyed_hash.of, workspace_id)
