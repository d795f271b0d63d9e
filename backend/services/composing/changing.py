"""Changes pending messages: edit, reschedule, send now, release a held one, cancel."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import ContactId, MailboxId, MemberId, PendingId
from backend.domain.people.actor import Actor
from backend.domain.people.oneself import require_oneself
from backend.domain.people.roles import Permission, allowed, refusal
from backend.domain.reasons import Reason
from backend.domain.sending.due_dates import date_wrong
from backend.domain.sending.pending import STATE_SENTENCES, WAITING, PendingState
from backend.domain.sending.rule import Urgency
from backend.domain.writing.unsubscribing import Offer
from backend.errors import Conflict, InputError, NotAllowed, SettledAlready
from backend.services.composing.draft import (
    Checked,
    Draft,
    check,
    contacts_behind,
    most_recipients,
    passes_on,
    require_contacts,
    require_writable,
)
from backend.services.composing.files import apply_changes, existing_sizes, wrong_files
from backend.services.composing.recalling import hold, put_date, together
from backend.services.composing.rows import add_recipients, address_row
from backend.services.composing.spreading import require_choice
from backend.services.composing.writing import replan_and_wake, require_readable
from backend.services.transitions import move
from backend.store import audit
from backend.store.mailboxes import WORKING
from backend.store.models import Mailbox, PendingMessage, PendingRecipient, TeamMember
from backend.store.outbox.rows import locked, mailbox_of, note_step, recipients
from backend.store.outbox.turns import turn_to_plan
from backend.store.pending_access import readable
from backend.store.workspace_rules import policies, team

YOURS = "You have changed this email already, here or in another window. This is how it is now."
THEIRS = "Somebody changed this email meanwhile. Look at it again first."
DELETED = "This email was deleted already. It will never be sent."
CHANGEABLE = WAITING | {PendingState.FAILED}
ON_ITS_WAY = frozenset(
    {PendingState.SCHEDULED, PendingState.SENDING, PendingState.UNKNOWN, PendingState.SENT}
)


def edit(deps: Deps, actor: Actor, *, pending_id: PendingId, draft: Draft, version: int) -> None:
    """Change what will be sent, for this message only (VC-54). The date stays unless one is
    given.
    """
    with opened(deps, actor, pending_id, version) as (session, row):
        chosen = policies(session)
        draft = replace(draft, answers=row.parent_message_id is not None)
        ours = team(session)
        most = most_recipients(session, chosen, row.mailbox_id)
        files = wrong_files(
            draft.files,
            existing_sizes(session, row.id, draft.files),
            text=draft.body_text,
            most_mb=chosen.max_attachment_mb,
        )
        checked = check(
            draft,
            ours,
            now=deps.now(),
            maximum=most,
            files=files,
            among_us=passes_on(row.body_text, recipients(row.to), ours),
        )
        require_writable(session, deps, actor, checked.recipients, offer_after(row, draft))
        known = contacts_behind(session, checked.recipients.everybody)
        if row.parent_message_id is None:
            require_contacts(checked.recipients.to, known, ours)
        seen = [one.key for one in recipients(row.to, row.cc)]
        require_choice(session, draft, checked, seen)
        row.subject, row.body_text = draft.subject.strip(), draft.body_text
        row.reply_to = (draft.reply_to or "").strip() or None
        if draft.due_at is not None:
            put_date(session, actor, row, draft.due_at, deps.now())
        replace_recipients(session, row, checked, known)
        apply_changes(session, row.workspace_id, row.id, draft.files)
        if row.reason == Reason.RECIPIENT_BLOCKED:  # whom it goes to now was asked above
            row.reason, row.reason_details = None, {}
        note_step(session, row, now=deps.now(), by=actor.member_id, detail="edited")


def offer_after(row: PendingMessage, draft: Draft) -> Offer | None:
    """The message's unsubscribe offer from now on, where it was started with a choice."""
    if row.unsubscribe_offer is None:
        return None
    row.unsubscribe_offer = draft.unsubscribing
    return draft.unsubscribing


