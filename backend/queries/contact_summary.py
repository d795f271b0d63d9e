"""A contact as it is shown, whichever statement read it: the card's one, or a page's few.

The one place that makes a summary of a contact's row and their addresses.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from backend.domain.ids import ContactId
from backend.domain.people.actor import Actor
from backend.domain.summaries.people import AccountLine, AddressLine, ContactSummary, MemberLine
from backend.store.failures import Failed

BLOCKS: Mapping[str, str] = {
    "erased": "Erased",
    "complained": "Reported our mail as spam",
    "bounced": "Mail came back",
    "by_hand": "Stopped by the team",
    "unsubscribed": "Unsubscribed",
}
"""Stored causes of a suppression in words, the gravest first."""
LIFTED_BY_HAND = frozenset({"complained", "bounced", "by_hand"})
"""What a person may end. A subscription is the contact's own choice, and an erasure stays."""


class ContactRow(Protocol):
    """What a summary shows of a contact's own row, whichever statement read it."""

    @property
    def id(self) -> ContactId: ...
    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str | None: ...
    @property
    def phone(self) -> str | None: ...
    @property
    def is_admin(self) -> bool: ...
    @property
    def last_login_on(self) -> date | None: ...
    @property
    def archived_at(self) -> datetime | None: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def created_via(self) -> str: ...
    @property
    def last_interaction_at(self) -> datetime | None: ...
    @property
    def last_reply_at(self) -> datetime | None: ...


class AddressRow(Protocol):
    """What is shown of an address."""

    @property
    def address(self) -> str: ...
    @property
    def is_primary(self) -> bool: ...


class StopRow(Protocol):
    """What is shown of a suppression."""

    @property
    def id(self) -> int: ...
    @property
    def reason(self) -> str: ...
    @property
    def since(self) -> datetime: ...


def contact_summary(
    row: ContactRow,
    *,
    addresses: tuple[AddressLine, ...],
    accounts: tuple[AccountLine, ...],
    assigned_to: MemberLine | None,
) -> ContactSummary:
    """A contact from a row and what belongs to it, the address that is written to first."""
    return ContactSummary(
        id=row.id,
        name=row.name,
        title=row.title,
        addresses=addresses,
        accounts=accounts,
        created_at=row.created_at,
        created_via=row.created_via,
        last_interaction_at=row.last_interaction_at,
        last_reply_at=row.last_reply_at,
        write_block=addresses[0].stop if addresses else None,
        assigned_to=assigned_to,
        phone=row.phone,
        is_admin=row.is_admin,
        last_login_on=row.last_login_on,
        archived_at=row.archived_at,
    )


def address_line(
    actor: Actor, row: AddressRow, stops: Sequence[StopRow], failed: Failed | None
) -> AddressLine:
    """An address, with the gravest reason why no mail may go there, and what failed last."""
    order = list(BLOCKS)
    stop = min(stops, key=lambda one: order.index(one.reason), default=None)
    return AddressLine(
        address=row.address,
        primary=row.is_primary,
        failure=failed.sentence if failed else None,
        failed_at=failed.at if failed else None,
        stop=write_block(actor, stop.reason, stop.since) if stop else None,
        stop_id=stop.id if stop and stop.reason in LIFTED_BY_HAND else None,
    )


def write_block(actor: Actor, reason: str, since: datetime) -> str:
    """Why no mail may go to an address, and since when: "Mail came back 2 Oct"."""
    return f"{BLOCKS[reason]} {day_for(actor, since)}"


def day_for(actor: Actor, at: datetime) -> str:
    """A day inside a sentence, as the reader's calendar has it: "2 Oct"."""
    there = at.astimezone(ZoneInfo(actor.time_zone))
    return f"{there.day} {there:%b}"
