"""Pending mail as lists: by state, sender and words, a page at a time in the order it leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from backend.domain.ids import ConversationId, MailboxId, MemberId, PendingId
from backend.domain.paging import ListQuery, whole_id
from backend.domain.people.visibility import Visibility
from backend.domain.sending.pending import DONE, PendingState
from backend.store.keyset import AnySelect, Order, Slice, page_of, this_workspace
from backend.store.like import contains, key_starts_with
from backend.store.models import (
    Account,
    AccountContact,
    Conversation,
    Departure,
    GmailThread,
    Mailbox,
    PendingEvent,
    PendingMessage,
    PendingRecipient,
    TeamMember,
)

NEXT = Order(PendingMessage.due_at.expression, PendingMessage.id.expression, descending=False)
FULL = Visibility.FULL
HOLDER = aliased(Mailbox, name="holder")
SHARED = and_(
    Mailbox.sharing == FULL,
    func.coalesce(Conversation.visibility, FULL) == FULL,
    ~select(GmailThread.conversation_id)
    .join(HOLDER, HOLDER.id == GmailThread.mailbox_id)
    .where(GmailThread.conversation_id == PendingMessage.conversation_id, HOLDER.sharing != FULL)
    .correlate(PendingMessage)
    .offset(0)
    .exists(),
)
"""That the team may read all of a pending mail. In doubt it may not."""

CLOSED = tuple(state for state in DONE)
MAX_STEPS = 200


@dataclass(frozen=True)
class PendingRow:
    """A pending mail with its sender, the owner of the mailbox it leaves from.

    `shared`: the team may read it, as what was chosen for its conversation and for the mailboxes
    that have it says.
    """

    message: PendingMessage
    owner_id: MemberId | None
    sender_name: str
    sender_email: str
    shared: bool

    @classmethod
    def of(cls, row: Row[Any]) -> "PendingRow":
        """One row of `_with_sender`."""
        owner = MemberId(row.owner_id) if row.owner_id is not None else None
        name = row.sender_name or row.email
        return cls(row.PendingMessage, owner, name, row.email, row.shared)


def pending_page(
    session: Session,
    asked: ListQuery,
    *,
    reader: MemberId,
    states: Sequence[PendingState],
    until: datetime | None = None,
) -> Slice:
    """One page in the order of leaving. Rows are for `PendingRow.of`; no states means all open.

    `until` keeps what is expected to leave by then. Words are found in what the reader may read.
    """
    query = _with_sender()
    if states:
        query = query.where(PendingMessage.state.in_(list(states)))
    if not states or not set(states) & DONE:
        query = query.where(PendingMessage.state.not_in(CLOSED))
    if asked.words:
        addressed = select(PendingRecipient.pending_id).where(
            key_starts_with(PendingRecipient.key, asked.words)
        )
        own = (PendingMessage.author_id == reader) | (Mailbox.owner_id == reader)
        named = contains(PendingMessage.subject, asked.words) & (own | SHARED)
        query = query.where(named | PendingMessage.id.in_(addressed))
    if sender := whole_id(asked.filters.get("sender")):
        query = query.where(PendingMessage.mailbox_id.in_(_mailboxes_of(session, MemberId(sender))))
    if until is not None:
        leaves = func.coalesce(PendingMessage.forecast_at, PendingMessage.not_before)
        scheduled = PendingMessage.state == PendingState.SCHEDULED
        query = query.where(scheduled, leaves < until)
    if asked.filters.get("plan"):
        paying = (
            select(PendingRecipient.pending_id)
            .join(AccountContact, AccountContact.contact_id == PendingRecipient.contact_id)
            .join(Account, Account.id == AccountContact.account_id)
            .where(
                PendingRecipient.pending_id == PendingMessage.id,
                Account.plan == asked.filters["plan"],
            )
            .correlate(PendingMessage)
            .offset(0)  # or Postgres would look at the recipients of all mail that ever left
        )
        query = query.where(paying.exists())
    return page_of(session, query, NEXT, asked)


def one(session: Session, pending_id: PendingId) -> PendingRow | None:
    """One pending mail of the session's workspace."""
    row = session.execute(_with_sender().where(PendingMessage.id == pending_id)).one_or_none()
    return PendingRow.of(row) if row else None


