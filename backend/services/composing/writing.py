"""A new pending mail: an answer in a conversation, or the first mail of a new one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.actor import Actor
from backend.domain.ids import ConversationId, MailboxId, MemberId, PendingId
from backend.domain.mail_kind import MailKind
from backend.domain.pending import PendingState
from backend.domain.reasons import Reason, sentence
from backend.domain.send_facts import MailboxState, SendKind, Urgency
from backend.domain.threads import reply_subject
from backend.domain.visibility import Readable
from backend.errors import InputError, MailboxDisconnected, NotFound
from backend.jobs import JobName
from backend.services.composing.draft import (
    Checked,
    Draft,
    check,
    contacts_behind,
    most_recipients,
    require_contacts,
    require_writable,
    told_while_writing,
)
from backend.services.composing.files import apply_changes, wrong_files
from backend.services.deps import Deps
from backend.services.showing.conversation_rows import access_to
from backend.store import conversation_lists, mailboxes
from backend.store.capture.rules import policies, team
from backend.store.message_sight import may_be_read
from backend.store.models import Contact, Mailbox, Message, PendingMessage, PendingRecipient
from backend.store.outbox.gate import state_of
from backend.store.outbox.planning import replan
from backend.store.outbox.rows import note_step
from backend.store.outbox.turns import turn_to_plan, turn_to_queue
from backend.store.session import after_commit


def start(deps: Deps, actor: Actor, *, draft: Draft, nonce: str) -> PendingId:
    """Queue the first mail of a new conversation with contacts. A repeated nonce queues nothing."""
    with deps.store.begin(actor.workspace_id) as session:
        return queue(session, deps, actor, draft, Origin(nonce=nonce))


def reply(
    deps: Deps, actor: Actor, *, conversation_id: ConversationId, draft: Draft, nonce: str
) -> PendingId:
    """Queue an answer; it joins the conversation's thread in Gmail (V-3)."""
    with deps.store.begin(actor.workspace_id) as session:
        require_readable(session, actor, conversation_id)
        parent = newest(session, conversation_id, MemberId(actor.member_id))
        answer = replace(draft, subject=reply_subject(parent.subject))
        return queue(session, deps, actor, answer, Origin(nonce=nonce, parent=parent))


def look_at_recipients(
    deps: Deps, actor: Actor, fields: Mapping[str, Sequence[str]]
) -> Mapping[str, str]:
    """What the author should know of them before the mail is queued, by field."""
    with deps.store.begin(actor.workspace_id) as session:
        return told_while_writing(session, deps, actor, fields)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a mail comes from: the click's nonce, and the message it answers, if any."""

    nonce: str
    parent: Message | None = None

    @property
    def conversation_id(self) -> int | None:
        """The conversation it joins."""
        return self.parent.conversation_id if self.parent else None


def require_readable(session: Session, actor: Actor, conversation_id: int) -> None:
    """Whoever may not read a conversation may not answer in it. Raises NotFound."""
    row = conversation_lists.conversation(session, ConversationId(conversation_id))
    if row is None:
        raise NotFound("This conversation is not in your workspace.")
    holders = conversation_lists.holders_of(session, [row.id]).get(row.id, ())
    match access_to(actor, row, holders):
        case Readable(level) if level.shows_text:
            return
        case _:
            raise NotFound("You can reply once you may read the conversation.")


def newest(session: Session, conversation_id: ConversationId, reader: MemberId) -> Message:
    """The message an answer refers to: of those the reader may read, the last one a person wrote,
    else the last. Or NotFound.
    """
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id, may_be_read(reader))
        .order_by((Message.mail_kind == MailKind.HUMAN.value).desc(), Message.sent_at.desc())
        .limit(1)
    )
    found = session.scalars(query).first()
    if found is None:
        raise NotFound("This conversation is not in your workspace.")
    return found