def replace_recipients(
    session: Session, row: PendingMessage, checked: Checked, known: dict[str, ContactId]
) -> None:
    """Replace the recipients, and the rows by which they find the message."""
    address_row(session, row, checked, known)
    session.execute(delete(PendingRecipient).where(PendingRecipient.pending_id == row.id))
    add_recipients(session, row, checked, known)


def reschedule(
    deps: Deps, actor: Actor, *, pending_id: PendingId, due_at: datetime, version: int
) -> None:
    """Reschedule it (VC-56)."""
    wrong = date_wrong(due_at, deps.now())
    if wrong:
        raise InputError("The email was not moved.", wrong)

    def moved(row: PendingMessage) -> str:
        return "You moved this email already." if row.due_at == due_at else ""

    with opened(deps, actor, pending_id, version, done=moved) as (session, row):
        put_date(session, actor, row, due_at, deps.now())
        row.urgency = Urgency.SCHEDULED
        free(session, deps, row, actor.member_id)
        note_step(session, row, now=deps.now(), by=actor.member_id, detail="moved")


def send_now(deps: Deps, actor: Actor, *, pending_id: PendingId, version: int) -> None:
    """Send it outside its date and window, never over the limits (VC-55, D-24)."""
    with opened(deps, actor, pending_id, version, done=sent_now) as (session, row):
        row.urgency = Urgency.NOW
        put_date(session, actor, row, None, deps.now())
        free(session, deps, row, actor.member_id)
        note_step(session, row, now=deps.now(), by=actor.member_id, detail="send now")


def release(deps: Deps, actor: Actor, *, pending_id: PendingId, version: int) -> None:
    """Put a held or failed message back in line."""
    with opened(deps, actor, pending_id, version, done=released) as (session, row):
        put_date(session, actor, row, row.due_at, deps.now())
        free(session, deps, row, actor.member_id)


def take_back(deps: Deps, actor: Actor, *, pending_id: PendingId, version: int) -> int:
    """Undo sending: the message is held as written, for its author, together with those queued by
    the same click. Returns how many.
    """
    with opened(deps, actor, pending_id, version, done=taken_back) as (session, row):
        others = [one for one in together(session, row) if one.id != row.id]
        hold(session, deps, actor, row)
        for one in others:
            hold(session, deps, actor, one)
            one.version += 1
            one.edited_by = actor.member_id
    return len(others) + 1


def change_sender(
    deps: Deps, actor: Actor, *, pending_id: PendingId, mailbox_id: MailboxId, version: int
) -> None:
    """Send it from another mailbox, in its owner's name. Anyone who may write from that mailbox may
    choose it. A held message goes back in line.
    """

    def changed(row: PendingMessage) -> str:
        return "You changed the sender already." if row.mailbox_id == mailbox_id else ""

    beside = (mailbox_id,)
    with opened(deps, actor, pending_id, version, beside=beside, done=changed) as (session, row):
        sender = next((one for one in senders(session, actor) if one.id == mailbox_id), None)
        if sender is None or sender.owner_id is None:
            raise InputError(
                "The sender was not changed.", {"sender": "Choose a mailbox you may write from."}
            )
        reassign(row, sender, sender.owner_id)
        put_date(session, actor, row, row.due_at, deps.now())
        free(session, deps, row, actor.member_id)
        note_step(session, row, now=deps.now(), by=actor.member_id, detail="sender changed")


def senders(session: Session, actor: Actor) -> list[Mailbox]:
    """The working mailboxes a member may write from: their own, and for a leader those of
    others.
    """
    query = (
        select(Mailbox)
        .join(TeamMember, TeamMember.id == Mailbox.owner_id)
        .where(Mailbox.state.in_(WORKING), TeamMember.deactivated_at.is_(None))
        .order_by(Mailbox.email)
    )
    role = actor.role
    return [
        one
        for one in session.scalars(query)
        if allowed(role, Permission.PENDING_CREATE, own=one.owner_id == actor.member_id)
    ]


