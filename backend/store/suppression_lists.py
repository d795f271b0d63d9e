"""Addresses that are not written to, as a list: who, why, since when, and who lifted it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from backend.domain.ids import ContactId
from backend.domain.paging import ListQuery
from backend.domain.sending.suppression import SuppressionCause
from backend.store.contact_lists import starts
from backend.store.keyset import AnySelect, Order, Slice, count_up_to, page_of
from backend.store.like import key_starts_with
from backend.store.models import Contact, ContactAddress, Suppression, TeamMember

NEWEST = Order(Suppression.since.expression, Suppression.id.expression, descending=True)
LIFTED = "lifted"
CAUSES = frozenset(cause for cause in SuppressionCause)


def suppressions_page(session: Session, asked: ListQuery) -> tuple[Slice, int | None]:
    """One page, those in force unless the filter `state` says "lifted". Filter `reason`: a cause.
    Rows hold the suppression as `Suppression`, then `contact` and `lifter` by name.
    """
    lifted = asked.filters.get("state") == LIFTED
    ended: ColumnElement[bool] = Suppression.ended_at.is_not(None)
    query: AnySelect = (
        select(Suppression, Contact.name.label("contact"), TeamMember.name.label("lifter"))
        .outerjoin(Contact, Contact.id == Suppression.contact_id)
        .outerjoin(TeamMember, TeamMember.id == Suppression.lifted_by)
        .where(ended if lifted else ~ended)
    )
    if asked.filters.get("reason") in CAUSES:
        query = query.where(Suppression.reason == asked.filters["reason"])
    if asked.words:
        query = query.where(_found(asked.words))
    return page_of(session, query, NEWEST, asked), count_up_to(session, query)


def suppression(session: Session, suppression_id: int) -> Suppression | None:
    """One of the session's workspace, held against changes by others."""
    query = select(Suppression).where(Suppression.id == suppression_id).with_for_update()
    return session.scalars(query).one_or_none()


def lift(session: Session, row: Suppression, *, by: int, now: datetime) -> None:
    """Let a person's word count more than the reports there were so far."""
    session.execute(
        update(Suppression)
        .where(Suppression.id == row.id)
        .values(ended_at=now, lifted_at=now, lifted_by=by)
    )


def addresses_behind(session: Session, contact_ids: list[ContactId]) -> Mapping[int, str]:
    """The address of each contact that is written to, for rows that hold no key."""
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
