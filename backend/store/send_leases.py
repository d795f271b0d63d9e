"""The send lease of a mailbox: one sender at a time, and when a paused mailbox is retried."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId
from backend.domain.reasons import Reason
from backend.domain.sync.leases import LEASE
from backend.store.models import Mailbox
from backend.store.statements import BoundStatement, sql, statement

GIVE_BACK = statement(sql("give_lease_back"), bool)


def giving_back(
    mailbox_id: MailboxId, *, owner: str, look_at: datetime | None = None, works: bool = False
) -> BoundStatement[bool]:
    """What lets others send from the mailbox again, and leaves it alone until `look_at`, if one is
    given. `works` says that mail left: troubles before are over. Its answer is whether mail still
    waits there.
    """
    return GIVE_BACK.bind(mailbox=mailbox_id, owner=owner, look_at=look_at, works=works)


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
