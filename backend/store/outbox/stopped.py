"""Which waiting mail goes to somebody who must not be written to, as far as that is known already.

Separate from the last look before a mail leaves, which asks again and decides: until then the
recipient may be changed, or the stop lifted. Only addresses that are kept readable are found here.
"""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, PendingId
from backend.domain.reasons import Reason
from backend.domain.sending.pending import PendingState
from backend.domain.sending.suppression import Mailing, SuppressionCause, blocked
from backend.domain.sending.suppression import Suppression as Stop
from backend.domain.writing.unsubscribing import Offer
from backend.store.models import PendingMessage, PendingRecipient, Suppression


def stopped_mail(session: Session, mailbox_id: MailboxId) -> Mapping[PendingId, tuple[str, Reason]]:
    """The scheduled mail of a mailbox that will not leave as it is: whom it must not go to, and
    why.
    """
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
    stops: dict[tuple[PendingId, Offer | None], list[Stop]] = defaultdict(list)
    for pending_id, offer, key, reason in session.execute(query):
        stops[pending_id, offer].append(Stop(key or "", SuppressionCause(reason)))
    found: dict[PendingId, tuple[str, Reason]] = {}
    for (pending_id, offer), several in stops.items():
        mailing = Mailing(honours_unsubscribes=offer == Offer.OFFERED)
        why = blocked(sorted({one.address for one in several}), several, mailing)
        if why:
            found[pending_id] = next(iter(why.items()))
    return found
