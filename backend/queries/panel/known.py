"""Maps the facts of one statement to C-2: a known person, and our history with them.

A stored message and one that only Gmail has are shown alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from backend.deps import Deps
from backend.domain.ids import (
    AccountId,
    ContactId,
    ConversationId,
    MemberId,
    MessageId,
    PendingId,
)
from backend.domain.people.actor import Actor
from backend.domain.sending.delivery_report import Outcome, could_not
from backend.domain.summaries.log_state import LogFacts, log_summary
from backend.domain.summaries.mail import LogSummary
from backend.domain.summaries.panel import DoubleLine, FollowSummary, KnownPerson, PersonLine
from backend.domain.summaries.pending import PendingLine
from backend.domain.summaries.people import (
    AccountLine,
    AccountSummary,
    AddressLine,
    ContactSummary,
    MemberLine,
)
from backend.queries.contacts import BLOCKS, write_block
from backend.queries.panel import facts
from backend.queries.panel.facts import suppressed
from backend.queries.panel.recent import readers, recent_lines
from backend.queries.pending.lines import pending_lines
from backend.store.mailboxes import WORKING
from backend.store.pending_access import one

Facts = Mapping[str, Any]
ROLES = ("From", "To", "Cc", "Bcc", "Reply-To")


@dataclass(frozen=True, kw_only=True)
class Unlogged:
    """A message that is not stored: why the rules leave it out, and its people."""

    sentence: str
    people: tuple[PersonLine, ...]


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who looks at which email, and which of its people they asked about, if any."""

    deps: Deps
    actor: Actor
    gmail_id: str
    about: ContactId | None = None


def known_person(reader: Reader, found: Facts, unlogged: Unlogged | None = None) -> KnownPerson:
    """The card's content. `unlogged` is given for a message that the workspace does not have."""
    contact = _contact(reader, found)
    thread, log = found["thread"], _log(found, reader.actor, unlogged)
    readable, private = readers(reader.actor, thread, found["holders"]) if thread else ("", None)
    return KnownPerson(
        gmail_id=reader.gmail_id,
        contact=contact,
        people=unlogged.people if unlogged else _people(found),
        account=_account(found["accounts"][0]) if found["accounts"] else None,
        log=log,
        follow=FollowSummary(
            on=bool(thread and thread["followed"]),
            by_sync=bool(thread) and log.logged and found["mailbox_state"] in WORKING,
        ),
        readable_by=readable if log.logged else "",
        private=private if log.logged else None,
        pending=_pending(reader, found),
        recent=recent_lines(reader.actor, found),
        conversation_id=ConversationId(thread["id"]) if thread else None,
        doubles=_doubles(found),
        remembered=any(one["preferred_at"] for one in found["doubles"] or ()),
        chosen=reader.about == contact.id,
        assigned_to_me=contact.assigned_to is not None
        and contact.assigned_to.id == reader.actor.member_id,
    )


def facts_of_preferred(reader: Reader, found: Facts) -> Facts:
    """The same facts about the contact that the team prefers among those with this address
    (C-4).
    """
    first = next(iter(found["doubles"] or ()), None)
    if reader.about is not None or first is None or first["preferred_at"] is None:
        return found
    if first["id"] == found["contact"]["id"]:
        return found
    message = found["message"]
    wanted = facts.Wanted(
        gmail_id=reader.gmail_id,
        message_id=MessageId(message["id"]) if message else None,
        contact_id=ContactId(first["id"]),
    )
    return facts.known(reader.deps.store, reader.actor, wanted)


def moment(text: str | None) -> datetime | None:
    """A time from Postgres's JSON."""
    return datetime.fromisoformat(text) if text else None


def _log(found: Facts, actor: Actor, unlogged: Unlogged | None) -> LogSummary:
    entry = found["log"]
    if entry is None:
        summary = log_summary(None, actor)
        sentence = unlogged.sentence if unlogged else ""
        return LogSummary(logged=False, sentence=sentence, may_log=summary.may_log)
    return log_summary(
        LogFacts(
            via=entry["via"],
            logged_by=entry["logged_by"],
            by_name=entry["by_name"],
            logged_at=datetime.fromisoformat(entry["logged_at"]),
            removed_by_name=entry["removed_name"],
            removed_at=moment(entry["removed_at"]),
            holders=tuple((one["owner_id"], one["name"]) for one in found["holders"] or ()),
        ),
        actor,
    )


