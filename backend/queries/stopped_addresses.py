"""Suppressed addresses as a list: who, why, since when, and who lifted it."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import ContactId, PendingId
from backend.domain.paging import ListQuery, Page
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed
from backend.domain.sending.suppression import STAYS, SuppressionCause
from backend.domain.summaries.people import StopLine
from backend.queries.contacts import starts
from backend.queries.keyset import Order, Slice, count_up_to, page_of
from backend.store import failures
from backend.store.failures import Failed
from backend.store.like import key_starts_with
from backend.store.models import Contact, ContactAddress, Suppression, TeamMember

NEWEST = Order(Suppression.since.expression, Suppression.id.expression, descending=True)
LIFTED = "lifted"
CAUSES = frozenset(cause for cause in SuppressionCause)


def stopped_addresses(deps: Deps, actor: Actor, query: ListQuery) -> Page[StopLine]:
    """A page of suppressed addresses, newest first. Filters: `reason` (a cause) and `state`
    ("lifted").
    """
    with deps.store.begin(actor.workspace_id) as session:
        found, total = _page_of(session, query)
        rows = [row for row, _, _ in found.rows]
        without_key = [row.contact_id for row in rows if row.key is None and row.contact_id]
        written = _addresses_behind(session, without_key)
        failed = failures.of_keys(session, [row.key for row in rows if row.key])

        def line(row: Suppression, contact: str | None, lifter: str | None) -> StopLine:
            address = row.key or written.get(row.contact_id or 0)
            return _line(actor, row, (address, contact, lifter), failed.get(row.key or ""))

        return found.page(lambda row: line(*row), total)


def _line(
    actor: Actor,
    row: Suppression,
    names: tuple[str | None, str | None, str | None],
    failed: Failed | None,
) -> StopLine:
    address, contact, lifter = names
    may = allowed(actor.role, Permission.STOP_LIFT, own=row.reason != SuppressionCause.COMPLAINED)
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


def _page_of(session: Session, asked: ListQuery) -> tuple[Slice[Suppression, str, str], int | None]:
    """One page, those in force unless the filter `state` says "lifted". Filter `reason`: a cause.
    Rows hold the suppression, then the names of the contact and of who lifted it, if any.
    """
    lifted = asked.filters.get("state") == LIFTED
    ended: ColumnElement[bool] = Suppression.ended_at.is_not(None)
    query = (
        select(Suppression, Contact.name, TeamMember.name)
        .outerjoin(Contact, Contact.id == Suppression.contact_id)
        .outerjoin(TeamMember, TeamMember.id == Suppression.lifted_by)
        .where(ended if lifted else ~ended)
    )
    if (cause := asked.filters.get("reason")) in CAUSES:
        query = query.where(Suppression.reason == cause)
    if asked.words:
        query = query.where(_found(asked.words))
    return page_of(session, query, NEWEST, asked), count_up_to(session, query)


def _addresses_behind(session: Session, contact_ids: list[ContactId]) -> Mapping[int, str]:
    """The primary address of each contact, for rows that hold no key."""
    query = (
        select(ContactAddress.contact_id, func.min(ContactAddress.address))
        .where(ContactAddress.contact_id.in_(contact_ids), ContactAddress.is_primary)
        .group_by(ContactAddress.contact_id)
    )
    return dict(session.execute(query).all())


def _found(words: str) -> ColumnElement[bool]:
    named = select(Contact.id).where(or_(*starts(words)))
    by_address = key_starts_with(Suppression.key, words)
    return by_address | Suppression.contact_id.in_(named)
