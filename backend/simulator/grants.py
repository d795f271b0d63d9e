"""Codes, tokens and consents: who may do what through which client, and until when."""

import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from backend.simulator.clock import Clock, epoch_ms
from backend.simulator.store import Store

ACCESS_TOKEN_LIFE = timedelta(seconds=3599)
CODE_LIFE = timedelta(minutes=10)
# Gmail's own page is no API client: no quota counts what it does.
PAGE_CLIENT_ID = "gmail-page"


@dataclass(frozen=True)
class AccessToken:
    """A live access token. `message` binds an add-on's token to one message."""

    token: str
    email: str
    client_id: str
    scopes: frozenset[str]
    expires_at: int
    message: int | None


@dataclass(frozen=True)
class Request:
    """What a person agreed to on the consent page."""

    email: str
    client_id: str
    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: str = ""
    challenge_method: str = ""
    nonce: str = ""
    refreshable: bool = False


class Grants:
    """Hands out and takes back."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def issue_code(self, request: Request) -> str:
        """A code that works once, for ten minutes; the consent is remembered."""
        code = f"4/0A{secrets.token_urlsafe(40)}"
        expires_at = epoch_ms(self._clock.now() + CODE_LIFE)
        with self._store.write() as db:
            self._remember_consent(db, request)
            db.execute(
                "INSERT INTO authorization_code VALUES (?,?,?,?,?,?,?,?,?,?,0)",
                (
                    *(code, request.email, request.client_id, " ".join(request.scopes)),
                    *(request.redirect_uri, request.challenge, request.challenge_method),
                    *(request.nonce, int(request.refreshable), expires_at),
                ),
            )
        return code

    def look_up_code(self, code: str) -> Request | None:
        """What a code stands for while it is fresh and unused."""
        with self._store.read() as db:
            row = db.execute(
                "SELECT * FROM authorization_code WHERE code = ? AND used = 0 AND expires_at > ?",
                (code, self._clock.now_ms()),
            ).fetchone()
        if row is None:
            return None
        return Request(
            *(row["email"], row["client_id"], tuple(row["scopes"].split())),
            *(row["redirect_uri"], row["challenge"], row["challenge_method"], row["nonce"]),
            refreshable=bool(row["refreshable"]),
        )

    def use_up(self, code: str) -> bool:
        """Whether this caller was the first to redeem the code."""
        with self._store.write() as db:
            changed = db.execute(
                "UPDATE authorization_code SET used = 1 WHERE code = ? AND used = 0", (code,)
            )
            return changed.rowcount == 1

    def consented(self, email: str, client_id: str) -> frozenset[str]:
        with self._store.read() as db:
            row = db.execute(
                "SELECT scopes FROM consent WHERE email = ? AND client_id = ?", (email, client_id)
            ).fetchone()
        return frozenset() if row is None else frozenset(row["scopes"].split())

    def issue_refresh(self, request: Request) -> str:
        token = f"1//0{secrets.token_urlsafe(48)}"
        with self._store.write() as db:
            db.execute(
                "INSERT INTO refresh_token VALUES (?,?,?,?,0)",
                (token, request.email, request.client_id, " ".join(request.scopes)),
            )
        return token

    def look_up_refresh(self, token: str, client_id: str) -> Request | None:
        with self._store.read() as db:
            row = db.execute(
                "SELECT * FROM refresh_token WHERE token = ? AND client_id = ? AND revoked = 0",
                (token, client_id),
            ).fetchone()
        if row is None:
            return None
        return Request(row["email"], client_id, tuple(row["scopes"].split()), redirect_uri="")

    def issue_access(
        self,
        email: str,
        scopes: Iterable[str],
        *,
        client_id: str,
        life: timedelta = ACCESS_TOKEN_LIFE,
        message: int | None = None,
    ) -> str:
        token = f"ya29.{secrets.token_urlsafe(96)}"
        expires_at = epoch_ms(self._clock.now() + life)
        with self._store.write() as db:
            db.execute(
                "INSERT INTO access_token VALUES (?,?,?,?,?,?,0)",
                (token, email.lower(), client_id, " ".join(scopes), expires_at, message),
            )
        return token

    def look_up_access(self, token: str) -> AccessToken | None:
        """A token that is neither revoked nor expired."""
        with self._store.read() as db:
            row = db.execute(
                "SELECT * FROM access_token WHERE token = ? AND revoked = 0 AND expires_at > ?",
                (token, self._clock.now_ms()),
            ).fetchone()
        if row is None:
            return None
        scopes = frozenset(row["scopes"].split())
        return AccessToken(
            *(token, row["email"], row["client_id"], scopes, row["expires_at"], row["message"])
        )

    def apps_of(self, email: str) -> dict[str, list[str]]:
        """What a person's account page lists: the clients with access, and what each may do."""
        with self._store.read() as db:
            rows = db.execute(
                "SELECT client_id, scopes FROM refresh_token WHERE email = ? AND revoked = 0",
                (email.lower(),),
            ).fetchall()
        return {row["client_id"]: row["scopes"].split() for row in rows}

    def revoke(self, token: str) -> bool:
        """Revoking either kind ends everything this client holds for the person."""
        with self._store.write() as db:
            for table in ("refresh_token", "access_token"):
                row = db.execute(
                    f"SELECT email, client_id FROM {table}"  # noqa: S608 - our own names
                    " WHERE token = ? AND revoked = 0",
                    (token,),
                ).fetchone()
                if row is not None:
                    self._revoke_all(db, row["email"], row["client_id"])
                    return True
        return False

    def revoke_person(self, email: str) -> None:
        """As when somebody removes the app on their account page, or changes the password."""
        with self._store.write() as db:
            db.execute("UPDATE refresh_token SET revoked = 1 WHERE email = ?", (email,))
            db.execute("UPDATE access_token SET revoked = 1 WHERE email = ?", (email,))
            db.execute("DELETE FROM consent WHERE email = ?", (email,))

    def _revoke_all(self, db: sqlite3.Connection, email: str, client_id: str) -> None:
        pair = (email, client_id)
        db.execute("UPDATE refresh_token SET revoked = 1 WHERE email = ? AND client_id = ?", pair)
        db.execute("UPDATE access_token SET revoked = 1 WHERE email = ? AND client_id = ?", pair)
        db.execute("DELETE FROM consent WHERE email = ? AND client_id = ?", pair)

    def _remember_consent(self, db: sqlite3.Connection, request: Request) -> None:
        scopes = " ".join(
            sorted(self.consented(request.email, request.client_id).union(request.scopes))
        )
        db.execute(
            "INSERT INTO consent VALUES (?,?,?) ON CONFLICT DO UPDATE SET scopes = excluded.scopes",
            (request.email, request.client_id, scopes),
        )