def _contact(reader: Reader, found: Facts) -> ContactSummary:
    contact, addresses = found["contact"], found["addresses"] or []
    return ContactSummary(
        id=ContactId(contact["id"]),
        name=contact["name"],
        title=contact["title"],
        addresses=tuple(_address(one) for one in addresses),
        accounts=tuple(
            AccountLine(id=AccountId(one["id"]), name=one["name"])
            for one in found["accounts"] or ()
        ),
        created_at=datetime.fromisoformat(contact["created_at"]),
        created_via=contact["created_via"],
        last_interaction_at=moment(contact["last_interaction_at"]),
        last_reply_at=moment(contact["last_reply_at"]),
        write_block=_write_block(reader, addresses),
        assigned_to=_member(contact["assigned_to"]),
    )


def _address(row: Facts) -> AddressLine:
    failure = row["failure"]
    if failure is None:
        return AddressLine(address=row["address"], primary=row["primary"])
    return AddressLine(
        address=row["address"],
        primary=row["primary"],
        failure=could_not(row["address"], Outcome(failure["outcome"]), failure["diagnostic"]),
        failed_at=moment(failure["at"]),
    )


def _write_block(reader: Reader, addresses: Sequence[Facts]) -> str | None:
    """The most severe reason not to write to the primary address."""
    if not addresses:
        return None
    hashed = reader.deps.keyed_hash.of(reader.actor.workspace_id, addresses[0]["key"])
    causes = suppressed(reader.deps.store, reader.actor, hashed)
    if not causes:
        return None
    order = list(BLOCKS)
    reason, since = min(causes, key=lambda one: order.index(one[0]))
    return write_block(reader.actor, reason, since)


def _doubles(found: Facts) -> tuple[DoubleLine, ...]:
    several = found["doubles"] or ()
    if len(several) < 2:
        return ()
    return tuple(
        DoubleLine(contact_id=ContactId(one["id"]), name=one["name"], account_name=one["account"])
        for one in several
    )


def _people(found: Facts) -> tuple[PersonLine, ...]:
    main = found["thread"]["owner_contact_id"] if found["thread"] else None
    return tuple(
        PersonLine(
            contact_id=ContactId(one["contact_id"]),
            name=one["name"],
            account_name=one["account"],
            role=ROLES[one["place"] // 1000 - 1],
            main=one["contact_id"] == main,
        )
        for one in found["people"] or ()
    )


def _account(row: Facts) -> AccountSummary:
    return AccountSummary(
        id=AccountId(row["id"]),
        name=row["name"],
        domain=row["domain"],
        csm=_member(row["csm"]),
        ae=_member(row["ae"]),
        plan=row["plan"],
        health=row["health"],
        renews_on=date.fromisoformat(row["renews_on"]) if row["renews_on"] else None,
        contact_count=row["contact_count"],
        last_interaction_at=moment(row["last_interaction_at"]),
        last_reply_at=moment(row["last_reply_at"]),
    )


def _member(row: Facts | None) -> MemberLine | None:
    if row is None:
        return None
    return MemberLine(
        id=MemberId(row["id"]),
        name=row["name"],
        email=row["email"],
        role=row["role"],
        deactivated=row["deactivated"],
    )


def _pending(reader: Reader, found: Facts) -> tuple[PendingLine, ...]:
    """Few people have messages waiting, so these are read separately, as on the other pages."""
    ids = [PendingId(UUID(one)) for one in found["pending"] or ()]
    if not ids:
        return ()
    with reader.deps.store.begin(reader.actor.workspace_id) as session:
        rows = [one(session, pending_id) for pending_id in ids]
        found_rows = [row for row in rows if row]
        return pending_lines(reader.actor, session, found_rows, now=reader.deps.now())
