"""The send lease of a mailbox: one sender at a time, and when a paused mailbox is retried."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId
from backend.domain.reasons import Reason
from backend.domain.sync.leases import LEASE
from backend.store.models import Mailbox
from backend.store.statements import Asked, Statement

GIVE_BACK = Statement(
    """
    WITH given AS (
      UPDATE mailboxes
         SET send_lease_owner = NULL, send_lease_until = NULL,
             send_troubles = CASE WHEN %(works)s THEN 0 ELSE send_troubles END,
             send_look_at = coalesce(CAST(%(look_at)s AS timestamptz), send_look_at)
       WHERE id = %(mailbox)s AND send_lease_owner = %(owner)s
    )
    SELECT EXISTS (
      SELECT FROM pending_messages WHERE mailbox_id = %(mailbox)s AND state = 'scheduled')
    """
)


def giving_back(
    mailbox_id: MailboxId, *, owner: str, look_at: datetime | None = None, works: bool = False
) -> Asked:
    """The statement that releases the lease, and leaves the mailbox alone until `look_at`, if
    given. `works`: a message left, so earlier troubles are over. Returns whether messages still
    wait there.
    """
    return GIVE_BACK, {"mailbox": mailbox_id, "owner": owner, "look_at": look_at, "works": works}


def keep(session: Session, mailbox_id: MailboxId, *, owner: str, now: datetime) -> None:
    """Renew the lease, if `owner` still holds it. This does not guard against double sends: each
    message is claimed by itself, and only under the lease.
    """
    session.execute(
        update(Mailbox)
        .where(Mailbox.id == mailbox_id, Mailbox.send_lease_owner == owner)
        .values(send_lease_until=now + LEASE)
    )


def pause(
    session: Session, mailbox_id: MailboxId, until: datetime, *, because: Reason, answer: str
) -> None:
    """Nothing leaves before then, for a reason that each waiting message shows; reading
    continues.
    """
    session.execute(
        update(Mailbox)
        .where(Mailbox.id == mailbox_id)
        .values(
            send_paused_until=until,
            send_look_at=until,
            send_paused_because=because,
            send_paused_answer=answer,
        )
    )
