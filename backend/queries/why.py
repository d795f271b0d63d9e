"""Why a message is here or not here: the stored decisions about it, in words (N2).

Nothing readable is stored of a message that was left out, so it is found only by somebody who
already has its id, Gmail's own or the Message-ID of its headers, or the address of somebody on it.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import structlog
from sqlalchemy import Row, Select, and_, select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.capture.rule import SETTING_BEHIND, Rule
from backend.domain.ids import ConversationId, MailboxId, MemberId, MessageId
from backend.domain.mail.address import address_key
from backend.domain.mail.headers import message_id
from backend.domain.paging import ListQuery
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed
from backend.domain.policies import SETTINGS
from backend.domain.reasons import sentence
from backend.domain.summaries.why import WhyDecision, WhyMail, WhySummary
from backend.errors import RapportError
from backend.google.apis import Access
from backend.google.opened import hexadecimal
from backend.queries import contacts
from backend.queries.conversations.changes import why_lines
from backend.queries.conversations.lines import NO_SUBJECT
from backend.queries.conversations.listing import conversations_page
from backend.queries.conversations.messages import failure_lines
from backend.rate_limit import pacer
from backend.store import credentials, failures, mailboxes
from backend.store.conversation_access import readable
from backend.store.message_sight import may_be_read
from backend.store.models import (
    ConversationContact,
    Decision,
    LeftOutPerson,
    Mailbox,
    Message,
    MessageCopy,
)

log = structlog.get_logger(__name__)
OUTCOMES: Mapping[str, str] = {
    "kept": "Logged",
    "skipped": "Not logged",
    "quarantined": "Set aside",
}
RULES: Mapping[str, str] = {
    "reading": "Reading the message",
    "labels": "Gmail's labels",
    "erasure": "Erased people stay erased",
    "person": "Somebody's click",
    "send_id": "Sent from Rapport",
    "never_log": "The never-log list",
    "internal": "Internal mail stays internal",
    "matching": "Matching the people on it",
    "bounce": "Mail that came back",
    "followed": "A followed thread",
    "shared": "A shared mailbox",
}
PATHS: Mapping[str, str] = {
    "import": "First import",
    "live": "Live sync",
    "audit": "Nightly audit",
    "click": "A click in Gmail",
    "late": "A contact added later",
}
Decided = Row[Decision, str]
"""A decision and the address of its mailbox."""

MAX_ASKED = 300
PEOPLE = 5
CONVERSATIONS = 10
MAILS = 25
UNREAD = 25
PATIENCE = timedelta(seconds=1)
MOST = 100
ONE_MAIL = timedelta(hours=1)
"""How far apart the copies of one message may arrive."""


def why(
    deps: Deps, actor: Actor, *, asked: str = "", message_id: MessageId | None = None
) -> WhySummary:
    """The decisions about a message: by Gmail's id, by Message-ID, or by our own id. Anything else
    is searched in subjects and people.

    Members see the decisions of their own mailbox, admins those of all.
    """
    text = asked.strip()[:MAX_ASKED]
    everybody = allowed(actor.role, Permission.DECISION_SEARCH, own=False)
    owner = None if everybody else actor.member_id
    with deps.store.begin(actor.workspace_id) as session:
        if message_id is not None:
            found = _by_message(session, message_id, owner)
        else:
            found = _by_id(session, deps, actor, text, owner)
        if found or message_id is not None:
            return _summary(session, actor, text, found)
    if "@" in text and (gmail_ids := ids_in_gmail(deps, actor, bare(text))):
        with deps.store.begin(actor.workspace_id) as session:
            found = [row for one in gmail_ids for row in _by_gmail_id(session, one, owner)]
            return _summary(session, actor, text, found)
    with deps.store.begin(actor.workspace_id) as session:
        person = deps.keyed_hash.of(actor.workspace_id, address_key(text))
        left_out = _left_out_of(session, person, owner) if address_key(text) else ()
        return WhySummary(
            asked=text,
            decisions=(),
            mails=mails_about(deps, actor, session, text),
            left_out=tuple(_decision(*row) for row in left_out),
        )


def _by_id(
    session: Session, deps: Deps, actor: Actor, text: str, owner: MemberId | None
) -> Sequence[Decided]:
    if not text:
        return ()
    if "@" not in text:
        return _by_gmail_id(session, hexadecimal(text), owner)
    for spelling in (f"<{bare(text)}>", bare(text)):
        rfc_hash = deps.keyed_hash.of(actor.workspace_id, spelling)
        if found := _by_rfc_hash(session, rfc_hash, owner):
            return found
    return _by_rfc_id(session, bare(text), owner)


def bare(text: str) -> str:
    """A Message-ID without its brackets."""
    return text.removeprefix("<").removesuffix(">")


def _summary(session: Session, actor: Actor, text: str, found: Sequence[Decided]) -> WhySummary:
    if several := _are_several(found):
        mails = _mails_by_id(session, found, actor.member_id)
        named = (_decision(*row, mails.get(row[0].message_id)) for row in found)
        return WhySummary(asked=text, decisions=tuple(named), several=several)
    stored = next((one.message_id for one, _ in found if one.message_id), None)
    message = _message(session, stored) if stored is not None else None
    readable = message is not None and actor.member_id in _holders(session, message.id)
    return WhySummary(
        asked=text,
        decisions=tuple(_decision(*row) for row in found),
        message_id=message.id if message else None,
        conversation_id=message.conversation_id if message else None,
        subject=message.subject if message and readable else None,
        sent_at=message.sent_at if message else None,
        failures=failure_lines(failures.of_messages(session, [message])[message.id])
        if message and readable
        else (),
        changes=why_lines(actor, session, message.id) if message and readable else (),
    )


def _are_several(found: Sequence[Decided]) -> bool:
    """Whether these are decisions on different messages: a copy of one message arrives everywhere
    within the hour.
    """
    if len({one.message_id for one, _ in found if one.message_id}) > 1:
        return True
    times = [one.internal_at for one, _ in found if one.internal_at]
    return bool(times) and max(times) - min(times) > ONE_MAIL


def _mails_by_id(
    session: Session, found: Sequence[Decided], reader: MemberId
) -> Mapping[MessageId | None, WhyMail]:
    """The stored messages behind decisions that the reader may read."""
    ids = [one.message_id for one, _ in found if one.message_id]
    mails = session.scalars(select(Message).where(Message.id.in_(ids), may_be_read(reader)))
    return {one.id: _why_mail(one) for one in mails}


def _why_mail(message: Message) -> WhyMail:
    return WhyMail(
        message_id=message.id,
        subject=message.subject or NO_SUBJECT,
        sender=message.sender_name or message.sender_address,
        sent_at=message.sent_at,
    )


def _decision(row: Decision, email: str, mail: WhyMail | None = None) -> WhyDecision:
    reason = row.reason
    details = {"address": row.deciding_address} if row.deciding_address else {}
    setting = SETTING_BEHIND.get(reason)
    return WhyDecision(
        mailbox_email=email,
        outcome=OUTCOMES.get(row.outcome, row.outcome),
        sentence=sentence(reason, **details),
        rule=RULES.get(row.rule, row.rule),
        path=PATHS.get(row.path, row.path),
        decided_at=row.decided_at,
        received_at=row.internal_at,
        mail=mail,
        setting=SETTINGS[setting].label if setting else None,
    )


def ids_in_gmail(deps: Deps, actor: Actor, rfc_id: str) -> Sequence[str]:
    """Gmail's ids of a message in the reader's own mailbox: mail left out unread, such as spam,
    cannot be found in another way. The latest of it is fetched by id, since Gmail's search index
    lags. Empty when Gmail does not answer.
    """
    with deps.store.begin(actor.workspace_id) as session:
        own = mailboxes.of_member(session, actor.member_id)
        if own is None or own.state not in mailboxes.WORKING:
            return ()
        mailbox_id = own.id
        unread = _left_out_unread(session, mailbox_id, UNREAD)
        token = credentials.refresh_token(session, deps.sealer, mailbox_id)
    try:
        take = pacer(deps, mailbox_id, patience=PATIENCE)
        gmail = deps.google.mailbox(Access(mailbox_id, token), take)
        named = gmail.message_ids(unread) if unread else {}
        found = [one for one, field in named.items() if message_id(field) == rfc_id]
        return found or gmail.find(rfc_id)
    except RapportError as error:
        log.info("why_not_found_in_gmail", mailbox_id=mailbox_id, error=type(error).__name__)
        return ()


def mails_about(deps: Deps, actor: Actor, session: Session, words: str) -> tuple[WhyMail, ...]:
    """The newest stored messages whose subject has these words, or that have this person on
    them.
    """
    query = ListQuery(search=words, limit=CONVERSATIONS)
    if not query.words:
        return ()
    places = [*_by_subject(deps, actor, session, query), *_by_person(deps, session, words)]
    open_to_reader = [
        one for one in dict.fromkeys(places) if readable(actor, session, ConversationId(one))
    ]
    return tuple(map(_why_mail, _mails_of(session, open_to_reader, actor.member_id, MAILS)))


def _by_subject(deps: Deps, actor: Actor, session: Session, query: ListQuery) -> list[int]:
    found, _ = conversations_page(
        session, query, reader=actor.member_id, holder=None, now=deps.now()
    )
    return [int(row[0].id) for row in found.rows]


def _by_person(deps: Deps, session: Session, words: str) -> list[int]:
    """By name, or by address."""
    query = ListQuery(search=address_key(words) or words, limit=PEOPLE)
    found, _ = contacts.contacts_page(session, query, account_id=None, now=deps.now())
    people = [int(row[0].id) for row in found.rows]
    return _conversations_with(session, people, CONVERSATIONS)


def _by_gmail_id(session: Session, gmail_id: str, owner: MemberId | None) -> Sequence[Decided]:
    """Decisions about Gmail's message in any mailbox, or in one member's. Rows: Decision, email."""
    return _rows(session, _decisions(owner).where(Decision.gmail_id == gmail_id))


def _by_rfc_hash(session: Session, rfc_hash: bytes, owner: MemberId | None) -> Sequence[Decided]:
    """Decisions about a Message-ID, given as its keyed hash."""
    return _rows(session, _decisions(owner).where(Decision.rfc_hash == rfc_hash))


def _by_message(
    session: Session, message_id: MessageId, owner: MemberId | None
) -> Sequence[Decided]:
    """Decisions about a message we store."""
    return _rows(session, _decisions(owner).where(Decision.message_id == message_id))


def _by_rfc_id(session: Session, rfc_id: str, owner: MemberId | None) -> Sequence[Decided]:
    """Decisions about stored messages with this Message-ID."""
    stored = select(Message.id).where(Message.rfc_id == rfc_id)
    return _rows(session, _decisions(owner).where(Decision.message_id.in_(stored)))


def _left_out_unread(session: Session, mailbox_id: MailboxId, most: int) -> Sequence[str]:
    """Gmail's ids of the latest messages that were left out by label, before they were read."""
    query = (
        select(Decision.gmail_id)
        .where(
            Decision.mailbox_id == mailbox_id,
            Decision.rule == Rule.LABELS,
            Decision.rfc_hash.is_(None),
        )
        .order_by(Decision.decided_at.desc())
        .limit(most)
    )
    return session.scalars(query).all()


