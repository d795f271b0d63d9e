"""Takes a stored message out of the timeline, and puts it back, from a page of the console.

Separate from logging the open email because here the message is known by our own id: nothing is
read from Gmail, and a second click changes nothing by itself.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import ConversationId, MessageId
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed, refusal
from backend.domain.summaries.log_state import may_undo
from backend.errors import NotAllowed, NotFound
from backend.services.capture.opened import put_back_if_removed
from backend.services.logging_mail import take_back
from backend.store import log_entries, unfiling
from backend.store.capture_facts import wait_for_filing
from backend.store.conversation_access import readable_message
from backend.store.log_entries import Logged

GONE = "There is no such message for you here. It may have been taken out meanwhile."


@dataclass(frozen=True, kw_only=True)
class Removal:
    """The effect of taking a message out. `for_good`: only a click had stored it."""

    conversation_id: ConversationId
    for_good: bool


def removal(deps: Deps, actor: Actor, message_id: MessageId) -> Removal:
    """The effect. Raises NotFound, or NotAllowed for a member who may not take it out."""
    with deps.store.begin(actor.workspace_id) as session:
        return _removal(session, actor, message_id)


def take_out(deps: Deps, actor: Actor, message_id: MessageId) -> Removal:
    """Take the message out. Idempotent. Raises like `removal`."""
    with deps.store.begin(actor.workspace_id) as session:
        wait_for_filing(session, actor.workspace_id)
        done = _removal(session, actor, message_id)
        if _found(session, actor, message_id).facts.removed_at is None:
            take_back(deps, session, actor, message_id)
    return done


def put_back(deps: Deps, actor: Actor, message_id: MessageId) -> ConversationId:
    """Log again a message that was taken out. Raises NotFound or NotAllowed."""
    if not allowed(actor.role, Permission.MESSAGE_LOG, own=True):
        raise NotAllowed(refusal(Permission.MESSAGE_LOG, own=True))
    with deps.store.begin(actor.workspace_id) as session:
        wait_for_filing(session, actor.workspace_id)
        found = _found(session, actor, message_id)
        put_back_if_removed(session, actor, message_id, deps.now())
        return found.conversation_id


def _removal(session: Session, actor: Actor, message_id: MessageId) -> Removal:
    found = _found(session, actor, message_id)
    if not may_undo(found.facts, actor):
        raise NotAllowed(refusal(Permission.MESSAGE_UNLOG, own=False))
    for_good = unfiling.only_clicked(session, message_id)
    return Removal(conversation_id=found.conversation_id, for_good=for_good)


def _found(session: Session, actor: Actor, message_id: MessageId) -> Logged:
    found = log_entries.logged(session, message_id)
    if found is None or not readable_message(actor, session, found.conversation_id, message_id):
        raise NotFound(GONE)
    return found
