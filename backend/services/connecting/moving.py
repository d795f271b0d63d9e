"""Moves a member to another address without a gap (H-22).

The old mailbox is disconnected with its history; the new one is imported from the beginning.
Waiting messages leave from the new address. A message that may be leaving at this moment is settled
first: only the mailbox it left from knows whether it did.
"""

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import MailboxId
from backend.domain.people.actor import Actor
from backend.domain.sending.pending import PendingState
from backend.errors import Conflict
from backend.google.apis import Access
from backend.google.oauth import Grant
from backend.jobs import JobName
from backend.services.connecting.checks import require_may_connect, taken
from backend.services.connecting.grants import (
    end,
    keep_grant,
    member_of,
    put_to_work,
    stop_watch_and_revoke,
)
from backend.services.planning import rules_changed
from backend.store import audit, credentials, mailboxes
from backend.store.models import Mailbox, PendingMessage
from backend.store.outbox.turns import turn_to_plan, turn_to_queue
from backend.store.session import after_commit

WAITS = (PendingState.SCHEDULED, PendingState.HELD)
LEAVING = (PendingState.SENDING, PendingState.UNKNOWN)


def move(deps: Deps, actor: Actor, grant: Grant, name: str) -> MailboxId:
    """Connect another mailbox in place of the member's own. Raises Conflict while a message is
    leaving it.
    """
    try:
        with deps.store.begin(actor.workspace_id) as session:
            require_may_connect(session, actor)
            before = mailboxes.ensure(session, member_of(session, actor), deps.now())
            if before.google_sub in {None, grant.sub}:
                return keep_grant(session, deps, actor, grant, name)
            old = before.id
            sealed = before.sealed_token is not None
            token = credentials.refresh_token(session, deps.sealer, old) if sealed else None
            sub = before.google_sub or ""
            end(before, deps.now())
            session.flush()
            moved = replace(session, deps, actor, before, grant, name)
    except IntegrityError as clash:
        raise taken(grant) from clash
    if token:
        stop_watch_and_revoke(deps, Access(old, token), sub)
    deps.google.cache.forget(old)
    return moved


def replace(
    session: Session, deps: Deps, actor: Actor, before: Mailbox, grant: Grant, name: str
) -> MailboxId:
    """The new mailbox in the old one's place, with its waiting messages."""
    turn_to_queue(session, actor.member_id)
    turn_to_plan(session, before.id)
    mailbox = mailboxes.one_more(session, member_of(session, actor), deps.now())
    mailbox.kind, mailbox.capture = before.kind, before.capture
    mailbox.sharing = before.sharing
    carry_over(session, before.id, mailbox.id)
    moved = put_to_work(session, deps, actor, mailbox, grant, name)
    audit.note(session, actor, "mailbox.moved", f"mailbox:{before.id}", now=deps.now())
    rules_changed(session, moved, deps.now())
    workspace_id = actor.workspace_id
    after_commit(session, lambda: deps.jobs.enqueue(JobName.SEND_MAILBOX, workspace_id, moved))
    return moved


def carry_over(session: Session, old: MailboxId, new: MailboxId) -> None:
    """Let waiting messages leave from the new mailbox. Their version is bumped, so that a worker
    that read one for the old mailbox decides again.
    """
    session.execute(
        update(PendingMessage)
        .where(PendingMessage.mailbox_id == old, PendingMessage.state.in_(WAITS))
        .values(mailbox_id=new, version=PendingMessage.version + 1)
    )
    leaving = session.scalar(
        select(func.count()).where(
            PendingMessage.mailbox_id == old, PendingMessage.state.in_(LEAVING)
        )
    )
    if leaving:
        raise Conflict(
            "Mail is leaving your mailbox at this moment, or it is being looked up whether it did. "
            "Move to the other address in a few minutes."
        )