def _left_out_of(session: Session, person_hash: bytes, owner: MemberId | None) -> Sequence[Decided]:
    """Decisions about left-out messages that have this person on them."""
    on_it = and_(
        LeftOutPerson.mailbox_id == Decision.mailbox_id, LeftOutPerson.gmail_id == Decision.gmail_id
    )
    query = _decisions(owner).join(LeftOutPerson, on_it)
    return _rows(session, query.where(LeftOutPerson.person_hash == person_hash))


def _mails_of(
    session: Session, conversations: Sequence[int], reader: MemberId, most: int
) -> Sequence[Message]:
    """The newest messages of these conversations that the reader may read."""
    query = (
        select(Message)
        .where(Message.conversation_id.in_(conversations), may_be_read(reader))
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(most)
    )
    return session.scalars(query).all()


def _conversations_with(session: Session, contacts: Sequence[int], most: int) -> list[int]:
    """The latest conversations with these contacts."""
    query = (
        select(ConversationContact.conversation_id)
        .where(ConversationContact.contact_id.in_(contacts))
        .order_by(ConversationContact.last_message_at.desc())
        .limit(most)
    )
    return list(dict.fromkeys(session.scalars(query)))


def _message(session: Session, message_id: MessageId) -> Message | None:
    """The stored message a decision led to."""
    return session.get(Message, message_id)


def _holders(session: Session, message_id: MessageId) -> set[int]:
    """The owners of the mailboxes that hold a message."""
    query = (
        select(Mailbox.owner_id)
        .join(MessageCopy, MessageCopy.mailbox_id == Mailbox.id)
        .where(MessageCopy.message_id == message_id)
    )
    return {owner for owner in session.scalars(query) if owner is not None}


def _decisions(owner: MemberId | None) -> Select[Decision, str]:
    query = select(Decision, Mailbox.email).join(Mailbox, Mailbox.id == Decision.mailbox_id)
    return query if owner is None else query.where(Mailbox.owner_id == owner)


def _rows(session: Session, query: Select[Decision, str]) -> Sequence[Decided]:
    return session.execute(query.order_by(Decision.decided_at.desc()).limit(MOST)).all()
