"""What all clicks on the open e-mail share: finding its message, and filing it in one transaction.

Shared by logging and by making a contact of the sender, which both file the mail with what else
they change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from backend.domain.capture.blocklist import Scope, blocked
from backend.domain.capture.list_sender import through_own_list
from backend.domain.capture.rule import Asked, CaptureRules, Keep
from backend.domain.ids import MailboxId, MessageId
from backend.domain.mail.envelope import envelope_of
from backend.domain.mail.message import FetchedMessage
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed, refusal
from backend.domain.reasons import sentence
from backend.errors import InputError, NotAllowed
from backend.google.opened import Extent
from backend.services.deps import Deps
from backend.services.opened import OpenedMessage, read
from backend.store import log_entries, mailboxes, unfiling
from backend.store.asking import fetch_values
from backend.store.capture import Batch, Place
from backend.store.capture.reading import identity_of
from backend.store.filing import Filed
from backend.store.models import Mailbox, TeamMember

NOBODY = "Nobody on this email is a contact. Add the contact first, then log it."


def find_message(deps: Deps, actor: Actor, opened: OpenedMessage) -> MessageId | None:
    """The stored message that is open: by the member's own copy, else by who and when it is."""
    with deps.store.begin(actor.workspace_id) as session:
        found = log_entries.of_copy(session, actor.member_id, opened.stored_id)
    if found is not None:
        return found
    fetched = read(deps, opened, Extent.HEADERS)
    with deps.store.begin(actor.workspace_id) as session:
        return known_message(session, fetched)


def known_message(session: Session, fetched: FetchedMessage) -> MessageId | None:
    """The message of the workspace that this is another copy of."""
    identity = identity_of(fetched.parsed)
    return log_entries.of_identity(session, identity) if identity else None


def own_mailbox(deps: Deps, session: Session, actor: Actor) -> Mailbox:
    """The row of the member's own mailbox, made when there is none."""
    found = mailboxes.of_member(session, actor.member_id)
    if found is not None:
        return found
    member = session.get_one(TeamMember, actor.member_id)
    return mailboxes.ensure(session, member, deps.now())


def file_clicked(
    deps: Deps, session: Session, actor: Actor, fetched: FetchedMessage, *, asked: Asked
) -> Filed:
    """File the message because the member asked for it. Raises when a rule forbids it."""
    mail = ClickedMail(deps=deps, actor=actor, fetched=fetched, asked=asked)
    batch = mail.batch(session, None)
    *_, answer = fetch_values(session, *batch.questions)
    return mail.settle(session, batch, answer)


@dataclass(frozen=True, kw_only=True)
class ClickedMail:
    """A mail that a member asks for. In two steps, so that a caller can ask more with the first."""

    deps: Deps
    actor: Actor
    fetched: FetchedMessage
    asked: Asked

    def batch(self, session: Session, mailbox_id: MailboxId | None) -> Batch:
        """The mail as a batch of one. Without a mailbox id, the member's own is looked for."""
        actor = self.actor
        if mailbox_id is None:
            mailbox_id = own_mailbox(self.deps, session, actor).id
        place = Place(
            workspace_id=actor.workspace_id,
            mailbox_id=mailbox_id,
            path="click",
            now=self.deps.now(),
            keyed_hash=self.deps.keyed_hash,
            asked=self.asked,
            member=actor.member_id,
        )
        return Batch(place, [self.fetched])

    def settle(self, session: Session, batch: Batch, answer: Mapping[str, Any]) -> Filed:
        """File it, given what the batch's questions found. Raises when a rule forbids it."""
        facts = batch.facts(answer)
        _check_exception(self.actor, self.fetched, self.asked, facts.rules)
        captured = batch.settle(session, facts)[0]
        decision = captured.decision
        if not isinstance(decision, Keep) or captured.filed is None:
            address = None if isinstance(decision, Keep) else getattr(decision, "address", None)
            raise InputError(sentence(decision.reason, **({"address": address} if address else {})))
        if not decision.people.contacts and not decision.people.accounts:
            raise InputError(NOBODY)
        if not captured.filed.new:
            put_back_if_removed(self.deps, session, self.actor, captured.filed.message_id)
        return captured.filed


def put_back_if_removed(deps: Deps, session: Session, actor: Actor, message_id: MessageId) -> None:
    """Log the message again when somebody had taken it out."""
    found = log_entries.logged(session, message_id)
    if found is not None and found.facts.removed_at is not None:
        message = unfiling.stored(session, message_id)
        unfiling.put_back(session, actor, message, deps.now())


def _check_exception(
    actor: Actor, fetched: FetchedMessage, asked: Asked, rules: CaptureRules
) -> None:
    """An exception to the never-log list is for those who may change the entry."""
    if asked is not Asked.LOG_ANYWAY:
        return
    parsed = through_own_list(fetched.parsed, rules.team)
    met = blocked(envelope_of(parsed), parsed.subject, rules.never_log)
    if met is None:
        return
    own = met.entry.scope is Scope.PERSONAL
    if not allowed(actor.role, Permission.NEVER_LOG_EDIT, own=own):
        raise NotAllowed(refusal(Permission.NEVER_LOG_EDIT, own=own))
