"""Files the open email on a member's request: to log it, or to make a contact of somebody on it."""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.capture.blocklist import Scope, blocked
from backend.domain.capture.list_sender import through_own_list
from backend.domain.capture.rule import Asked, CaptureRules, Keep
from backend.domain.identity import identities_of, stored_as
from backend.domain.ids import MailboxId, MessageId
from backend.domain.incoming import Incoming, Where
from backend.domain.mail.envelope import envelope_of
from backend.domain.mail.message import FetchedMessage
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed, refusal
from backend.domain.reasons import sentence
from backend.errors import InputError, NotAllowed
from backend.services.capture.capturing import read, settle
from backend.store import log_entries, mailboxes, unfiling
from backend.store.capture_facts import gather
from backend.store.models import Mailbox, TeamMember
from backend.store.statements import BoundStatement

NOBODY = "Nobody on this email is a contact. Add the contact first, then log it."


def clicked_in(deps: Deps, actor: Actor, mailbox_id: MailboxId, *, asked: Asked) -> Where:
    """Where a click's message comes from: the member's own mailbox."""
    return Where(
        workspace_id=actor.workspace_id,
        mailbox_id=mailbox_id,
        path="click",
        now=deps.now(),
        hashed=deps.hashed_in(actor.workspace_id),
        capture_domain=deps.capture_domain or "",
        asked=asked,
        member=actor.member_id,
    )


def own_mailbox(deps: Deps, session: Session, actor: Actor) -> Mailbox:
    """The row of the member's own mailbox, created if missing."""
    found = mailboxes.of_member(session, actor.member_id)
    if found is not None:
        return found
    member = session.get_one(TeamMember, actor.member_id)
    return mailboxes.ensure(session, member, deps.now())


def capture_opened(
    session: Session,
    where: Where,
    actor: Actor,
    fetched: FetchedMessage,
    *,
    claim: BoundStatement[str | None] | None = None,
) -> Incoming | None:
    """File the message because the member asks for it. With the `claim` of a click, returns None
    when that click was applied before. Raises when a rule forbids it.
    """
    mail = read(where, fetched)
    facts = gather(session, where, [mail], claim=claim)
    if facts is None:
        return None
    _check_exception(actor, fetched, where.asked, facts.rules)
    settle(session, where, [mail], facts)
    decision = mail.decision
    if not isinstance(decision, Keep):
        address = getattr(decision, "address", None)
        raise InputError(sentence(decision.reason, **({"address": address} if address else {})))
    if not decision.people.contacts and not decision.people.accounts:
        raise InputError(NOBODY)
    if not mail.new:
        put_back_if_removed(session, actor, mail.message_id, where.now)
    return mail


def known_message(session: Session, fetched: FetchedMessage) -> MessageId | None:
    """The stored message of which this is another copy."""
    bearers = log_entries.bearers(session, identities_of(fetched.parsed))
    return stored_as(fetched.parsed, bearers)


def put_back_if_removed(
    session: Session, actor: Actor, message_id: MessageId, now: datetime
) -> None:
    """Log the message again when somebody took it out."""
    found = log_entries.logged(session, message_id)
    if found is not None and found.facts.removed_at is not None:
        message = unfiling.stored(session, message_id)
        unfiling.put_back(session, actor, message, now)


def _check_exception(
    actor: Actor, fetched: FetchedMessage, asked: Asked, rules: CaptureRules
) -> None:
    """Only somebody who may change the never-log entry may make an exception to it."""
    if asked is not Asked.LOG_ANYWAY:
        return
    parsed = through_own_list(fetched.parsed, rules.team)
    met = blocked(envelope_of(parsed), parsed.subject, rules.never_log)
    if met is None:
        return
    own = met.entry.scope is Scope.PERSONAL
    if not allowed(actor.role, Permission.NEVER_LOG_EDIT, own=own):
        raise NotAllowed(refusal(Permission.NEVER_LOG_EDIT, own=own))
