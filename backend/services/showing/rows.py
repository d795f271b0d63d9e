"""Rows of people and companies turned into what is shown, a page at a time, without a query each.

Separate because the lists of accounts, contacts and conversations, and each of their pages, show
the same lines.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from backend.domain.ids import MemberId
from backend.domain.people.actor import Actor
from backend.domain.summaries.people import (
    AccountLine,
    AccountSummary,
    AddressLine,
    ContactSummary,
    MemberLine,
)
from backend.services.deps import Deps
from backend.store import account_lists, contact_lists, failures
from backend.store.failures import Failed
from backend.store.models import Account, Contact, ContactAddress, Suppression, TeamMember

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


def account_summaries(session: Session, rows: Sequence[Account]) -> list[AccountSummary]:
    """Accounts with their people on our side and their number of contacts."""
    counts = account_lists.contact_counts(session, [row.id for row in rows])
    ours = [member for row in rows for member in (row.csm_id, row.ae_id) if member is not None]
    members = account_lists.members_by_id(session, ours)
    return [
        AccountSummary(
            id=row.id,
            name=row.name,
            domain=row.domain,
            csm=_member(members, row.csm_id),
            ae=_member(members, row.ae_id),
            plan=row.plan,
            health=row.health,
            renews_on=row.renews_on,
            contact_count=counts.get(row.id, 0),
            last_interaction_at=row.last_interaction_at,
            last_reply_at=row.last_reply_at,
        )
        for row in rows
    ]


def contact_summaries(
    deps: Deps, actor: Actor, session: Session, rows: Sequence[Contact]
) -> list[ContactSummary]:
    """Contacts with their addresses, their accounts, and why no mail may go there, if so."""
    ids = [row.id for row in rows]
    addresses = contact_lists.addresses(session, ids)
    accounts = contact_lists.accounts_of(session, ids)
    lines = _address_lines(deps, actor, session, addresses)
    holders = [row.assigned_to for row in rows if row.assigned_to is not None]
    members = account_lists.members_by_id(session, holders)
    return [
        ContactSummary(
            id=row.id,
            name=row.name,
            title=row.title,
            addresses=lines.get(row.id, ()),
            accounts=tuple(account_line(one) for one in accounts.get(row.id, ())),
            created_at=row.created_at,
            created_via=row.created_via,
            last_interaction_at=row.last_interaction_at,
            last_reply_at=row.last_reply_at,
            write_block=next((one.stop for one in lines.get(row.id, ())), None),
            assigned_to=_member(members, row.assigned_to),
        )
        for row in rows
    ]


def account_line(row: Account) -> AccountLine:
    """An account by name."""
    return AccountLine(id=row.id, name=row.name)


def member_line(row: TeamMember) -> MemberLine:
    """A team member by name."""
    return MemberLine(
        id=row.id,
        name=row.name,
        email=row.email,
        role=row.role,
        deactivated=row.deactivated_at is not None,
        claimed_at=row.claimed_at,
        address_ended=row.address_ended_at is not None,
    )


def day_for(actor: Actor, at: datetime) -> str:
    """A day inside a sentence, as the reader's calendar has it: "2 Oct"."""
    there = at.astimezone(ZoneInfo(actor.time_zone))
    return f"{there.day} {there:%b}"


def _member(members: Mapping[int, TeamMember], member_id: MemberId | None) -> MemberLine | None:
    found = members.get(member_id) if member_id is not None else None
    return member_line(found) if found else None


def _address_lines(
    deps: Deps, actor: Actor, session: Session, addresses: Mapping[int, Sequence[ContactAddress]]
) -> Mapping[int, tuple[AddressLine, ...]]:
    """The addresses of each contact, with why no mail may go there and what failed."""
    rows = [row for several in addresses.values() for row in several]
    hashes = {row.key: deps.keyed_hash.of(actor.workspace_id, row.key) for row in rows}
    stops = contact_lists.suppressions(session, list(hashes.values()))
    failed = failures.of_keys(session, hashes)
    return {
        contact_id: tuple(
            _address_line(actor, row, stops.get(hashes[row.key], ()), failed.get(row.key))
            for row in several
        )
        for contact_id, several in addresses.items()
    }


def _address_line(
    actor: Actor, row: ContactAddress, stops: Sequence[Suppression], failed: Failed | None
) -> AddressLine:
    stop = _gravest(stops)
    return AddressLine(
        address=row.address,
        primary=row.is_primary,
        failure=failed.sentence if failed else None,
        failed_at=failed.at if failed else None,
        stop=write_block(actor, stop.reason, stop.since) if stop else None,
        stop_id=stop.id if stop and stop.reason in LIFTED_BY_HAND else None,
    )


def _gravest(rows: Sequence[Suppression]) -> Suppression | None:
    order = list(BLOCKS)
    return min(rows, key=lambda row: order.index(row.reason), default=None)


def write_block(actor: Actor, reason: str, since: datetime) -> str:
    """Why no mail may go to an address, and since when: "Mail came back 2 Oct"."""
    return f"{BLOCKS[reason]} {day_for(actor, since)}"
