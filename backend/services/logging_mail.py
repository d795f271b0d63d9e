"""One click logs the open email for the whole team, another takes it out again (N1).

The message is one row for all mailboxes, so that double clicks, two people at once and Google's
retries write once. A click that was applied before is recognised by its nonce.
"""

from enum import StrEnum

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.capture.rule import Asked
from backend.domain.identity import unlogged_key
from backend.domain.ids import MailboxKey, MessageId
from backend.domain.people.actor import Actor, require_same
from backend.domain.people.roles import Permission, allowed, refusal
from backend.domain.summaries.log_state import VIA_CLICK, LogFacts, log_summary, may_undo
from backend.domain.summaries.mail import LogSummary
from backend.errors import InputError, NotAllowed, NotFound
from backend.google.open_message import OpenedMessage, read
from backend.google.opened import Extent
from backend.jobs import JobName
from backend.services.capture.opened import (
    capture_opened,
    clicked_in,
    known_message,
    own_mailbox,
    put_back_if_removed,
)
from backend.store import audit, clicks, decided, decisions, fetching, log_entries, unfiling
from backend.store.capture_facts import wait_for_filing
from backend.store.fetching import Wanted
from backend.store.log_entries import Logged
from backend.store.session import after_commit

NOT_LOGGED = "This email is not logged. Log it first."


class Following(StrEnum):
    """Whether later messages of a thread are logged."""

    ON = "on"
    OFF = "off"


def log(
    deps: Deps,
    actor: Actor,
    *,
    opened: OpenedMessage,
    nonce: str,
    asked: Asked = Asked.LOG,
) -> LogSummary:
    """Put the email into the timeline. The first person to log it is named; nothing is written
    twice.

    Raises ActorChanged, before anything is written, when the actor is not what the member is now.
    """
    if not allowed(actor.role, Permission.MESSAGE_LOG, own=True):
        raise NotAllowed(refusal(Permission.MESSAGE_LOG, own=True))
    before = clicks.before(deps.store, actor, gmail_id=opened.stored_id, nonce=nonce)
    require_same(actor, before.member)
    if before.message_id is not None:
        return _log_stored(deps, actor, before.message_id, nonce)
    if before.done:
        return log_summary(None, actor)
    fetched = read(deps.google, opened, Extent.WHOLE)
    claim = clicks.claim(actor, nonce, action="log", now=deps.now())
    with deps.store.begin(actor.workspace_id) as session:
        mailbox_id = before.mailbox_id or own_mailbox(deps, session, actor).id
        where = clicked_in(deps, actor, mailbox_id, asked=asked)
        mail = capture_opened(session, where, actor, fetched, claim=claim)
        if mail is None:
            return _state(session, actor, known_message(session, fetched))
        if mail.new:
            return log_summary(_own_click(deps, actor), actor)
        return _state(session, actor, mail.message_id)


def unlog(deps: Deps, actor: Actor, *, opened: OpenedMessage, nonce: str) -> LogSummary:
    """Undo the click: everything is as before it. What sync brings by itself comes, or stays; what
    only the click stored is deleted. A message that nobody clicked on is taken out of the timeline.
    """
    message_id = find_message(deps, actor, opened)
    with deps.store.begin(actor.workspace_id) as session:
        first = clicks.is_first(session, actor, nonce, action="unlog", now=deps.now())
        wait_for_filing(session, actor.workspace_id)
        found = log_entries.logged(session, message_id) if message_id is not None else None
        if found is None or found.facts.removed_at is not None or not first:
            return _state(session, actor, found.message_id if found else None)
        if not may_undo(found.facts, actor):
            raise NotAllowed(refusal(Permission.MESSAGE_UNLOG, own=False))
        _undo(deps, session, actor, found)
        return _state(session, actor, found.message_id)


def follow(deps: Deps, actor: Actor, *, opened: OpenedMessage, to: Following) -> None:
    """Log later messages of this thread, or leave that to the rules again."""
    message_id = find_message(deps, actor, opened)
    with deps.store.begin(actor.workspace_id) as session:
        found = log_entries.logged(session, message_id) if message_id is not None else None
        if found is None:
            raise NotFound(NOT_LOGGED)
        if to is Following.ON and found.facts.removed_at is not None:
            raise InputError(NOT_LOGGED)
        since = deps.now() if to is Following.ON else None
        log_entries.follow(session, actor, found.conversation_id, since)