def queue(session: Session, deps: Deps, actor: Actor, draft: Draft, origin: Origin) -> PendingId:
    """Check and store the row, forecast it, and ask a worker to look."""
    turn_to_queue(session, actor.member_id)
    done = already_queued(session, actor, origin.nonce)
    if done is not None:
        return done
    mailbox = sending_mailbox(session, actor)
    turn_to_plan(session, mailbox.id)
    ours, chosen = team(session), policies(session)
    most = most_recipients(session, chosen, mailbox.id)
    files = wrong_files(draft.files, (), text=draft.body_text, most_mb=chosen.max_attachment_mb)
    checked = check(draft, ours, now=deps.now(), maximum=most, files=files)
    require_writable(session, deps, actor, checked.recipients)
    known = contacts_behind(session, checked.recipients.everybody)
    if origin.parent is None:
        require_contacts(checked.recipients.to, known, ours)
    row = new_row(deps, actor, draft, origin, mailbox)
    address_row(session, row, checked, known)
    session.add(row)
    session.flush()
    add_recipients(session, row, checked, known)
    apply_changes(session, row.workspace_id, row.id, draft.files)
    note_step(session, row, now=deps.now(), by=actor.member_id)
    look_at_once(session, deps, row)
    return PendingId(row.id)


def already_queued(session: Session, actor: Actor, nonce: str) -> PendingId | None:
    """The row a repeated click made the first time."""
    query = select(PendingMessage.id).where(
        PendingMessage.author_id == actor.member_id, PendingMessage.nonce == nonce
    )
    found = session.scalar(query)
    return PendingId(found) if found else None


def sending_mailbox(session: Session, actor: Actor) -> Mailbox:
    """The actor's own connected mailbox. Raises MailboxDisconnected."""
    mailbox = mailboxes.of_member(session, actor.member_id)
    if mailbox is None or state_of(mailbox) is MailboxState.DISCONNECTED:
        raise MailboxDisconnected(
            "Your Gmail is not connected, so nothing can be sent from it. Connect it under "
            "Settings, Email."
        )
    if state_of(mailbox) is MailboxState.SCOPE_MISSING:
        raise InputError(sentence(Reason.SCOPE_MISSING))
    return mailbox


def new_row(
    deps: Deps, actor: Actor, draft: Draft, origin: Origin, mailbox: Mailbox
) -> PendingMessage:
    """The row without its recipients."""
    due_at = max(draft.due_at or deps.now(), deps.now())
    return PendingMessage(
        id=PendingId(UUID(bytes=deps.random_bytes(16), version=4)),
        workspace_id=actor.workspace_id,
        mailbox_id=mailbox.id,
        author_id=actor.member_id,
        conversation_id=origin.conversation_id,
        parent_message_id=origin.parent.id if origin.parent else None,
        kind=SendKind.ONE_TO_ONE.value,
        urgency=Urgency.SCHEDULED.value,
        state=PendingState.SCHEDULED.value,
        subject=draft.subject.strip(),
        body_text=draft.body_text,
        reply_to=(draft.reply_to or "").strip() or None,
        due_at=due_at,
        not_before=due_at,
        created_at=deps.now(),
        nonce=origin.nonce,
    )


def address_row(
    session: Session, row: PendingMessage, checked: Checked, known: dict[str, int]
) -> None:
    """Put the recipients on the row, with the names their contacts have."""
    query = select(Contact.id, Contact.name).where(Contact.id.in_(set(known.values())))
    by_id = dict(session.execute(query).all())
    names = {key: by_id[contact_id] for key, contact_id in known.items()}
    row.to = checked.stored(checked.recipients.to, names)
    row.cc = checked.stored(checked.recipients.cc, names)
    row.bcc = checked.stored(checked.recipients.bcc, names)


def add_recipients(
    session: Session, row: PendingMessage, checked: Checked, known: dict[str, int]
) -> None:
    """Make the row findable by the people it goes to."""
    keys = checked.recipients.everybody
    session.execute(
        insert(PendingRecipient).on_conflict_do_nothing(),
        [
            {
                "workspace_id": row.workspace_id,
                "pending_id": row.id,
                "key": key,
                "contact_id": known.get(key),
            }
            for key in keys
        ],
    )


def look_at_once(session: Session, deps: Deps, row: PendingMessage) -> None:
    """Forecast the mailbox's queue anew, and let a worker look as soon as this is durable."""
    mailbox_id = MailboxId(row.mailbox_id)
    replan(session, mailbox_id, deps.now())
    job, workspace_id = JobName.SEND_MAILBOX, row.workspace_id
    after_commit(session, lambda: deps.jobs.enqueue(job, workspace_id, mailbox_id))
