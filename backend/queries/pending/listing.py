"""Pending messages as a list, a page at a time in the order they leave, and their counts."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import MailboxId, MemberId
from backend.domain.paging import ListQuery, Page, whole_id
from backend.domain.people.actor import Actor
from backend.domain.sending.pending import DONE, PendingState
from backend.domain.summaries.pending import PendingLine
from backend.queries.keyset import Order, Slice, page_of
from backend.queries.pending.lines import CLOSED, pending_lines
from backend.store.like import contains, key_starts_with
from backend.store.models import Account, AccountContact, Mailbox, PendingMessage, PendingRecipient
from backend.store.pending_access import SHARED, PendingRow, Sending, with_sender

VIEWS: Mapping[str, tuple[PendingState, ...]] = {
    "": (),
    "scheduled": (PendingState.SCHEDULED, PendingState.SENDING),
    "held": (PendingState.HELD,),
    "review": (PendingState.UNKNOWN,),
    "failed": (PendingState.FAILED,),
}
"""The filters above the list, with their states; the first is everything open."""

LEAVES: Mapping[str, timedelta] = {"day": timedelta(days=1), "week": timedelta(days=7)}
"""How soon a message is expected to leave, for the filter."""

NEXT = Order(PendingMessage.due_at.expression, PendingMessage.id.expression, descending=False)


def pending_mail(deps: Deps, actor: Actor, query: ListQuery) -> Page[PendingLine]:
    """A page of pending messages. Filters: `view` (see VIEWS), `sender` (a member's id), `plan`,
    and `leaves` (see LEAVES).
    """
    states = VIEWS.get(query.filters.get("view", ""), ())
    reach = LEAVES.get(query.filters.get("leaves", ""))
    with deps.store.begin(actor.workspace_id) as session:
        found = pending_page(
            session,
            query,
            reader=actor.member_id,
            states=states,
            until=deps.now() + reach if reach else None,
        )
        rows = [PendingRow.of(row) for row in found.rows]
        lines = pending_lines(actor, session, rows, now=deps.now())
    return found.showing(lines)


def pending_counts(deps: Deps, actor: Actor) -> Mapping[str, int]:
    """How many messages each view holds."""
    with deps.store.begin(actor.workspace_id) as session:
        by_state = counts_by_state(session)
    return {
        view: sum(by_state.get(state, 0) for state in states) if states else sum(by_state.values())
        for view, states in VIEWS.items()
    }


def pending_page(
    session: Session,
    asked: ListQuery,
    *,
    reader: MemberId,
    states: Sequence[PendingState],
    until: datetime | None = None,
) -> Slice[*Sending]:
    """One page in the order of leaving. Rows are for `PendingRow.of`; no states means all open.

    `until` keeps what is expected to leave by then. Words are searched in what the reader may read.
    """
    query = with_sender()
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


def counts_by_state(session: Session, *, mailbox_id: MailboxId | None = None) -> Mapping[str, int]:
    """How many open messages are in each state, in the workspace or in one mailbox."""
    query = (
        select(PendingMessage.state, func.count())
        .where(PendingMessage.state.not_in(CLOSED))
        .group_by(PendingMessage.state)
    )
    if mailbox_id is not None:
        query = query.where(PendingMessage.mailbox_id == mailbox_id)
    return dict(session.execute(query).all())


def _mailboxes_of(session: Session, member_id: MemberId) -> Sequence[int]:
    """Looked up beforehand: with the mailbox known, an index has its messages in the list's
    order.
    """
    return session.scalars(select(Mailbox.id).where(Mailbox.owner_id == member_id)).all()
