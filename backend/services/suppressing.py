"""Addresses that are not written to, shown and freed by a person.

What mail came back, or was called spam, stops mail by rule (`domain.failing_addresses`). A person
may know better: the stop ends with who did it and when, and only a later report sets it again.
"""

from collections.abc import Mapping

from backend.domain.ids import PendingId
from backend.domain.paging import ListQuery, Page
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed
from backend.domain.reasons import Reason
from backend.domain.sending.suppression import SuppressionCause
from backend.domain.summaries.people import StopLine
from backend.errors import InputError, NotFound
from backend.services.deps import Deps
from backend.services.replanning import replan_all
from backend.services.settings.rights import require
from backend.store import audit, failures, suppression_lists
from backend.store.failures import Failed
from backend.store.models import Suppression
from backend.store.outbox.planning import free_held

GONE = "There is no such stop. It may have been lifted already."
STAYS: Mapping[str, str] = {
    SuppressionCause.UNSUBSCRIBED: (
        "This person unsubscribed. Set them subscribed in the list of contacts, if they ask for it."
    ),
    SuppressionCause.ERASED: "This person was erased, and that stays.",
}
"""What is not lifted here, and what to do instead."""


def stops(deps: Deps, actor: Actor, query: ListQuery) -> Page[StopLine]:
    """A page of addresses that are not written to, the newest first. Filters: `reason` (a cause)
    and `state` ("lifted").
    """
    with deps.store.begin(actor.workspace_id) as session:
        found, total = suppression_lists.suppressions_page(session, query)
        rows = [row.Suppression for row in found.rows]
        without_key = [row.contact_id for row in rows if row.key is None and row.contact_id]
        written = suppression_lists.addresses_behind(session, without_key)
        failed = failures.of_keys(session, [row.key for row in rows if row.key])

        def line(row: Suppression, contact: str | None, lifter: str | None) -> StopLine:
            address = row.key or written.get(row.contact_id or 0)
            return _line(actor, row, (address, contact, lifter), failed.get(row.key or ""))

        return found.page(lambda row: line(row.Suppression, row.contact, row.lifter), total)


def lift(deps: Deps, actor: Actor, *, suppression_id: int) -> str:
    """Let mail go to an address again; which address. Raises NotFound, NotAllowed or InputError."""
    with deps.store.begin(actor.workspace_id) as session:
        row = suppression_lists.suppression(session, suppression_id)
        if row is None or row.ended_at is not None:
            raise NotFound(GONE)
        if row.reason in STAYS:
            raise InputError(STAYS[row.reason])
        require(actor, Permission.STOP_LIFT, own=not _is_complaint(row))
        suppression_lists.lift(session, row, by=actor.member_id, now=deps.now())
        subject = f"address:{row.address_hash.hex()}"
        audit.note(session, actor, "address.lifted", subject, now=deps.now())
        if row.key:
            held = (Reason.RECIPIENT_BLOCKED,)
            free_held(session, None, held, deps.now(), address=row.key)
        replan_all(session, deps, actor.workspace_id)
        return row.key or "the address"


def _line(
    actor: Actor,
    row: Suppression,
    names: tuple[str | None, str | None, str | None],
    failed: Failed | None,
) -> StopLine:
    address, contact, lifter = names
    may = allowed(actor.role, Permission.STOP_LIFT, own=not _is_complaint(row))
    return StopLine(
        id=row.id,
        address=address,
        contact_id=row.contact_id if row.contact_id and contact else None,
        contact_name=contact,
        cause=row.reason,
        since=row.since,
        because=failed.sentence if failed else None,
        mail_id=PendingId(row.pending_id) if row.pending_id else None,
        by_hand=row.set_by is not None,
        lifted_at=row.ended_at,
        lifted_by=lifter,
        may_lift=may and row.ended_at is None and row.reason not in STAYS,
    )


def _is_complaint(row: Suppression) -> bool:
    return row.reason == SuppressionCause.COMPLAINED
