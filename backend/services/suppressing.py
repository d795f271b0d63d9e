"""Frees suppressed addresses by hand.

Bounced mail and spam complaints suppress an address by rule (`domain.failing_addresses`). A person
may know better: the suppression ends with who lifted it and when, and only a later report sets it
again.
"""

from backend.deps import Deps
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission
from backend.domain.reasons import Reason
from backend.domain.sending.suppression import STAYS, SuppressionCause
from backend.errors import InputError, NotFound, SettledAlready
from backend.services.planning import free_held
from backend.services.replanning import replan_all
from backend.services.settings.rights import require
from backend.store import audit, suppressions
from backend.store.models import Suppression

GONE = "There is no such stop."


def lift(deps: Deps, actor: Actor, *, suppression_id: int) -> str:
    """Lift a suppression; returns the address. Raises NotFound, NotAllowed or InputError."""
    with deps.store.begin(actor.workspace_id) as session:
        row = suppressions.in_workspace(session, suppression_id)
        if row is None:
            raise NotFound(GONE)
        if row.ended_at is not None:
            raise SettledAlready(f"Mail may go to {row.key or 'the address'} again already.")
        if row.reason in STAYS:
            raise InputError(STAYS[row.reason])
        require(actor, Permission.STOP_LIFT, own=not _is_complaint(row))
        suppressions.lift(session, row, by=actor.member_id, now=deps.now())
        subject = f"address:{row.address_hash.hex()}"
        audit.note(session, actor, "address.lifted", subject, now=deps.now())
        if row.key:
            held = (Reason.RECIPIENT_BLOCKED,)
            free_held(session, None, held, deps.now(), address=row.key)
        replan_all(session, deps, actor.workspace_id)
        return row.key or "the address"


def _is_complaint(row: Suppression) -> bool:
    return row.reason == SuppressionCause.COMPLAINED
