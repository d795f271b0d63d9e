"""One conversation: its messages a page at a time, and what is shown beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import ConversationId, MemberId, MessageId
from backend.domain.mail.foreign_html import has_remote_images, shown_html
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed
from backend.domain.people.visibility import Hidden, Readable, who_can_read
from backend.domain.summaries.log_state import taken_out_by
from backend.domain.summaries.mail import ConversationView, ListedUnder, TakenOut
from backend.errors import NotFound
from backend.queries.accounts import account_line
from backend.queries.contacts import contact_summaries
from backend.queries.conversations.answering import answer_goes_to, reply_all
from backend.queries.conversations.changes import change_lines
from backend.queries.conversations.lines import conversation_lines
from backend.queries.conversations.messages import message_views
from backend.queries.pending.lines import of_conversation
from backend.store import message_sight, shared_mailboxes
from backend.store.conversation_access import (
    GONE,
    access_to,
    conversation_by_id,
    copies_of,
    holders_of,
    readable_message,
)
from backend.store.message_sight import in_timeline, may_be_read
from backend.store.messages import message_with_body
from backend.store.models import (
    Account,
    Contact,
    ConversationAccount,
    ConversationContact,
    LogEntry,
    Message,
    Participant,
    TeamMember,
)

MESSAGES_SHOWN = 30
ROLES = {
    "from": "in From",
    "to": "in To",
    "cc": "in Cc",
    "bcc": "in Bcc",
    "reply_to": "in Reply-To",
}
CONTACTS_SHOWN = 25
TAKEN_OUT_SHOWN = 25


@dataclass(frozen=True)
class Listing:
    """Why a conversation is listed under an account."""

    account: Account
    address: str
    role: str


@dataclass(frozen=True)
class Body:
    """A message's text for its frame. `remote_images`: there are images that could be loaded."""

    html: str | None
    text: str
    remote_images: bool


def opened_conversation(
    deps: Deps, actor: Actor, conversation_id: ConversationId, *, before: MessageId | None = None
) -> ConversationView:
    """One conversation with its newest messages, or those before a given one. Raises NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        row = conversation_by_id(session, conversation_id)
        if row is None:
            raise NotFound(GONE)
        holders = holders_of(session, [row.id]).get(row.id, ())
        access = access_to(actor, row, holders)
        line = conversation_lines(actor, session, [row])[0]
        rows = newest_messages(
            session,
            conversation_id,
            reader=actor.member_id,
            before=before,
            limit=MESSAGES_SHOWN + 1,
        )
        shown = rows[:MESSAGES_SHOWN][::-1] if _readable(access) else ()
        contacts = contact_summaries(deps, actor, session, _contacts_on(session, conversation_id))
        answers = answer_goes_to(session, rows)
        return ConversationView(
            line=line,
            listed_under=tuple(
                ListedUnder(
                    account=account_line(one.account),
                    because=f"{one.address} is {ROLES.get(one.role, 'on it')}",
                )
                for one in _listings(session, conversation_id)
            ),
            contacts=tuple(contacts),
            messages=tuple(message_views(actor, session, shown)),
            pending=of_conversation(actor, session, conversation_id, now=deps.now())
            if _readable(access)
            else (),
            readable_by=who_can_read(copies_of(row, holders)),
            followed=row.followed_at is not None,
            reply_block=_reply_block(actor, session, access),
            reply_to=(reply_to := ", ".join(answers.addresses)),
            reply_warning=answers.outside,
            reply_all=reply_all(session, actor, rows, reply_to),
            has_earlier=len(rows) > MESSAGES_SHOWN,
            taken_out=_taken_out_lines(actor, session, conversation_id)
            if _readable(access)
            else (),
            kept_back=message_sight.count_kept_back(session, conversation_id, actor.member_id)
            if _readable(access)
            else 0,
            changes=change_lines(actor, session, conversation_id) if _readable(access) else (),
            colleagues=_members_on(session, conversation_id, reader=actor.member_id)
            if _readable(access)
            else (),
        )


def body_html(deps: Deps, actor: Actor, message_id: MessageId, *, images: str = "blocked") -> Body:
    """A message's sanitised HTML. Raises NotFound for everybody who may not read it."""
    with deps.store.begin(actor.workspace_id) as session:
        found = message_with_body(session, message_id)
        if found is None:
            raise NotFound("There is no such message.")
        message, body = found
        thread = message.conversation_id
        if not readable_message(actor, session, thread, message_id):
            raise NotFound("There is no such message for you to read.")
    if body is None or body.html is None:
        return Body(None, body.text if body else "", remote_images=False)
    clean = shown_html(body.html, images=images)
    return Body(clean, body.text, remote_images=has_remote_images(body.html))


