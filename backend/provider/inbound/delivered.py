"""The request of a provider and the mail in it, whichever provider it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backend.domain.capture.sender_proof import Passes
from backend.domain.capture.smart_bcc import Road
from backend.errors import AuthenticationFailed, ConfigurationError

OLDEST = timedelta(days=4)
"""How long a signed request is accepted: providers retry for up to three days (SendGrid)."""
SHORTEST_SECRET = 32
HOOKS = frozenset(Road) - {Road.LMTP}
STALE = "This request was signed too long ago."


@dataclass(frozen=True)
class Hook:
    """One configured hook: `secret` is part of its address, `key` verifies its requests."""

    road: Road
    secret: str
    key: str = field(repr=False)

    @classmethod
    def of(cls, written: str) -> "Hook":
        """Parse `provider:secret:key`. Raises ConfigurationError."""
        road, _, rest = written.partition(":")
        secret, _, key = rest.partition(":")
        if road not in HOOKS or len(secret) < SHORTEST_SECRET or not key:
            raise ConfigurationError(
                "RAPPORT_INBOUND_HOOKS needs provider:secret:key, with one of "
                f"{', '.join(sorted(HOOKS))} and a secret of {SHORTEST_SECRET} characters or more."
            )
        return cls(Road(road), secret, key)


@dataclass(frozen=True, kw_only=True)
class Post:
    """A request as it arrived. Header names are in lower case."""

    headers: Mapping[str, str]
    body: bytes
    form: Mapping[str, Sequence[bytes]]
    now: datetime

    def last(self, name: str) -> str:
        """The last value of a form field: earlier ones may be the sender's."""
        return self.last_bytes(name).decode(errors="replace")

    def last_bytes(self, name: str) -> bytes:
        """The same as it was sent, for a raw message."""
        values = self.form.get(name, ())
        return values[-1] if values else b""


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """A mail with its envelope. `provider_id` identifies it at the provider; `passes` is what the
    provider verified about the sender, if it did.
    """

    raw: bytes
    recipients: Sequence[str]
    mail_from: str
    provider_id: str | None
    client: str | None = None
    passes: Passes | None = None


def require_recent(signed_at: datetime, now: datetime) -> None:
    """Raises AuthenticationFailed for a request that is replayed later."""
    if abs(now - signed_at) > OLDEST:
        raise AuthenticationFailed(STALE)
