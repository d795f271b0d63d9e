"""Completes pending messages by sync: a SENT copy that carries a known send id proves that it left.

The row is linked to the message that came back, so the SENT copy is never a second message.
"""

from collections.abc import Mapping

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from backend.domain.ids import PendingId
from backend.domain.incoming import Where
from backend.domain.sending.pending import PendingState
from backend.store.filing import Mails, Row
from backend.store.models import PendingEvent, PendingMessage
from backend.store.pending_files import forget_bytes

States = Mapping[PendingId, str]
"""Pending rows with their states."""


def departures(where: Where, mails: Mails) -> list[Row]:
    """Departures from the mailbox, kept or not: Gmail's limits also count mail written by hand.

    A departure is never later than it was seen, whatever date a foreign program set.
    """
    return [
        {
            "workspace_id": where.workspace_id,
            "mailbox_id": where.mailbox_id,
            "gmail_id": one.gmail_id,
            "left_at": min(one.sent_at, where.now),
        }
        for one in mails
        if one.left
    ]


def lock_sent(session: Session, where: Where, mails: Mails) -> States:
    """Locks the pending rows that these copies prove sent.

    Before anything is written: recording the response to the POST takes the same locks in the same
    order, the row and then the departure.
    """
    ids = [item.send_id for item in ours(mails)]
    if not ids:
        return {}
    query = select(PendingMessage.id, PendingMessage.state).where(
        PendingMessage.id.in_(ids), PendingMessage.mailbox_id == where.mailbox_id
    )
    return dict(session.execute(query.order_by(PendingMessage.id).with_for_update()).all())


def ours(mails: Mails) -> Mails:
    """The copies in SENT mail that carry a send id."""
    return [one for one in mails if one.left and one.send_id]


def complete_sent(session: Session, where: Where, mails: Mails, states: States) -> None:
    """Mark the locked rows sent and link them to their messages and conversations."""
    changes: list[dict[str, object]] = []
    left: list[PendingId] = []
    for item in ours(mails):
        if item.send_id is None or item.send_id not in states:
            continue
        left.append(item.send_id)
        changes.append(
            {
                "b_id": item.send_id,
                "b_at": item.sent_at,
                "b_gmail": item.gmail_id,
                "b_thread": item.fetched.thread_id,
                "b_message": item.message_id,
                "b_conversation": item.conversation_id,
            }
        )
        if states[item.send_id] != PendingState.SENT:
            session.add(
                PendingEvent(
                    workspace_id=where.workspace_id,
                    pending_id=item.send_id,
                    happened_at=where.now,
                    state=PendingState.SENT,
                    detail="seen in the mailbox's SENT mail",
                )
            )
    if changes:
        forget_bytes(session, left)
        session.connection().execute(
            update(PendingMessage.__table__)  # type: ignore[arg-type]
            .where(PendingMessage.id == bindparam("b_id"))
            .values(
                state=PendingState.SENT,
                reason=None,
                sent_at=func.coalesce(PendingMessage.sent_at, bindparam("b_at")),
                sent_gmail_id=bindparam("b_gmail"),
                sent_thread_id=bindparam("b_thread"),
                sent_message_id=bindparam("b_message"),
                conversation_id=bindparam("b_conversation"),
                lease_until=None,
                mime=None,
            ),
            changes,
        )
