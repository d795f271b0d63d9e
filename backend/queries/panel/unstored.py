"""The open email that the workspace does not have: decides which of the five cases it is.

Asks the same rules as every path of mail in, so that the card never promises what they refuse.
Nothing is stored here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from backend.domain.capture.blocklist import Blocked, EntryKind, Scope, blocked
from backend.domain.capture.list_sender import through_own_list
from backend.domain.capture.participants import ContactOn, People, people_on
from backend.domain.capture.rule import Keep, Quarantine, Rule, Skip, decide
from backend.domain.ids import ContactId, MailboxId
from backend.domain.incoming import NO_MAILBOX, Where
from backend.domain.mail.message import FetchedMessage
from backend.domain.people.roles import Permission, allowed
from backend.domain.policies import MatchField
from backend.domain.reasons import Reason, sentence
from backend.domain.summaries.panel import (
    InternalThread,
    MessagePanel,
    NeverLogged,
    PersonLine,
)
from backend.queries.panel import facts
from backend.queries.panel.forwarded import forwarded_inside
from backend.queries.panel.known import Reader, Unlogged, facts_of_preferred, known_person
from backend.queries.panel.sight import Known, around
from backend.queries.panel.stranger import sought, unknown_person
from backend.store import contacts

INTERNAL = "Everyone here is on your team. Internal mail is never logged."
FIELDS: Mapping[MatchField, str] = {
    MatchField.FROM: "From",
    MatchField.TO: "To",
    MatchField.CC: "Cc",
    MatchField.BCC: "Bcc",
    MatchField.REPLY_TO: "Reply-To",
}
EXPLAINED = frozenset({Rule.MATCHING, Rule.LABELS, Rule.PERSON})
"""Rules whose refusal is explained on the card, because a click on Log overrides it."""

NO_MAIL: Mapping[Reason, tuple[str, str, str]] = {
    Reason.DRAFT: ("Draft", "Not sent yet", "This is a draft. Drafts are never logged."),
    Reason.CHAT: ("Chat", "Not an email", "This is a chat message. Chats are never logged."),
    Reason.ERASED_PERSON: (
        "Never logged",
        "Somebody on it was erased",
        sentence(Reason.ERASED_PERSON),
    ),
}
"""What stays out regardless of the member: title, subtitle and sentence of its card."""


@dataclass(frozen=True, kw_only=True)
class Sight:
    """The rules' verdict on the open email. `people` are the contacts on it, even where mail is
    filed by domain: a card is about a person.
    """

    fetched: FetchedMessage
    known: Known
    decision: Keep | Skip | Quarantine
    people: People


def unstored_panel(reader: Reader, sight: Sight) -> MessagePanel:
    """The case, with the content of its card."""
    decision = sight.decision
    if decision.reason is Reason.INTERNAL_ONLY:
        inner = forwarded_inside(reader, sight.fetched.parsed, sight.known.rules.team)
        return InternalThread(gmail_id=reader.gmail_id, sentence=INTERNAL, forwarded=inner)
    if decision.rule is Rule.NEVER_LOG:
        return _never_logged(reader, sight)
    if decision.reason in NO_MAIL:
        title, subtitle, said = NO_MAIL[decision.reason]
        return NeverLogged(
            gmail_id=reader.gmail_id,
            sentence=said,
            may_log_anyway=False,
            title=title,
            subtitle=subtitle,
        )
    if sight.people.contacts:
        return _known(reader, sight)
    inner = forwarded_inside(reader, sight.fetched.parsed, sight.known.rules.team)
    return replace(unknown_person(reader, sight.fetched, sight.known), forwarded=inner)


def look(reader: Reader, fetched: FetchedMessage, mailbox_id: MailboxId | None) -> Sight:
    """Gather the facts and ask the capture rule, as sync would in the member's own mailbox."""
    where = Where(
        workspace_id=reader.actor.workspace_id,
        mailbox_id=NO_MAILBOX if mailbox_id is None else mailbox_id,
        path="card",
        now=reader.deps.now(),
        hashed=reader.deps.hashed_in(reader.actor.workspace_id),
        capture_domain=reader.deps.capture_domain or "",
        member=reader.actor.member_id,
    )
    known = around(reader.deps.store, reader.actor, sought(reader, where, fetched))
    rules, message = known.rules, known.message
    fetched = replace(fetched, parsed=through_own_list(fetched.parsed, rules.team))
    by_address = replace(rules.matching, by_domain=False)
    return Sight(
        fetched=fetched,
        known=known,
        decision=decide(message, rules),
        people=people_on(message.envelope, known.directory, team=rules.team, policy=by_address),
    )


def _known(reader: Reader, sight: Sight) -> MessagePanel:
    wanted = facts.Wanted(gmail_id="", contact_id=reader.about or _focus(sight.people))
    found = facts.known(reader.deps.store, reader.actor, wanted)
    found = facts_of_preferred(reader, found)
    unlogged = Unlogged(sentence=_said(sight), people=_people(reader, sight.people))
    return known_person(reader, found, unlogged)


def _said(sight: Sight) -> str:
    """Why the rules leave it out, where a click on Log overrides that."""
    decision = sight.decision
    if not isinstance(decision, Skip) or decision.rule not in EXPLAINED:
        return ""
    return sentence(decision.reason, **({"address": decision.address} if decision.address else {}))


def _focus(people: People) -> ContactId:
    """The sender, else the owner, else the first contact."""
    writers = [on.contact_id for on in people.contacts if on.field is MatchField.FROM]
    return writers[0] if writers else people.owner or people.contacts[0].contact_id


def _people(reader: Reader, people: People) -> tuple[PersonLine, ...]:
    """Everybody known, once each; a single one needs no list."""
    first: dict[ContactId, ContactOn] = {}
    for on in people.contacts:
        first.setdefault(on.contact_id, on)
    if len(first) < 2:
        return ()
    with reader.deps.store.begin(reader.actor.workspace_id) as session:
        named = contacts.named(session, list(first))
    return tuple(
        PersonLine(
            contact_id=contact_id,
            name=named[contact_id].name,
            account_name=named[contact_id].account_name,
            role=FIELDS[on.field],
            main=contact_id == people.owner,
        )
        for contact_id, on in first.items()
        if contact_id in named
    )


def _never_logged(reader: Reader, sight: Sight) -> NeverLogged:
    met = blocked(
        sight.known.message.envelope, sight.fetched.parsed.subject, sight.known.rules.never_log
    )
    if met is None:  # the rule said so a moment ago with the same list
        said = sentence(sight.decision.reason)
        return NeverLogged(gmail_id=reader.gmail_id, sentence=said, may_log_anyway=False)
    own = met.entry.scope is Scope.PERSONAL
    role = reader.actor.role
    may = bool(sight.people.contacts) and allowed(role, Permission.NEVER_LOG_EDIT, own=own)
    return NeverLogged(gmail_id=reader.gmail_id, sentence=_entry(met), may_log_anyway=may)


def _entry(met: Blocked) -> str:
    own = met.entry.scope is Scope.PERSONAL
    whose = "your own never-log list" if own else "the never-log list of your workspace"
    if met.entry.kind is EntryKind.SUBJECT:
        return f"Not logged: its subject has “{met.entry.value}”, which is on {whose}."
    return f"Not logged: {met.entry.value} is on {whose}."
