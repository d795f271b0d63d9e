"""Retires old secret keys: everything sealed is sealed again with the newest one.

Can be interrupted and repeated at any time: finished values begin with the newest key's mark.
"""

from dataclasses import dataclass

from backend.deps import Deps
from backend.domain.ids import WorkspaceId
from backend.errors import ConfigurationError
from backend.store import resealing

BATCH = 200
"""Mailboxes per query."""


@dataclass(frozen=True, kw_only=True)
class Rotated:
    """What was sealed again, and what still depends on an older key.

    `lost` are mailboxes whose key is not in the list; `open_ways` are OAuth attempts of the last
    ten minutes, which end or expire within ten more.
    """

    mailboxes: int
    key_of_hashes: bool
    lost: tuple[int, ...]
    open_ways: int

    @property
    def done(self) -> bool:
        """Whether the older keys can go."""
        return not self.lost and not self.open_ways


def rotate_keys(deps: Deps) -> Rotated:
    """Seal again what an older key holds. Raises ConfigurationError when the key of the hashes
    cannot be opened.
    """
    deps.keyed_hash.of(WorkspaceId(0), "")  # made now, if nothing was hashed yet
    with deps.store.begin_global() as session:
        key_of_hashes = resealing.reseal_hash_key(session, deps.sealer, deps.random_bytes)
    done, lost = _reseal_mailboxes(deps)
    with deps.store.begin_global() as session:
        ways = resealing.open_ways(session, deps.sealer, deps.now())
    return Rotated(mailboxes=done, key_of_hashes=key_of_hashes, lost=tuple(lost), open_ways=ways)


def _reseal_mailboxes(deps: Deps) -> tuple[int, list[int]]:
    done, lost, after = 0, list[int](), 0
    while True:
        with deps.store.begin_global() as session:
            found = resealing.mailboxes(session, deps.sealer, after=after, limit=BATCH)
        if not found:
            return done, lost
        for workspace_id, mailbox_id in found:
            after = mailbox_id
            try:
                with deps.store.begin(workspace_id) as session:
                    resealing.reseal_mailbox(session, deps.sealer, mailbox_id, deps.random_bytes)
            except ConfigurationError:
                lost.append(mailbox_id)
            else:
                done += 1
