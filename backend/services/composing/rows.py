"""Inserts queued messages: one row, or one for each of several people, with their recipients.

Separate from the checks before them: what gets here may be stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import ContactId, PendingId
from backend.domain.people.actor import Actor
from backend.domain.sending.pending import PendingState
from backend.domain.sending.rule import SendKind, Urgency
from backend.domain.writing.unsubscribing import Offer
from backend.services.composing.draft import Checked, Draft
from backend.services.composing.files import FileChanges, apply_changes
from backend.services.composing.recalling import nth_nonce, put_date
from backend.services.composing.sender import Sending
from backend.store.models import Contact, Message, PendingMessage, PendingRecipient
from backend.store.outbox.rows import note_step


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a message comes from: the click's nonce, and the message it replies to, if any. One
    that `passes_on` another may go to colleagues alone, and one `among_us` only starts there.
    """

    nonce: str
    parent: Message | None = None
    passes_on: bool = False
    among_us: bool = False

    @property
    def conversation_id(self) -> int | None:
        """The conversation it joins."""
        return self.parent.conversation_id if self.parent else None


class Writing(NamedTuple):
    """What several messages of one click share; `known` are the contacts by address, and `offer`
    the unsubscribe offer.
    """

    draft: Draft
    origin: Origin
    sending: Sending
    known: Mapping[str, ContactId]
    offer: Offer | None


def insert_all(
    session: Session, deps: Deps, actor: Actor, writing: Writing, several: Sequence[Checked]
) -> list[PendingMessage]:
    """Insert a row for each group of recipients, all with the same date. Their ids are ordered, so
    that they leave in order.
    """
    now, rows = deps.now(), []
    ids = sorted(UUID(bytes=deps.random_bytes(16), version=4) for _ in several)
    draft, origin, sending, known, offer = writing
    for nth, one in enumerate(several):
        row = new_row(deps, actor, draft, origin, sending)
        row.id = PendingId(ids[nth])
        row.unsubscribe_offer = offer
        row.nonce = nth_nonce(origin.nonce, nth)
        put_date(session, actor, row, draft.due_at, now)
        address_row(session, row, one, known)
        put(session, row, one, known, draft.files)
        note_step(session, row, now=now, by=actor.member_id)
        rows.append(row)
    return rows


def put(
    session: Session,
    row: PendingMessage,
    checked: Checked,
    known: Mapping[str, ContactId],
    files: FileChanges,
) -> None:
    """Insert the row, its recipients, and its files."""
    session.add(row)
    session.flush()
    add_recipients(session, row, checked, known)
    apply_changes(session, row.workspace_id, row.id, files)


def new_row(
    deps: Deps, actor: Actor, draft: Draft, origin: Origin, sending: Sending
) -> PendingMessage:
    """The row without its id, its recipients and its date. What is written for a shared address is
    answered there.
    """
    shared = sending.written_as
    return PendingMessage(
        workspace_id=actor.workspace_id,
        mailbox_id=sending.mailbox.id,
        written_as=shared.id if shared else None,
        author_id=actor.member_id,
        conversation_id=origin.conversation_id,
        parent_message_id=origin.parent.id if origin.parent else None,
        kind=SendKind.ONE_TO_ONE,
        urgency=Urgency.SCHEDULED,
        state=PendingState.SCHEDULED,
        subject=draft.subject.strip(),
        body_text=draft.body_text,
        reply_to=(draft.reply_to or "").strip() or (shared.email if shared else None),
        created_at=deps.now(),
    )


def address_row(
    session: Session, row: PendingMessage, checked: Checked, known: Mapping[str, ContactId]
) -> None:
    """Put the recipients on the row, with the names their contacts have."""
    query = select(Contact.id, Contact.name).where(Contact.id.in_(set(known.values())))
    by_id = dict(session.execute(query).all())
    names = {key: by_id[contact_id] for key, contact_id in known.items()}
    row.to = checked.stored(checked.recipients.to, names)
    row.cc = checked.stored(checked.recipients.cc, names)
    row.bcc = checked.stored(checked.recipients.bcc, names)


def add_recipients(
    session: Session, row: PendingMessage, checked: Checked, known: Mapping[str, ContactId]
) -> None:
    """Insert the rows by which recipients find the message."""
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
