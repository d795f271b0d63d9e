"""Replaces a Smart BCC address that has leaked."""

from backend.deps import Deps
from backend.domain.capture.smart_bcc import may_replace
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, refusal
from backend.errors import NotAllowed, NotFound, SettledAlready
from backend.store import audit, capture_addresses

NO_SUCH_ADDRESS = "There is no such Smart BCC address."
REPLACED = "This address was replaced already. The new one is shown here."


def replace_address(deps: Deps, actor: Actor, *, address_id: int) -> None:
    """Create a new address in place of this one, which keeps working for two weeks.

    Raises NotFound, NotAllowed, or SettledAlready when it was replaced before.
    """
    with deps.store.begin(actor.workspace_id) as session:
        row = capture_addresses.by_id(session, address_id)
        if row is None or row.member_id not in {None, actor.member_id}:
            raise NotFound(NO_SUCH_ADDRESS)
        if row.retired_at is not None:
            raise SettledAlready(REPLACED)
        if not may_replace(actor, row.kind):
            raise NotAllowed(refusal(Permission.TEAM_MANAGE, own=False))
        now = deps.now()
        capture_addresses.replace(session, row, random_bytes=deps.random_bytes, now=now)
        audit.note(session, actor, "smart_bcc.replaced", f"capture_address:{row.id}", now=now)
