"""Maps the facts of one statement to C-2: a known person, and our history with them.

A stored message and one that only Gmail has are shown alike.
"""

from dataclasses import dataclass, replace

from backend.deps import Deps
from backend.domain.ids import ContactId
from backend.domain.people.actor import Actor
from backend.domain.summaries.log_state import log_summary
from backend.domain.summaries.mail import LogSummary
from backend.domain.summaries.panel import DoubleLine, FollowSummary, KnownPerson, PersonLine
from backend.domain.summaries.pending import PendingLine
from backend.domain.summaries.people import AccountLine, AddressLine, ContactSummary
from backend.errors import NotFound
from backend.queries.contact_summary import address_line, contact_summary
from backend.queries.panel import facts
from backend.queries.panel.facts import CardFacts, stopped
from backend.queries.panel.recent import readers, recent_lines
from backend.queries.pending.lines import pending_lines
from backend.store.mailboxes import WORKING
from backend.store.pending_access import one

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


def known_person(reader: Reader, found: CardFacts, unlogged: Unlogged | None = None) -> KnownPerson:
    """The card's content. `unlogged` is given for a message that the workspace does not have.
    Raises NotFound when the contact is gone since they were found.
    """
    contact = _contact(reader, found)
    thread, log = found.thread, _log(found, reader.actor, unlogged)
    readable, private = readers(reader.actor, thread, found.holders) if thread else ("", None)
    return KnownPerson(
        gmail_id=reader.gmail_id,
        contact=contact,
        people=unlogged.people if unlogged else _people(found),
        account=found.accounts[0] if found.accounts else None,
        log=log,
        follow=FollowSummary(
            on=bool(thread and thread.followed),
            by_sync=bool(thread) and log.logged and found.mailbox_state in WORKING,
        ),
        readable_by=readable if log.logged else "",
        private=private if log.logged else None,
        pending=_pending(reader, found),
        recent=recent_lines(reader.actor, found),
        tasks=found.tasks,
        conversation_id=thread.id if thread else None,
        doubles=_doubles(found),
        remembered=any(one.preferred_at for one in found.doubles),
        chosen=reader.about == contact.id,
        assigned_to_me=contact.assigned_to is not None
        and contact.assigned_to.id == reader.actor.member_id,
    )


def facts_of_preferred(reader: Reader, found: CardFacts) -> CardFacts:
    """The same facts about the contact whom the team chose among those with this address (C-4)."""
    first = next(iter(found.doubles), None)
    if reader.about is not None or first is None or first.preferred_at is None:
        return found
    if found.contact is None or first.contact_id == found.contact.id:
        return found
    wanted = facts.Wanted(
        gmail_id=reader.gmail_id,
        message_id=found.message.id if found.message else None,
        contact_id=first.contact_id,
    )
    return facts.known(reader.deps.store, reader.actor, wanted)


def _log(found: CardFacts, actor: Actor, unlogged: Unlogged | None) -> LogSummary:
    if found.log is None:
        summary = log_summary(None, actor)
        sentence = unlogged.sentence if unlogged else ""
        return LogSummary(logged=False, sentence=sentence, may_log=summary.may_log)
    holders = tuple((one.owner_id, one.name) for one in found.holders)
    return log_summary(replace(found.log, holders=holders), actor)


def _contact(reader: Reader, found: CardFacts) -> ContactSummary:
    if found.contact is None:
        raise NotFound("This contact was merged or erased a moment ago. Open the email again.")
    return contact_summary(
        found.contact,
        addresses=_addresses(reader, found),
        accounts=tuple(AccountLine(id=one.id, name=one.name) for one in found.accounts),
        assigned_to=found.contact.assigned_to,
    )


def _addresses(reader: Reader, found: CardFacts) -> tuple[AddressLine, ...]:
    """Their addresses. Only of the first, which is written to, it is asked why no mail may go
    there.
    """
    if not found.addresses:
        return ()
    actor, (first, *others) = reader.actor, found.addresses
    hashed = reader.deps.keyed_hash.of(actor.workspace_id, first.key)
    stops = stopped(reader.deps.store, actor, hashed)
    return (
        address_line(actor, first, stops, first.failure),
        *(address_line(actor, one, (), one.failure) for one in others),
    )


def _doubles(found: CardFacts) -> tuple[DoubleLine, ...]:
    if len(found.doubles) < 2:
        return ()
    return tuple(
        DoubleLine(contact_id=one.contact_id, name=one.name, account_name=one.account_name)
        for one in found.doubles
    )


def _people(found: CardFacts) -> tuple[PersonLine, ...]:
    main = found.thread.owner_contact_id if found.thread else None
    return tuple(
        PersonLine(
            contact_id=one.contact_id,
            name=one.name,
            account_name=one.account_name,
            role=ROLES[one.place // 1000 - 1],
            main=one.contact_id == main,
        )
        for one in found.people
    )


def _pending(reader: Reader, found: CardFacts) -> tuple[PendingLine, ...]:
    """Few people have mail waiting, so it is read by itself, as the other pages read it."""
    if not found.pending:
        return ()
    with reader.deps.store.begin(reader.actor.workspace_id) as session:
        rows = [one(session, pending_id) for pending_id in found.pending]
        found_rows = [row for row in rows if row]
        return pending_lines(reader.actor, session, found_rows, now=reader.deps.now())
