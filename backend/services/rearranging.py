"""Splits a conversation that was joined wrongly, merges two that are one, and undoes either.

Each runs under the filing lock, so that no mail comes in between, and rechecks what the page
showed: somebody may have been faster.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import ConversationId, MessageId
from backend.domain.people.actor import Actor
from backend.domain.threads.rearranging import SAME, merge_refused, split_refused
from backend.errors import Conflict, InputError, NotAllowed, NotFound, SettledAlready
from backend.store import audit, rearranging
from backend.store.capture_facts import wait_for_filing
from backend.store.conversation_access import (
    GONE,
    conversation_by_id,
    copies_of,
    holders_of,
    readable,
    readable_message,
)
from backend.store.models import Conversation
from backend.store.rearranging import Change, Kind

MOVED = (
    "These emails are not all in this conversation any more: somebody moved some of them "
    "meanwhile. Look at it as it is now."
)
UNREAD = "There is an email among these that is not for you to read, so it stays where it is."
EMPTY = "Its emails went elsewhere meanwhile, so there is nothing left to move."


@dataclass(frozen=True, kw_only=True)
class Rearranged:
    """The change, for an undo, and the conversation to show."""

    change_id: int
    conversation_id: ConversationId
    messages: int


def split(
    deps: Deps, actor: Actor, conversation_id: ConversationId, chosen: Collection[int]
) -> Rearranged:
    """Split the chosen messages off into a conversation of their own. Idempotent.

    Raises InputError for a choice that makes no sense, NotFound for messages the actor may not
    read, Conflict when somebody moved some of them meanwhile.
    """
    with deps.store.begin(actor.workspace_id) as session:
        wait_for_filing(session, actor.workspace_id)
        source = _readable(session, actor, conversation_id)
        there = rearranging.messages_of(session, conversation_id)
        if not set(chosen) <= set(there):
            return _done_before(session, actor, conversation_id, chosen)
        if refused := split_refused(chosen, there):
            raise InputError(refused, {"message": refused})
        _check_mails(session, actor, conversation_id, chosen)
        moved = sorted(chosen)
        target = rearranging.split_off(session, source, moved)
        pair = (conversation_id, target)
        change_id = rearranging.note(
            session, actor, Kind.SPLIT, pair, messages=moved, now=deps.now()
        )
        _audit(deps, session, actor, "conversation.split", pair, len(moved))
        return Rearranged(change_id=change_id, conversation_id=target, messages=len(moved))


def merge(
    deps: Deps, actor: Actor, conversation_id: ConversationId, other_id: ConversationId
) -> Rearranged:
    """Merge another conversation into this one. Idempotent.

    Raises InputError for the conversation itself, NotFound for one the actor may not read,
    NotAllowed when it would reveal more than is shared, Conflict when it was emptied meanwhile.
    """
    if other_id == conversation_id:
        raise InputError(SAME, {"other": SAME})
    with deps.store.begin(actor.workspace_id) as session:
        wait_for_filing(session, actor.workspace_id)
        held = rearranging.between(session, conversation_id, other_id)
        if done := next((one for one in held if one.row.kind == Kind.MERGE), None):
            return _rearranged(done, done.row.conversation_id)
        kept = _readable(session, actor, conversation_id)
        absorbed = _readable(session, actor, other_id)
        moved = _check_merge(session, actor, kept, absorbed)
        now = deps.now()
        for apart in held:
            rearranging.note_undone(session, actor, apart.row, now)
        rearranging.join(session, other_id, conversation_id)
        pair = (conversation_id, other_id)
        change_id = rearranging.note(session, actor, Kind.MERGE, pair, messages=moved, now=now)
        _audit(deps, session, actor, "conversation.merged", pair, len(moved))
        return Rearranged(change_id=change_id, conversation_id=conversation_id, messages=len(moved))


def undo(deps: Deps, actor: Actor, change_id: int) -> Rearranged:
    """Move the messages back, with the replies since. Returns the conversation they are in then.

    Raises NotFound, Conflict when somebody was faster, and NotAllowed as a merge does, when mail
    that came since a split would be shown to more people than its owners share it with.
    """
    with deps.store.begin(actor.workspace_id) as session:
        wait_for_filing(session, actor.workspace_id)
        found = rearranging.change(session, change_id)
        if found is None:
            raise NotFound("There is no such change. The conversation may have been deleted.")
        back = found.row.conversation_id
        _readable(session, actor, back)
        if found.row.undone_at is not None:
            return _undone_before(found, actor, back)
        undoing = _undo_split if found.row.kind == Kind.SPLIT else _undo_merge
        moved = undoing(session, actor, found)
        rearranging.note_undone(session, actor, found.row, deps.now())
        pair = (back, found.row.other_id)
        _audit(deps, session, actor, f"conversation.{found.row.kind}_undone", pair, moved)
        return Rearranged(change_id=change_id, conversation_id=back, messages=moved)


def moved_to(deps: Deps, actor: Actor, conversation_id: ConversationId) -> ConversationId | None:
    """Where the messages of an emptied conversation are now, if known."""
    with deps.store.begin(actor.workspace_id) as session:
        if rearranging.messages_of(session, conversation_id):
            return None
        found = rearranging.last_about(session, conversation_id)
        return found.row.conversation_id if found else None


def _undo_split(session: Session, actor: Actor, found: Change) -> int:
    back, split_off = found.row.conversation_id, found.row.other_id
    kept, absorbed = _readable(session, actor, back), _readable(session, actor, split_off)
    moved = rearranging.messages_of(session, split_off)
    if not set(moved) <= set(found.row.messages):
        _check_merge(session, actor, kept, absorbed)
    if not moved:
        raise Conflict(EMPTY)
    rearranging.join(session, split_off, back)
    return len(moved)


def _undo_merge(session: Session, actor: Actor, found: Change) -> int:
    back, other = found.row.conversation_id, found.row.other_id
    moved = rearranging.came_along(session, found.row)
    if not moved:
        raise Conflict(EMPTY)
    _check_mails(session, actor, back, moved)
    rearranging.move(session, moved, back, other)
    rearranging.unfollow(session, back, other)
    rearranging.take_apart_again(session, found.row)
    return len(moved)


def _readable(session: Session, actor: Actor, conversation_id: ConversationId) -> Conversation:
    row = conversation_by_id(session, conversation_id)
    if row is None or not readable(actor, session, conversation_id):
        raise NotFound(GONE)
    return row


def _check_mails(
    session: Session, actor: Actor, place: ConversationId, messages: Collection[int]
) -> None:
    """A member who may not read a message may not move it, either."""
    for one in messages:
        if not readable_message(actor, session, place, MessageId(one)):
            raise NotFound(UNREAD)


def _check_merge(
    session: Session, actor: Actor, kept: Conversation, absorbed: Conversation
) -> Sequence[int]:
    """The messages that would move."""
    holders = holders_of(session, [kept.id, absorbed.id])
    copies = [copies_of(row, holders.get(row.id, ())) for row in (kept, absorbed)]
    moved = rearranging.messages_of(session, absorbed.id)
    if not moved:
        raise Conflict(EMPTY)
    if refused := merge_refused(copies[0], copies[1], actor.member_id):
        raise NotAllowed(refused)
    return moved


def _done_before(
    session: Session, actor: Actor, place: ConversationId, chosen: Collection[int]
) -> Rearranged:
    """The form was sent twice, or somebody was faster."""
    for one in rearranging.changes_of(session, place):
        if one.row.made_by == actor.member_id and set(one.row.messages) == set(chosen):
            return _rearranged(one, one.row.other_id)
    raise Conflict(MOVED)


def _undone_before(found: Change, actor: Actor, back: ConversationId) -> Rearranged:
    if found.row.undone_by != actor.member_id:
        raise SettledAlready(f"{found.undone_by_name or 'Somebody'} has undone this already.")
    return _rearranged(found, back)


def _rearranged(found: Change, place: ConversationId) -> Rearranged:
    return Rearranged(
        change_id=found.row.id, conversation_id=place, messages=len(found.row.messages)
    )


def _audit(
    deps: Deps,
    session: Session,
    actor: Actor,
    action: str,
    pair: tuple[ConversationId, ConversationId],
    messages: int,
) -> None:
    detail = {"other": pair[1], "messages": messages}
    subject = f"conversation:{pair[0]}"
    audit.note(session, actor, action, subject, now=deps.now(), detail=detail)
