"""One conversation opened: its messages a page at a time, and what stands beside them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId, MemberId, MessageId
from backend.store.message_sight import in_timeline, may_be_read
from backend.store.models import (
    OWN_WORDS,
    Account,
    Attachment,
    Contact,
    ConversationAccount,
    ConversationContact,
    LogEntry,
    Mailbox,
    Message,
    MessageBody,
    MessageCopy,
    Participant,
    TeamMember,
)

CONTACTS_SHOWN = 25
TAKEN_OUT_SHOWN = 25
WHOLE_TEXT = 50_000
"""Characters of a text in which a forwarded mail is looked for."""


@dataclass(frozen=True)
class Text:
    """What a message says, without its HTML, which is fetched apart. `length`: letters of its whole
    text.
    """

    reply_text: str
    has_html: bool
    redacted: bool
    length: int = 0


@dataclass(frozen=True)
class HeldCopy:
    """A copy of a message: whose mailbox has it, by member and by name, an address for a shared
    one, and its labels there, None where it was deleted.
    """

    owner: MemberId | None
    name: str
    labels: Sequence[str] | None


@dataclass(frozen=True)
class Listing:
    """Why a conversation stands under an account."""

    account: Account
    address: str
    role: str


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


def taken_out(
    session: Session, conversation_id: ConversationId
) -> Sequence[tuple[Message, LogEntry, str | None]]:
    """The messages somebody took out of the timeline, with who did it; the newest first."""
    query = (
        select(Message, LogEntry, TeamMember.name)
        .join(LogEntry, LogEntry.message_id == Message.id)
        .outerjoin(TeamMember, TeamMember.id == LogEntry.removed_by)
        .where(Message.conversation_id == conversation_id, LogEntry.removed_at.is_not(None))
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(TAKEN_OUT_SHOWN)
    )
    return [(message, entry, name) for message, entry, name in session.execute(query)]


def texts(session: Session, message_ids: Sequence[MessageId]) -> Mapping[int, Text]:
    """What a few messages say."""
    query = select(
        MessageBody.message_id,
        OWN_WORDS,
        MessageBody.html.is_not(None),
        MessageBody.redacted_at.is_not(None),
        func.length(MessageBody.text),
    ).where(MessageBody.message_id.in_(message_ids))
    return {row[0]: Text(row[1], row[2], row[3], row[4]) for row in session.execute(query)}


def whole_texts(
    session: Session, message_ids: Sequence[MessageId]
) -> Mapping[MessageId, tuple[str, bool]]:
    """The beginning of the whole text of a few messages, and whether their own words are less."""
    query = select(
        MessageBody.message_id,
        func.left(MessageBody.text, WHOLE_TEXT),
        MessageBody.reply_text.is_not(None),
    ).where(MessageBody.message_id.in_(message_ids), MessageBody.redacted_at.is_(None))
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}


def participants(
    session: Session, message_ids: Sequence[MessageId]
) -> Mapping[MessageId, list[Participant]]:
    """Everybody on a few messages, in the order of the headers."""
    query = (
        select(Participant)
        .where(Participant.message_id.in_(message_ids))
        .order_by(Participant.message_id, Participant.role, Participant.position)
    )
    found: dict[MessageId, list[Participant]] = defaultdict(list)
    for row in session.scalars(query):
        found[row.message_id].append(row)
    return found


def attachments(
    session: Session, message_ids: Sequence[MessageId]
) -> Mapping[int, list[Attachment]]:
    """The files of a few messages that are not part of their text."""
    query = (
        select(Attachment)
        .where(Attachment.message_id.in_(message_ids), Attachment.inline.is_(False))
        .order_by(Attachment.message_id, Attachment.part_id)
    )
    found: dict[int, list[Attachment]] = defaultdict(list)
    for row in session.scalars(query):
        found[row.message_id].append(row)
    return found


def log_entries(
    session: Session, message_ids: Sequence[MessageId]
) -> Mapping[int, tuple[LogEntry, str | None]]:
    """Whether a few messages stand in the timeline, and the name of who logged each."""
    query = (
        select(LogEntry, TeamMember.name)
        .outerjoin(TeamMember, TeamMember.id == LogEntry.logged_by)
        .where(LogEntry.message_id.in_(message_ids))
    )
    return {entry.message_id: (entry, name) for entry, name in session.execute(query)}


def holders(session: Session, message_ids: Sequence[MessageId]) -> Mapping[int, list[HeldCopy]]:
    """The copies of each of a few messages, one for each mailbox and more where Gmail has more."""
    query = (
        select(
            MessageCopy.message_id,
            Mailbox.owner_id,
            func.coalesce(TeamMember.name, Mailbox.email),
            MessageCopy.labels,
            MessageCopy.deleted_at,
        )
        .join(Mailbox, Mailbox.id == MessageCopy.mailbox_id)
        .outerjoin(TeamMember, TeamMember.id == Mailbox.owner_id)
        .where(MessageCopy.message_id.in_(message_ids))
        .order_by(Mailbox.id)
    )
    found: dict[int, list[HeldCopy]] = defaultdict(list)
    for message_id, owner, name, labels, deleted_at in session.execute(query):
        member = owner
        found[message_id].append(HeldCopy(member, name, labels if deleted_at is None else None))
    return found


def listings(session: Session, conversation_id: ConversationId) -> Sequence[Listing]:
    """The accounts it is listed under, and the address and role that put it there."""
    query = (
        select(Account, ConversationAccount.because_address, ConversationAccount.because_role)
        .join(ConversationAccount, ConversationAccount.account_id == Account.id)
        .where(ConversationAccount.conversation_id == conversation_id)
        .order_by(func.lower(Account.name))
    )
    return [Listing(account, address, role) for account, address, role in session.execute(query)]


def contacts_on(session: Session, conversation_id: ConversationId) -> Sequence[Contact]:
    """The contacts on it, up to a number that fits beside it."""
    query = (
        select(Contact)
        .join(ConversationContact, ConversationContact.contact_id == Contact.id)
        .where(ConversationContact.conversation_id == conversation_id)
        .order_by(Contact.id)
        .limit(CONTACTS_SHOWN)
    )
    return session.scalars(query).all()


def members_on(
    session: Session, conversation_id: ConversationId, *, reader: MemberId
) -> tuple[str, ...]:
    """The team members on the mail that the reader may read, by name (V-19)."""
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


def message_with_body(
    session: Session, message_id: MessageId
) -> tuple[Message, MessageBody | None] | None:
    """One message and what it says."""
    query = (
        select(Message, MessageBody)
        .outerjoin(MessageBody, MessageBody.message_id == Message.id)
        .where(Message.id == message_id)
    )
    row = session.execute(query).one_or_none()
    return (row[0], row[1]) if row else None
