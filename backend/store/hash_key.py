"""The key of the keyed hashes: one per installation, stored sealed beside the data.

It is derived from the oldest secret key on first use, so that existing hashes stay comparable. From
then on secret keys come and go without it.
"""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.store.models import InstallationKey
from backend.store.sealing import NONCE_SIZE, Sealer, derive
from backend.store.session import Store

PURPOSE = "hash"
CONTEXT = "installation-key:hash"


def hash_key(
    store: Store, sealer: Sealer, oldest_secret: str, random_bytes: Callable[[int], bytes]
) -> bytes:
    """32 bytes. Raises ConfigurationError when the secret key it was sealed with is not there."""
    with store.begin_global() as session:
        sealed = stored(session)
        if sealed is None:
            plain = derive(oldest_secret, b"hash").hex()
            made = sealer.seal(plain, context=CONTEXT, nonce=random_bytes(NONCE_SIZE))
            statement = insert(InstallationKey).values(purpose=PURPOSE, sealed=made)
            session.execute(statement.on_conflict_do_nothing())
            sealed = stored(session) or made
    return bytes.fromhex(sealer.open(sealed, context=CONTEXT))


def stored(session: Session) -> bytes | None:
    """The sealed key, once it exists."""
    query = select(InstallationKey.sealed).where(InstallationKey.purpose == PURPOSE)
    return session.scalar(query)
