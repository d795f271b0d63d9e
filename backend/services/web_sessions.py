"""Server-side sessions of signed-in browsers: 12 hours without use, 14 days at most; half an hour
for a browser that is about to sign in.

The cookie is a random value of which only the hash is stored, so that neither a copy of the
database nor a guess opens a session. A row is written when its data changes, and occasionally to
move its end.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.deps import Deps
from backend.store import web_sessions

IDLE = timedelta(hours=12)
LIFETIME = timedelta(days=14)
UNTIL_SIGNED_IN = timedelta(minutes=30)
REFRESH = timedelta(minutes=5)
"""The end is moved at most this often, so that most page views write nothing."""
TOKEN_BYTES = 32
WHO = "who"
"""The key of the signed-in member in a session."""


@dataclass(frozen=True)
class HeldSession:
    """A session's data, when it began, and whether its end should be moved."""

    data: dict[str, object]
    begun_at: datetime
    stale: bool


def new_token(deps: Deps) -> str:
    """A fresh value for the cookie."""
    return base64.urlsafe_b64encode(deps.random_bytes(TOKEN_BYTES)).rstrip(b"=").decode()


def read(deps: Deps, token: str) -> HeldSession | None:
    """The data of this cookie's session; None when it ended or never existed."""
    now = deps.now()
    with deps.store.begin_global() as session:
        row = web_sessions.find(session, _hash(token), now)
        if row is None:
            return None
        stale = row.expires_at < _end(row.data, row.created_at, now) - REFRESH
        return HeldSession(dict(row.data), row.created_at, stale)


def write(deps: Deps, token: str, data: Mapping[str, object], *, begun_at: datetime | None) -> None:
    """Store `data` under this cookie; without a beginning it begins now."""
    now = deps.now()
    begun = begun_at or now
    with deps.store.begin_global() as session:
        web_sessions.save(
            session, _hash(token), dict(data), begun=begun, expires=_end(data, begun, now)
        )


def end(deps: Deps, token: str) -> None:
    """Delete the session: its cookie opens nothing from now on."""
    with deps.store.begin_global() as session:
        web_sessions.remove(session, _hash(token))


def _end(data: Mapping[str, object], begun: datetime, now: datetime) -> datetime:
    if WHO not in data:
        return now + UNTIL_SIGNED_IN
    return min(now + IDLE, begun + LIFETIME)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