def open_in_conversation(
    session: Session, conversation_id: ConversationId, *, limit: int
) -> list[PendingRow]:
    """What waits in a conversation, the next first."""
    query = (
        _with_sender()
        .where(
            PendingMessage.conversation_id == conversation_id, PendingMessage.state.not_in(CLOSED)
        )
        .order_by(PendingMessage.due_at, PendingMessage.id)
        .limit(limit)
    )
    return [PendingRow.of(row) for row in session.execute(query)]


def counts_by_state(session: Session, *, mailbox_id: MailboxId | None = None) -> Mapping[str, int]:
    """How many open mails stand in each state, in the workspace or in one mailbox."""
    query = (
        select(PendingMessage.state, func.count())
        .where(PendingMessage.state.not_in(CLOSED))
        .group_by(PendingMessage.state)
    )
    if mailbox_id is not None:
        query = query.where(PendingMessage.mailbox_id == mailbox_id)
    return dict(session.execute(query).all())


def next_departure(session: Session, mailbox_id: MailboxId) -> datetime | None:
    """When the next scheduled mail of a mailbox is expected to leave. The next ones are always
    planned.
    """
    return session.scalar(
        select(func.min(PendingMessage.forecast_at)).where(
            PendingMessage.mailbox_id == mailbox_id,
            PendingMessage.state == PendingState.SCHEDULED,
        )
    )


def editor(session: Session, message: PendingMessage) -> str | None:
    """The name of who edited a mail by hand."""
    return session.scalar(select(TeamMember.name).where(TeamMember.id == message.edited_by))


def signature_of(session: Session, message: PendingMessage) -> str:
    """The signature of whoever the mail is sent from, not of its author (VC-38)."""
    query = (
        select(TeamMember.signature_html)
        .join(Mailbox, Mailbox.owner_id == TeamMember.id)
        .where(Mailbox.id == message.mailbox_id)
    )
    return session.scalar(query) or ""


def left_since(session: Session, mailbox_id: MailboxId, since: datetime) -> int:
    """How many mails were seen leaving a mailbox since then."""
    query = select(func.count()).where(
        Departure.mailbox_id == mailbox_id, Departure.left_at > since
    )
    return session.scalar(query) or 0


def account_names(session: Session, pending_ids: Sequence[PendingId]) -> Mapping[object, str]:
    """The account each of a few mails goes to: the oldest one of its first known recipient."""
    query = (
        select(PendingRecipient.pending_id, Account.name)
        .join(AccountContact, AccountContact.contact_id == PendingRecipient.contact_id)
        .join(Account, Account.id == AccountContact.account_id)
        .where(PendingRecipient.pending_id.in_(pending_ids))
        .ext(distinct_on(PendingRecipient.pending_id))
        .order_by(PendingRecipient.pending_id, AccountContact.since, Account.id)
    )
    return dict(session.execute(query).all())


def steps(session: Session, pending_id: PendingId) -> Sequence[tuple[PendingEvent, str | None]]:
    """The chain of what happened to a mail, oldest first, with who did it."""
    query = (
        select(PendingEvent, TeamMember.name)
        .outerjoin(TeamMember, TeamMember.id == PendingEvent.by)
        .where(PendingEvent.pending_id == pending_id)
        .order_by(PendingEvent.id)
        .limit(MAX_STEPS)
    )
    return [(event, name) for event, name in session.execute(query)]


def _mailboxes_of(session: Session, member_id: MemberId) -> Sequence[int]:
    """Asked for beforehand: with the mailbox known, an index has its mail in the list's order."""
    return session.scalars(select(Mailbox.id).where(Mailbox.owner_id == member_id)).all()


def _with_sender() -> AnySelect:
    return (
        select(
            PendingMessage,
            Mailbox.owner_id,
            TeamMember.name.label("sender_name"),
            Mailbox.email,
            SHARED.label("shared"),
        )
        .join(Mailbox, Mailbox.id == PendingMessage.mailbox_id)
        .outerjoin(TeamMember, TeamMember.id == Mailbox.owner_id)
        .outerjoin(Conversation, Conversation.id == PendingMessage.conversation_id)
        .where(PendingMessage.workspace_id == this_workspace())
    )
