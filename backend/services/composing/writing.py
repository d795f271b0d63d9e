"""A new pending message: a reply, or the first message of a conversation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import ConversationId, MemberId, PendingId, WorkspaceId
from backend.domain.mail.address import address_key
from backend.domain.mail.kinds import MailKind
from backend.domain.people.actor import Actor
from backend.domain.people.oneself import require_oneself
from backend.domain.people.visibility import Readable
from backend.domain.threads.references import reply_subject
from backend.domain.writing.audience import Spread
from backend.domain.writing.unsubscribing import Offer
from backend.errors import NotFound
from backend.jobs import JobName
from backend.services.composing.draft import (
    Draft,
    check,
    contacts_behind,
    most_recipients,
    require_contacts,
    require_writable,
    usable_key,
)
from backend.services.composing.files import wrong_files
from backend.services.composing.recalling import together
from backend.services.composing.recipient_notices import recipient_notices
from backend.services.composing.rows import Origin, Writing, insert_all
from backend.services.composing.sender import sending_from
from backend.services.composing.spreading import asked_about, require_choice, several_mails
from backend.services.planning import replan
from backend.store import choices
from backend.store.conversation_access import access_to, conversation_by_id, holders_of
from backend.store.message_sight import may_be_read
from backend.store.models import (
    Message,
    Participant,
    PendingMessage,
)
from backend.store.outbox.rows import locked
from backend.store.outbox.turns import turn_to_plan, turn_to_queue
from backend.store.session import after_commit
from backend.store.workspace_rules import policies, team

MOST_EACH = 1000
"""Recipients accepted for one message each; beyond that all excess ones are named."""


def start(deps: Deps, actor: Actor, *, draft: Draft, nonce: str) -> PendingId:
    """Queue the first message of a new conversation with contacts, or one to each: returns the
    first. Repeating the nonce queues nothing.
    """
    with deps.store.begin(actor.workspace_id) as session:
        return queue(session, deps, actor, draft, Origin(nonce=nonce))


def start_among_us(deps: Deps, actor: Actor, *, draft: Draft, nonce: str) -> PendingId:
    """The same to a present or future colleague: it begins no customer's history."""
    with deps.store.begin(actor.workspace_id) as session:
        return queue(session, deps, actor, draft, Origin(nonce=nonce, among_us=True))


def reply(
    deps: Deps, actor: Actor, *, conversation_id: ConversationId, draft: Draft, nonce: str
) -> PendingId:
    """Queue a reply, or one to each; it joins the conversation's thread in Gmail (V-3)."""
    with deps.store.begin(actor.workspace_id) as session:
        require_readable(session, actor, conversation_id)
        parent = newest(session, conversation_id, actor.member_id)
        answer = replace(draft, subject=reply_subject(parent.subject), answers=True)
        return queue(session, deps, actor, answer, Origin(nonce=nonce, parent=parent))


def look_at_recipients(
    deps: Deps,
    actor: Actor,
    fields: Mapping[str, Sequence[str]],
    *,
    conversation_id: ConversationId | None = None,
    offer: Offer | None = None,
    is_audience: bool = False,
) -> Mapping[str, str]:
    """What the author should know before queueing, by field; under `spread`, the choice to make,
    with `by_account` where that is an option. `offer` is the message's unsubscribe offer; an
    audience was ticked in a list.
    """
    with deps.store.begin(actor.workspace_id) as session:
        told = dict(recipient_notices(session, deps, actor, fields, offer=offer))
        known: Iterable[str] = ()
        if conversation_id is not None:
            require_readable(session, actor, conversation_id)
            parent = newest(session, conversation_id, actor.member_id)
            known = people_of(session, parent)
        keys = {name: [usable_key(text) for text in texts] for name, texts in fields.items()}
        to, cc = keys.get("to", ()), keys.get("cc", ())
        question = asked_about(session, to, cc, known, is_audience=is_audience)
        if question is None:
            return told
        grouped = {"by_account": "yes"} if question.by_account else {}
        return {**told, "spread": question.sentence, **grouped}


def people_of(session: Session, parent: Message | None) -> Iterable[str]:
    """The keys of everybody on the message replied to: they see each other already."""
    if parent is None:
        return ()
    query = select(Participant.address).where(Participant.message_id == parent.id)
    return [address_key(address) for address in session.scalars(query)]


