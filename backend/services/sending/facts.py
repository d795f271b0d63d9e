"""What is known at the last second about the mail that wants to leave."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.address import address_key
from backend.domain.send_facts import Change, SendFacts, SendKind
from backend.domain.suppression import Mailing
from backend.services.deps import Deps
from backend.store import suppressions
from backend.store.models import Conversation, PendingMessage
from backend.store.outbox.gate import Passage
from backend.store.outbox.rows import letter_of

AT_ONCE = timedelta(minutes=10)
"""A hand-written mail meant to leave at once is not held because of an answer that crossed it."""


def facts_of(session: Session, deps: Deps, row: PendingMessage, way: Passage) -> SendFacts:
    """The facts of one row, with the mailbox's gate."""
    to = [address_key(one["address"]) for one in row.to]
    copies = [address_key(one["address"]) for one in (*row.cc, *row.bcc)]
    return SendFacts(
        letter=letter_of(row),
        gate=way.gate,
        to=to,
        copies=copies,
        suppressions=suppressions.of_addresses(
            session, deps.keyed_hash, row.workspace_id, [*to, *copies]
        ),
        mailing=Mailing(
            honours_unsubscribes=row.kind != SendKind.ONE_TO_ONE.value,
            scope=way.policies.unsubscribe_scope,
        ),
        changes=frozenset(changes(session, row, way)),
    )


def changes(session: Session, row: PendingMessage, way: Passage) -> list[Change]:
    """What happened since the mail was written."""
    found = []
    if way.owner is not None and way.owner.deactivated_at is not None:
        found.append(Change.SENDER_GONE)
    by_hand = row.kind == SendKind.ONE_TO_ONE.value and row.due_at - row.created_at < AT_ONCE
    if row.conversation_id is not None and not by_hand:
        answered = session.scalar(
            select(Conversation.last_inbound_at).where(Conversation.id == row.conversation_id)
        )
        if answered is not None and answered > row.created_at:
            found.append(Change.CONTACT_REPLIED)
    return found
