"""Values sealed with an older secret key, and sealing them again.

Every sealed column is listed here: a secret key can be retired once no value begins with its mark.
Rows are processed in batches, each committed by itself, so that an interrupted run continues where
it was.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, SQLColumnExpression, func, or_, select, update
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, MailboxKey
from backend.store import hash_key
from backend.store.credentials import context
from backend.store.models import InstallationKey, Mailbox, OAuthAttempt
from backend.store.sealing import KEY_ID_SIZE, NONCE_SIZE, Sealer

Nonces = Callable[[int], bytes]


def is_older(column: SQLColumnExpression[bytes | None], sealer: Sealer) -> ColumnElement[bool]:
    """Whether a column was sealed with an older key than the newest; never when it is empty."""
    return func.substring(column, 1, KEY_ID_SIZE) != sealer.newest


def mailboxes(session: Session, sealer: Sealer, *, after: int, limit: int) -> Sequence[MailboxKey]:
    """Workspace and id of the next mailboxes whose token is sealed with an older key."""
    rows = session.execute(
        select(Mailbox.workspace_id, Mailbox.id)
        .where(Mailbox.id > after, is_older(Mailbox.sealed_token, sealer))
        .order_by(Mailbox.id)
        .limit(limit)
    )
    return [MailboxKey(*row) for row in rows]


def reseal_mailbox(session: Session, sealer: Sealer, mailbox_id: MailboxId, nonces: Nonces) -> None:
    """Seal one token again. Raises ConfigurationError when its key is not in the list."""
    query = select(Mailbox.sealed_token).where(Mailbox.id == mailbox_id).with_for_update()
    sealed = session.scalar(query)
    if sealed is None:  # disconnected meanwhile
        return
    place = context(mailbox_id)
    anew = sealer.seal(sealer.open(sealed, context=place), context=place, nonce=nonces(NONCE_SIZE))
    session.execute(update(Mailbox).where(Mailbox.id == mailbox_id).values(sealed_token=anew))


def reseal_hash_key(session: Session, sealer: Sealer, nonces: Nonces) -> bool:
    """Seal the key of the hashes again. Returns whether it was necessary. Raises ConfigurationError
    as above.
    """
    sealed = hash_key.stored(session)
    if sealed is None or sealed.startswith(sealer.newest):
        return False
    plain = sealer.open(sealed, context=hash_key.CONTEXT)
    anew = sealer.seal(plain, context=hash_key.CONTEXT, nonce=nonces(NONCE_SIZE))
    session.execute(
        update(InstallationKey)
        .where(InstallationKey.purpose == hash_key.PURPOSE)
        .values(sealed=anew)
    )
    return True


def open_ways(session: Session, sealer: Sealer, now: datetime) -> int:
    """How many OAuth attempts that can still complete need an older key."""
    older = or_(
        is_older(OAuthAttempt.sealed_verifier, sealer), is_older(OAuthAttempt.sealed_grant, sealer)
    )
    query = select(func.count()).where(OAuthAttempt.expires_at > now, older)
    return session.scalar(query) or 0
