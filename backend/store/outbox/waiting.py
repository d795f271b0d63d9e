"""Everything that waits in a mailbox, with what its forecast needs. Reads, and decides nothing.

Of suppressed addresses, only those kept readable are found.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, PendingId
from backend.domain.sending.outlook import Stopped, WaitingMail
from backend.domain.sending.pending import PendingState
from backend.domain.sending.suppression import Mailing, SuppressionCause
from backend.domain.sending.suppression import Suppression as Stop
from backend.domain.writing.unsubscribing import Offer
from backend.store.models import PendingMessage, PendingRecipient, Suppression
from backend.store.outbox.gate import sender_limits
from backend.store.outbox.rows import Waiting, letter_of


def waiting_mail(
    session: Session, mailbox_id: MailboxId, rows: Sequence[Waiting], now: datetime
) -> WaitingMail:
    """The gate and the suppressions of `rows`, all messages that wait in the mailbox."""
    limits = sender_limits(session, mailbox_id, now)
    return WaitingMail(
        letters=[letter_of(row) for row in rows],
        gate=limits.gate,
        rules=limits.rules,
        stopped=stopped_mail(session, mailbox_id),
    )


def stopped_mail(session: Session, mailbox_id: MailboxId) -> Mapping[PendingId, Stopped]:
    """The scheduled messages of a mailbox that go to a suppressed address."""
    query = (
        select(
            PendingMessage.id, PendingMessage.unsubscribe_offer, Suppression.key, Suppression.reason
        )
        .join(PendingRecipient, PendingRecipient.pending_id == PendingMessage.id)
        .join(Suppression, Suppression.key == PendingRecipient.key)
        .where(
            PendingMessage.mailbox_id == mailbox_id,
            PendingMessage.state == PendingState.SCHEDULED,
            Suppression.ended_at.is_(None),
        )
    )
    stops: dict[PendingId, list[Stop]] = defaultdict(list)
    mailings: dict[PendingId, Mailing] = {}
    for pending_id, offer, key, reason in session.execute(query):
        mailings[pending_id] = Mailing(honours_unsubscribes=offer == Offer.OFFERED)
        stops[pending_id].append(Stop(key or "", SuppressionCause(reason)))
    return {one: Stopped(mailings[one], found) for one, found in stops.items()}
