"""One sender per mailbox at a time, and when a mailbox that must wait is looked at again."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, update
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId
from backend.store.models import Mailbox

LEASE = timedelta(minutes=3)
"""Longer than one POST may take; a process that died is taken over after this."""

TAKE = (
    update(Mailbox)
    .where(
        Mailbox.id == bindparam("mailbox"),
        or_(
            Mailbox.send_lease_until.is_(None),
            Mailbox.send_lease_until < bindparam("now"),
            Mailbox.send_lease_owner == bindparam("owner"),
        ),
    )
    .values(send_lease_owner=bindparam("owner"), send_lease_until=bindparam("until"))
    .returning(Mailbox)
    .execution_options(synchronize_session=False, populate_existing=True)
)
GIVE_BACK = (
    update(Mailbox)
    .where(Mailbox.id == bindparam("mailbox"), Mailbox.send_lease_owner == bindparam("owner"))
    .values(send_lease_owner=None, send_lease_until=None)
    .execution_options(synchronize_session=False)
)


def take(session: Session, mailbox_id: MailboxId, owner: str, now: datetime) -> Mailbox | None:
    """Become, or stay, the one process that sends from this mailbox. None when another is."""
    values = {"mailbox": mailbox_id, "owner": owner, "now": now, "until": now + LEASE}
    return session.scalars(TAKE, values).one_or_none()


def give_back(session: Session, mailbox_id: MailboxId, owner: str) -> None:
    """Let others send from the mailbox again."""
    session.execute(GIVE_BACK, {"mailbox": mailbox_id, "owner": owner})


def look_again(session: Session, mailbox_id: MailboxId, at: datetime | None) -> None:
    """Leave the mailbox's pending mail alone until then; None means look at once."""
    session.execute(update(Mailbox).where(Mailbox.id == mailbox_id).values(send_look_at=at))


def pause(session: Session, mailbox_id: MailboxId, until: datetime) -> None:
    """Google named a sending limit: nothing leaves before then, reading goes on."""
    session.execute(
        update(Mailbox)
        .where(Mailbox.id == mailbox_id)
        .values(send_paused_until=until, send_look_at=until)
    )