def count_queued(deps: Deps, actor: Actor, pending_id: PendingId) -> int:
    """How many messages were queued together with this one, including it."""
    with deps.store.begin(actor.workspace_id) as session:
        return len(together(session, locked(session, pending_id)))


def require_readable(session: Session, actor: Actor, conversation_id: ConversationId) -> None:
    """A member who may not read a conversation may not reply in it. Raises NotFound."""
    row = conversation_by_id(session, conversation_id)
    if row is None:
        raise NotFound("This conversation is not in your workspace.")
    holders = holders_of(session, [row.id]).get(row.id, ())
    match access_to(actor, row, holders):
        case Readable(level) if level.shows_text:
            return
        case _:
            raise NotFound("You can reply once you may read the conversation.")


def newest(session: Session, conversation_id: ConversationId, reader: MemberId) -> Message:
    """The message a reply refers to: of those the reader may read, the last by a person, else the
    last. Raises NotFound.
    """
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id, may_be_read(reader))
        .order_by((Message.mail_kind == MailKind.HUMAN).desc(), Message.sent_at.desc())
        .limit(1)
    )
    found = session.scalars(query).first()
    if found is None:
        raise NotFound("This conversation is not in your workspace.")
    return found


def lock_parent(session: Session, parent: Message) -> None:
    """Lock the message replied to in its conversation until the reply is stored there. Waits for a
    concurrent move and rereads the conversation. Raises NotFound if it moved.
    """
    query = select(Message).where(Message.id == parent.id).with_for_update(read=True)
    if session.scalar(query, execution_options={"populate_existing": True}) is None:
        raise NotFound("The email you answer is not in your workspace any more.")


def queue(session: Session, deps: Deps, actor: Actor, draft: Draft, origin: Origin) -> PendingId:
    """Check and insert the row, forecast it, and wake a worker."""
    require_oneself(actor, "send mail")
    turn_to_queue(session, actor.member_id)
    done = already_queued(session, actor, origin.nonce)
    if done is not None:
        return done
    ours, chosen = team(session), policies(session)
    sending = sending_from(session, actor, chosen, draft.sender)
    mailbox = sending.mailbox
    turn_to_plan(session, mailbox.id)
    if origin.parent is not None:
        lock_parent(session, origin.parent)
    most = most_recipients(session, chosen, mailbox.id)
    files = wrong_files(draft.files, (), text=draft.body_text, most_mb=chosen.max_attachment_mb)
    each = draft.spread in {Spread.EACH, Spread.ACCOUNT}
    checked = check(
        draft,
        ours,
        now=deps.now(),
        maximum=MOST_EACH if each else most,
        files=files,
        among_us=origin.passes_on or origin.among_us,
    )
    offer = offer_of(session, actor, draft, origin)
    require_writable(session, deps, actor, checked.recipients, offer)
    known = contacts_behind(session, checked.recipients.everybody)
    if origin.parent is None and not origin.among_us:
        require_contacts(checked.recipients.to, known, ours)
    if not each:
        require_choice(session, draft, checked, people_of(session, origin.parent))
    several = several_mails(session, draft, checked, ours, most) if each else [checked]
    rows = insert_all(session, deps, actor, Writing(draft, origin, sending, known, offer), several)
    replan_and_wake(session, deps, rows[0])
    return rows[0].id


def offer_of(session: Session, actor: Actor, draft: Draft, origin: Origin) -> Offer | None:
    """The message's unsubscribe offer: a choice where it starts a conversation and the workspace
    offers it, else None.
    """
    if origin.parent is not None or origin.passes_on or origin.among_us:
        return None
    workspace = choices.workspace(session, WorkspaceId(actor.workspace_id))
    return draft.unsubscribing if workspace.unsubscribes_on_at is not None else None


def already_queued(session: Session, actor: Actor, nonce: str) -> PendingId | None:
    """The row that a repeated click made the first time."""
    query = select(PendingMessage.id).where(
        PendingMessage.author_id == actor.member_id, PendingMessage.nonce == nonce
    )
    return session.scalar(query)


def replan_and_wake(session: Session, deps: Deps, row: PendingMessage) -> None:
    """Replan the mailbox's queue, and wake a worker after commit."""
    mailbox_id = row.mailbox_id
    replan(session, mailbox_id, deps.now())
    job, workspace_id = JobName.SEND_MAILBOX, row.workspace_id
    after_commit(session, lambda: deps.jobs.enqueue(job, workspace_id, mailbox_id))
