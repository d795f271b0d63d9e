"""What is known at the last second about the mail that wants to leave."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

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
    to = [one["key"] for one in row.to]
    copies = [one["key"] for one in (*row.cc, *row.bcc)]
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


def changes(session: Session, row: PendingMessage, way: Passage) -> Iterator[Change]:
    """What happened since a person last decided that the mail shall leave as it is."""
    if way.owner is not None and way.owner.deactivated_at is not None:
        yield Change.SENDER_GONE
    decided_at = row.edited_at or row.created_at
    by_hand = row.kind == SendKind.ONE_TO_ONE.value and row.due_at - decided_at < AT_ONCE
    if row.conversation_id is None or by_hand:
        return
    answered = session.scalar(
        select(Conversation.last_inbound_at).where(Conversation.id == row.conversation_id)
    )
    if answered is not None and answered > decided_at:
        yield Change.CONTACT_REPLIED