def find_message(deps: Deps, actor: Actor, opened: OpenedMessage) -> MessageId | None:
    """The stored message that is open: by the member's own copy, else by its identity."""
    with deps.store.begin(actor.workspace_id) as session:
        found = log_entries.of_copy(session, actor.member_id, opened.stored_id)
    if found is not None:
        return found
    fetched = read(deps.google, opened, Extent.HEADERS)
    with deps.store.begin(actor.workspace_id) as session:
        return known_message(session, fetched)


def _log_stored(deps: Deps, actor: Actor, message_id: MessageId, nonce: str) -> LogSummary:
    """The workspace has the message, but somebody may have taken it out of the timeline."""
    with deps.store.begin(actor.workspace_id) as session:
        if clicks.is_first(session, actor, nonce, action="log", now=deps.now()):
            wait_for_filing(session, actor.workspace_id)
            put_back_if_removed(session, actor, message_id, deps.now())
        return _state(session, actor, message_id)


def _own_click(deps: Deps, actor: Actor) -> LogFacts:
    """The log entry that this click has just made."""
    return LogFacts(
        via=VIA_CLICK,
        logged_by=actor.member_id,
        by_name=actor.name,
        logged_at=deps.now(),
        removed_by_name=None,
        removed_at=None,
        holders=(),
    )


def take_back(deps: Deps, session: Session, actor: Actor, message_id: MessageId) -> None:
    """Take the message out for good: what only a click stored is deleted, the rest stays stored."""
    message = unfiling.stored(session, message_id)
    if unfiling.only_clicked(session, message_id):
        key = unlogged_key(message.identity, message.subject)
        remembered = deps.hashed_in(actor.workspace_id)(key)
        decisions.end_decisions(session, message_id, remembered, deps.now())
        unfiling.unfile(session, message)
    else:
        unfiling.take_out(session, actor, message, deps.now())
    _note_unlogged(deps, session, actor, message_id)


def _undo(deps: Deps, session: Session, actor: Actor, found: Logged) -> None:
    """Restore the state before the click."""
    message = unfiling.stored(session, found.message_id)
    only_clicked = unfiling.only_clicked(session, found.message_id)
    synced = found.facts.via == VIA_CLICK and unfiling.kept_by_rules(session, found.message_id)
    if not (only_clicked or synced):
        unfiling.take_out(session, actor, message, deps.now())
        return _note_unlogged(deps, session, actor, found.message_id)
    to_read = unfiling.seen_by_sync(session, found.message_id)
    if only_clicked:
        decisions.restore_decisions(session, found.message_id)
        unfiling.unfile(session, message)
    else:
        unfiling.forget_clicked_copies(session, message)
        decisions.restore_decisions(session, found.message_id)
        log_entries.mark_synced(session, found.message_id)
    for workspace_id, mailbox_id, wanted in to_read:
        _have_read(deps, session, MailboxKey(workspace_id, mailbox_id), wanted)
    return _note_unlogged(deps, session, actor, found.message_id)


def _have_read(deps: Deps, session: Session, key: MailboxKey, wanted: Wanted) -> None:
    """Leave to sync what it would have decided without the click."""
    if decided.undecided(session, key[1], [wanted.gmail_id]):
        fetching.add(session, key, fetching.LIVE, [wanted], now=deps.now())
        after_commit(session, lambda: deps.jobs.enqueue(JobName.SYNC_MAILBOX, *key))


def _note_unlogged(deps: Deps, session: Session, actor: Actor, message_id: MessageId) -> None:
    subject = f"message:{message_id}"
    audit.note(session, actor, "message.unlogged", subject, now=deps.now())


def _state(session: Session, actor: Actor, message_id: MessageId | None) -> LogSummary:
    found = log_entries.logged(session, message_id) if message_id is not None else None
    return log_summary(found.facts if found else None, actor)