def _readable(access: Readable | Hidden) -> bool:
    return isinstance(access, Readable) and access.level.shows_text


def _reply_block(actor: Actor, session: Session, access: Readable | Hidden) -> str | None:
    """Why this reader cannot reply from here, if so."""
    if not _readable(access):
        return "You can reply once you may read the conversation."
    if not shared_mailboxes.usable_by(session, actor.member_id):
        return "Connect your Gmail under Settings, Email settings, to reply from here."
    return None


def _taken_out_lines(
    actor: Actor, session: Session, conversation_id: ConversationId
) -> tuple[TakenOut, ...]:
    """The messages of a conversation that somebody took out, without their content."""
    may = allowed(actor.role, Permission.MESSAGE_LOG, own=True)
    return tuple(
        TakenOut(
            id=row.id,
            sender=row.sender_name or row.sender_address,
            sent_at=row.sent_at,
            removed_at=entry.removed_at,
            sentence=taken_out_by(name),
            may_put_back=may,
        )
        for row, entry, name in _taken_out(session, conversation_id)
        if entry.removed_at is not None
    )


def newest_messages(
    session: Session,
    conversation_id: ConversationId,
    *,
    reader: MemberId,
    before: MessageId | None,
    limit: int,
) -> Sequence[Message]:
    """The newest messages in the timeline that the reader may read, or those before a given one;
    newest first.
    """
    query = select(Message).where(
        Message.conversation_id == conversation_id, in_timeline(), may_be_read(reader)
    )
    if before is not None:
        here = select(Message.sent_at).where(Message.id == before).scalar_subquery()
        query = query.where(
            (Message.sent_at < here) | ((Message.sent_at == here) & (Message.id < before))
        )
    return session.scalars(
        query.order_by(Message.sent_at.desc(), Message.id.desc()).limit(limit)
    ).all()


def _taken_out(
    session: Session, conversation_id: ConversationId
) -> Sequence[tuple[Message, LogEntry, str | None]]:
    """The messages that somebody took out of the timeline, with who did it; newest first."""
    query = (
        select(Message, LogEntry, TeamMember.name)
        .join(LogEntry, LogEntry.message_id == Message.id)
        .outerjoin(TeamMember, TeamMember.id == LogEntry.removed_by)
        .where(Message.conversation_id == conversation_id, LogEntry.removed_at.is_not(None))
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(TAKEN_OUT_SHOWN)
    )
    return [(message, entry, name) for message, entry, name in session.execute(query)]


def _listings(session: Session, conversation_id: ConversationId) -> Sequence[Listing]:
    """The accounts it is listed under, and the address and role that linked it."""
    query = (
        select(Account, ConversationAccount.because_address, ConversationAccount.because_role)
        .join(ConversationAccount, ConversationAccount.account_id == Account.id)
        .where(ConversationAccount.conversation_id == conversation_id)
        .order_by(func.lower(Account.name))
    )
    return [Listing(account, address, role) for account, address, role in session.execute(query)]


def _contacts_on(session: Session, conversation_id: ConversationId) -> Sequence[Contact]:
    """The contacts on it, up to a limit."""
    query = (
        select(Contact)
        .join(ConversationContact, ConversationContact.contact_id == Contact.id)
        .where(ConversationContact.conversation_id == conversation_id)
        .order_by(Contact.id)
        .limit(CONTACTS_SHOWN)
    )
    return session.scalars(query).all()


def _members_on(
    session: Session, conversation_id: ConversationId, *, reader: MemberId
) -> tuple[str, ...]:
    """The team members on the messages that the reader may read, by name (V-19)."""
    addressed = (
        select(Participant.member_id)
        .join(Message, Message.id == Participant.message_id)
        .where(
            Message.conversation_id == conversation_id,
            in_timeline(),
            may_be_read(reader),
            Participant.member_id.is_not(None),
        )
    )
    query = select(TeamMember.name).where(TeamMember.id.in_(addressed)).order_by(TeamMember.name)
    return tuple(session.scalars(query))