def sender_choices(deps: Deps, actor: Actor) -> tuple[tuple[MailboxId, str], ...]:
    """The same, as choices of a form."""
    with deps.store.begin(actor.workspace_id) as session:
        return tuple(
            (one.id, f"{one.display_name} <{one.email}>") for one in senders(session, actor)
        )


def reassign(row: PendingMessage, mailbox: Mailbox, owner: MemberId) -> None:
    """Assign a message to another mailbox and its owner."""
    row.mailbox_id, row.author_id = mailbox.id, owner
    row.nonce, row.mime, row.thread_id, row.undo_until = None, None, None, None


def cancel(deps: Deps, actor: Actor, *, pending_id: PendingId, version: int) -> None:
    """Cancel it: it is never sent (VC-57)."""
    with opened(deps, actor, pending_id, version) as (session, row):
        move(session, row, PendingState.CANCELLED, now=deps.now(), by=actor.member_id)
        audit.note(session, actor, "pending.cancelled", f"pending:{row.id}", now=deps.now())


def sent_now(row: PendingMessage) -> str:
    """The answer to a second “Send now”; empty when it is none."""
    done = row.urgency == Urgency.NOW and row.state in ON_ITS_WAY
    return f"You pressed Send now already. {STATE_SENTENCES[row.state]}" if done else ""


def released(row: PendingMessage) -> str:
    """The answer to a second “Release”; empty when it is none."""
    done = row.state in ON_ITS_WAY
    return f"This email is not held any more. {STATE_SENTENCES[row.state]}" if done else ""


def taken_back(row: PendingMessage) -> str:
    """The answer to a second “Undo”; empty when it is none."""
    done = row.state == PendingState.HELD and row.reason == Reason.TAKEN_BACK
    return "You took this email back already. It has not left." if done else ""


@contextmanager
def opened(
    deps: Deps,
    actor: Actor,
    pending_id: PendingId,
    version: int,
    *,
    beside: tuple[MailboxId, ...] = (),
    done: Callable[[PendingMessage], str] = lambda _: "",
) -> Iterator[tuple[Session, PendingMessage]]:
    """The row for a change: still changeable, by this member, in the version they saw. Replans its
    mailbox, and those in `beside`. `done` says whether the member did the same before: then
    SettledAlready is raised.
    """
    require_oneself(actor, "change mail that waits to leave")
    with deps.store.begin(actor.workspace_id) as session:
        planned = sorted({mailbox_of(session, pending_id), *beside})
        for mailbox_id in planned:
            turn_to_plan(session, mailbox_id)
        row = locked(session, pending_id)
        require_right(session, actor, row)
        state = row.state
        if state == PendingState.CANCELLED:
            raise SettledAlready(DELETED, gone=True)
        mine = row.version != version and row.edited_by == actor.member_id
        if mine and (already := done(row)):
            raise SettledAlready(already)
        if state not in CHANGEABLE:
            raise Conflict(f"This email can't be changed any more. {STATE_SENTENCES[state]}")
        if row.version != version:
            raise Conflict(YOURS if mine else THEIRS)
        yield session, row
        row.version += 1
        row.edited_by, row.edited_at, row.mime = actor.member_id, deps.now(), None
        replan_and_wake(session, deps, row)


def require_right(session: Session, actor: Actor, row: PendingMessage) -> None:
    """Everybody may change their own messages; those of others only a leader who may read both the
    conversation and the message.
    """
    own, role = row.author_id == actor.member_id, actor.role
    if not own and row.conversation_id is not None:
        require_readable(session, actor, row.conversation_id)
    readable(session, actor, row.id)
    if not allowed(role, Permission.PENDING_EDIT, own=own):
        raise NotAllowed(refusal(Permission.PENDING_EDIT, own=own))


def free(session: Session, deps: Deps, row: PendingMessage, by: MemberId) -> None:
    """Back to scheduled, if it was held or had failed."""
    if row.state != PendingState.SCHEDULED:
        move(session, row, PendingState.SCHEDULED, now=deps.now(), by=by)
