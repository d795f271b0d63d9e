"""Verifies the caller: Google's service account, and the person it acts for.

Every request carries two signed tokens. The system token proves that Google calls this address; the
user token names the person using the panel. Both are verified with Google's keys; verified tokens
are cached by hash until they expire.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NoReturn

import structlog

from addon.config import AddonConfig
from backend.domain.setup.evidence import ACCOUNT, ADDON_ACCOUNT, AUDIENCE, CLIENT
from backend.errors import (
    AuthenticationFailed,
    ConfigurationError,
    NotAllowed,
    ProviderUnavailable,
)
from backend.google.signing_keys import SigningKeys
from backend.google.tokens import CLOCK_SKEW, signed_claims

MAX_TOKEN = 8192
"""Characters. Google's tokens have about 1,000."""

REMEMBERED = 4096
"""Verified tokens kept; each costs about 1 KB."""

TOLD = 20
"""Wrong audiences that are logged; more would only fill the log."""

log = structlog.get_logger()


class KeysUnavailable(ProviderUnavailable):
    """Google's keys are unavailable, so no token can be verified."""


class WrongCaller(AuthenticationFailed):
    """A token that Google signed, `given` for another service account, address or client than the
    settings name: `what` says which of them.
    """

    def __init__(self, sentence: str, *, what: str, given: str) -> None:
        super().__init__(sentence)
        self.what, self.given = what, given


class Stranger(NotAllowed):
    """A person with a Google account who is on no team."""


@dataclass(frozen=True)
class Identity:
    """A Google account. `sub` stays; the address may change."""

    sub: str
    email: str


class TokenVerifier:
    """Verifies both tokens. One per process; safe to share between threads."""

    def __init__(self, config: AddonConfig, keys: SigningKeys, now: Callable[[], datetime]) -> None:
        self._config, self._keys, self._now = config, keys, now
        self._audiences = config.audiences
        self._seen: OrderedDict[bytes, tuple[datetime, Mapping[str, object]]] = OrderedDict()
        self._lock = threading.Lock()
        self._told: set[str] = set()

    def google(self, token: str) -> None:
        """Refuse unless Google's service account calls one of our addresses."""
        if self._config.service_account is None:
            raise ConfigurationError(
                "RAPPORT_ADDON_SERVICE_ACCOUNT is not set, so no call of the add-on is trusted."
            )
        claims = self._claims(token)
        account = str(claims.get("email"))
        if account != self._config.service_account:
            self._refuse_account(account)
        if str(claims.get("aud")) not in self._audiences:
            self._refuse(claims, AUDIENCE)

    def user(self, token: str) -> Identity:
        """The person using the panel."""
        claims = self._claims(token)
        if str(claims.get("aud")) not in self._config.client_ids:
            self._refuse(claims, CLIENT)
        sub, email = claims.get("sub"), claims.get("email")
        if not isinstance(sub, str) or not sub or not isinstance(email, str):
            raise AuthenticationFailed("The user's token names nobody.")
        return Identity(sub, email)

    def _claims(self, token: str) -> Mapping[str, object]:
        if len(token) > MAX_TOKEN or token.count(".") != 2 or not token.isascii():
            raise AuthenticationFailed("The call carries no token that could be verified.")
        name = hashlib.sha256(token.encode()).digest()
        return self._remembered(name) or self._verified(token, name)

    def _refuse_account(self, account: str) -> NoReturn:
        sentence = "This call was not signed by Google's service account."
        if ADDON_ACCOUNT.match(account):
            raise WrongCaller(sentence, what=ACCOUNT, given=account)
        raise AuthenticationFailed(sentence)

    def _refuse(self, claims: Mapping[str, object], what: str) -> NoReturn:
        """A token that was made for another address or client."""
        audience = claims.get("aud")
        self._tell(audience)
        raise WrongCaller("The token was made for another address.", what=what, given=str(audience))

    def _remembered(self, name: bytes) -> Mapping[str, object] | None:
        with self._lock:
            until, claims = self._seen.get(name, (datetime.min.replace(tzinfo=UTC), None))
            if claims is not None and until <= self._now():
                del self._seen[name]
                return None
            return claims

    def _verified(self, token: str, name: bytes) -> Mapping[str, object]:
        try:
            claims = signed_claims(token, self._keys)
        except ProviderUnavailable as error:
            raise KeysUnavailable(
                "Google's keys can't be fetched, so this call can't be verified right now."
            ) from error
        self._remember(name, claims)
        return claims

    def _remember(self, name: bytes, claims: Mapping[str, object]) -> None:
        until = datetime.fromtimestamp(int(str(claims["exp"])), UTC) + timedelta(seconds=CLOCK_SKEW)
        with self._lock:
            self._seen[name] = (until, claims)
            while len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)

    def _tell(self, audience: object) -> None:
        """Log each audience once: a proxy or a new domain shows as an unexpected audience."""
        text = str(audience)[:200]
        if text not in self._told and len(self._told) < TOLD:
            self._told.add(text)
            log.warning("addon.unexpected_audience", audience=text)
