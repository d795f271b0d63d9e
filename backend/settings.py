"""The installation's settings, read once from the environment into a frozen object.

Only composition roots see them (`wiring`, `wsgi`, `cli`, `local`, migrations); everything else is
handed what it needs. `SETTINGS` is the list that the README's table is tested against.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from backend.errors import ConfigurationError

SETTINGS: Mapping[str, str] = {
    "RAPPORT_DATABASE_URL": "Postgres, as the role of web and workers (no BYPASSRLS).",
    "RAPPORT_MIGRATION_DATABASE_URL": "Postgres, as the owner of the tables (`rapport migrate`).",
    "RAPPORT_REDIS_URL": "Redis or Valkey: hints, queues and token buckets.",
    "RAPPORT_PUBLIC_URL": "Where people and Google reach the product, without a slash at the end.",
    "RAPPORT_SECRET_KEYS": "Keys that sign and encrypt, separated by commas, newest first.",
    "RAPPORT_DATA_DIR": "Where the local product keeps its data.",
    "RAPPORT_PORT": "Port of the product, `rapport web` (8000).",
    "RAPPORT_SIMULATOR_PORT": "Port of the simulator when `rapport up` starts it (8025).",
    "RAPPORT_GOOGLE_CLIENT_ID": "OAuth client for sign-in and Gmail.",
    "RAPPORT_GOOGLE_CLIENT_SECRET": "Secret of that client.",
    "RAPPORT_CALENDAR_CLIENT_ID": "OAuth client for Calendar; the first one when unset.",
    "RAPPORT_CALENDAR_CLIENT_SECRET": "Secret of the Calendar client.",
    "RAPPORT_ADDON_SERVICE_ACCOUNT": "Service account whose tokens Google sends to the add-on.",
    "RAPPORT_ADDON_AUDIENCES": "OAuth client ids of the add-on, and further URLs it is called by.",
    "RAPPORT_PUSH_TOPIC": "Pub/Sub topic for Gmail's push notifications; unset means poll only.",
    "RAPPORT_PUSH_SERVICE_ACCOUNT": "Service account that signs push deliveries.",
    "RAPPORT_PUSH_AUDIENCE": "Audience of the push deliveries' tokens.",
    "RAPPORT_SMTP_URL": "The workspace's own email provider, for bulk mail.",
    "RAPPORT_CAPTURE_DOMAIN": "Mail domain of the Smart BCC addresses; unset means there are none.",
    "RAPPORT_LMTP_ADDRESS": "Where `rapport smart-bcc` listens (127.0.0.1:2424).",
    "RAPPORT_LMTP_PEERS": "IP addresses of mail servers that may deliver; unset: this machine.",
    "RAPPORT_AUTHSERV_ID": "Name by which the trusted mail server signs Authentication-Results.",
    "RAPPORT_INBOUND_HOOKS": "Providers that post mail: provider:secret:key, separated by commas.",
    "RAPPORT_DNS_SERVER": "DNS server to ask about senders (IP:port); unset: the machine's own.",
    "RAPPORT_GOOGLE_ROOT": "Replaces every Google host, for the simulator only.",
    "RAPPORT_SUPPORT_EMAIL": "Address that the public page Support (/support) names.",
    "RAPPORT_TRUSTED_PROXY": "Address of the proxy whose X-Forwarded-* headers are believed.",
    "RAPPORT_METRICS_TOKEN": "Bearer token for /metrics; unset means this machine alone.",
}

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


SHORTEST_KEY = 32
"""Characters."""
MAKE_A_KEY = 'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
WORDS_OF_EXAMPLES = re.compile(
    "change.?me|example|insecure|password|pass.?phrase|placeholder|qwerty|secret|test.?key|your.?key",
    re.IGNORECASE,
)
FEWEST_CHARACTERS = 10
"""Different ones in a key. 32 random hexadecimal digits have fewer once in 300 keys."""


def is_guessable(key: str) -> bool:
    """Whether a long key was typed and not drawn: repeats itself, counts, or holds a known word."""
    steps = [ord(after) - ord(before) for before, after in pairwise(key)]
    even = sum(abs(step) <= 1 for step in steps)
    return (
        len(set(key)) < FEWEST_CHARACTERS
        or key in (key + key)[1:-1]  # a shorter text, several times
        or even > len(key) / 2
        or WORDS_OF_EXAMPLES.search(key) is not None
    )


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One installation. `secret_keys` are newest first; times and sizes live beside their rules."""

    database_url: str | None = None
    migration_database_url: str | None = None
    redis_url: str | None = None
    public_url: str = "http://127.0.0.1:8000"
    secret_keys: tuple[str, ...] = field(default=(), repr=False)
    data_dir: Path | None = None
    port: int = 8000
    simulator_port: int = 8025
    google_client_id: str | None = None
    google_client_secret: str | None = field(default=None, repr=False)
    calendar_client_id: str | None = None
    calendar_client_secret: str | None = field(default=None, repr=False)
    addon_service_account: str | None = None
    addon_audiences: tuple[str, ...] = ()
    push_topic: str | None = None
    push_service_account: str | None = None
    push_audience: str | None = None
    smtp_url: str | None = field(default=None, repr=False)
    capture_domain: str | None = None
    lmtp_address: str = "127.0.0.1:2424"
    lmtp_peers: tuple[str, ...] = ("127.0.0.1", "::1")
    authserv_id: str | None = None
    inbound_hooks: tuple[str, ...] = field(default=(), repr=False)
    dns_server: str | None = None
    google_root: str | None = None
    support_email: str | None = None
    trusted_proxy: str | None = None
    metrics_token: str | None = field(default=None, repr=False)

    @classmethod
    def from_environment(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Read and check `env`, by default the process's. Raises ConfigurationError."""
        read = _Reader(os.environ if env is None else env)
        data_dir = read.text("RAPPORT_DATA_DIR")
        settings = cls(
            database_url=read.text("RAPPORT_DATABASE_URL"),
            migration_database_url=read.text("RAPPORT_MIGRATION_DATABASE_URL"),
            redis_url=read.text("RAPPORT_REDIS_URL"),
            public_url=read.url("RAPPORT_PUBLIC_URL") or cls.public_url,
            secret_keys=read.items("RAPPORT_SECRET_KEYS"),
            data_dir=Path(data_dir) if data_dir else None,
            port=read.port("RAPPORT_PORT", cls.port),
            simulator_port=read.port("RAPPORT_SIMULATOR_PORT", cls.simulator_port),
            google_client_id=read.text("RAPPORT_GOOGLE_CLIENT_ID"),
            google_client_secret=read.text("RAPPORT_GOOGLE_CLIENT_SECRET"),
            calendar_client_id=read.text("RAPPORT_CALENDAR_CLIENT_ID"),
            calendar_client_secret=read.text("RAPPORT_CALENDAR_CLIENT_SECRET"),
            addon_service_account=read.text("RAPPORT_ADDON_SERVICE_ACCOUNT"),
            addon_audiences=read.items("RAPPORT_ADDON_AUDIENCES"),
            push_topic=read.text("RAPPORT_PUSH_TOPIC"),
            push_service_account=read.text("RAPPORT_PUSH_SERVICE_ACCOUNT"),
            push_audience=read.text("RAPPORT_PUSH_AUDIENCE"),
            smtp_url=read.text("RAPPORT_SMTP_URL"),
            capture_domain=read.text("RAPPORT_CAPTURE_DOMAIN"),
            lmtp_address=read.text("RAPPORT_LMTP_ADDRESS") or cls.lmtp_address,
            lmtp_peers=read.items("RAPPORT_LMTP_PEERS") or cls.lmtp_peers,
            authserv_id=read.text("RAPPORT_AUTHSERV_ID"),
            inbound_hooks=read.items("RAPPORT_INBOUND_HOOKS"),
            dns_server=read.address("RAPPORT_DNS_SERVER"),
            google_root=read.url("RAPPORT_GOOGLE_ROOT"),
            support_email=read.text("RAPPORT_SUPPORT_EMAIL"),
            trusted_proxy=read.peer("RAPPORT_TRUSTED_PROXY"),
            metrics_token=read.text("RAPPORT_METRICS_TOKEN"),
        )
        settings.check()
        return settings

    def check(self) -> None:
        """Refuse unsafe combinations. A replacement for Google must be on this machine."""
        if self.google_root and urlsplit(self.google_root).hostname not in LOOPBACK_HOSTS:
            raise ConfigurationError(
                "RAPPORT_GOOGLE_ROOT must be a loopback address: it replaces Google and is meant "
                "for the simulator only. Unset it to use Google itself."
            )
        if self.google_root and self.public_url.startswith("https:"):
            raise ConfigurationError(
                f"RAPPORT_GOOGLE_ROOT replaces Google by a simulator, and RAPPORT_PUBLIC_URL is "
                f"{self.public_url}: everybody who reaches that address could sign in as anybody. "
                "Unset RAPPORT_GOOGLE_ROOT to use Google itself."
            )
        self._check_keys()

    def _check_keys(self) -> None:
        """The newest key must be strong. Older ones may stay until `rotate-keys` has replaced them,
        or nobody could get rid of a weak one.
        """
        if any(len(key) < SHORTEST_KEY for key in self.secret_keys):
            raise ConfigurationError(
                f"Each key in RAPPORT_SECRET_KEYS needs at least {SHORTEST_KEY} characters. "
                + MAKE_A_KEY
            )
        if self.secret_keys and is_guessable(self.secret_keys[0]):
            raise ConfigurationError(
                "The first key in RAPPORT_SECRET_KEYS could be guessed: it repeats itself, counts "
                "up, or holds a word of examples. Keys are made of random characters. " + MAKE_A_KEY
            )
        if len(set(self.secret_keys)) < len(self.secret_keys):
            raise ConfigurationError("A key is in RAPPORT_SECRET_KEYS twice. Name each once.")

    def require(self, name: str) -> str:
        """The text of one setting that this command cannot do without."""
        value = getattr(self, name)
        if not isinstance(value, str) or not value:
            raise ConfigurationError(f"RAPPORT_{name.upper()} is not set, and this needs it.")
        return value


@dataclass(frozen=True)
class _Reader:
    env: Mapping[str, str]

    def text(self, name: str) -> str | None:
        return self.env.get(name, "").strip() or None

    def items(self, name: str) -> tuple[str, ...]:
        return tuple(item.strip() for item in self.env.get(name, "").split(",") if item.strip())

    def url(self, name: str) -> str | None:
        value = self.text(name)
        if value is None:
            return None
        parts = urlsplit(value)  # its scheme is in lower case, whatever was written
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ConfigurationError(f"{name} must be an http or https address, not {value!r}.")
        return parts._replace(netloc=parts.netloc.lower()).geturl().rstrip("/")

    def address(self, name: str) -> str | None:
        value = self.text(name)
        if value is None:
            return None
        host, _, port = value.rpartition(":")
        try:
            ip_address(host.strip("[]"))
            valid = port.isdigit() and 0 < int(port) < 65536
        except ValueError:
            valid = False
        if not valid:
            raise ConfigurationError(f"{name} must be an IP address and a port, not {value!r}.")
        return value

    def peer(self, name: str) -> str | None:
        value = self.text(name)
        if value is None or value == "*":
            return value
        try:
            return str(ip_address(value))
        except ValueError as error:
            raise ConfigurationError(
                f"{name} must be the IP address of the proxy in front, or * where nothing but the "
                f"proxy can reach the port, not {value!r}."
            ) from error

    def port(self, name: str, default: int) -> int:
        value = self.text(name)
        if value is None:
            return default
        if not (value.isascii() and value.isdigit()) or not 0 < int(value) < 65536:
            raise ConfigurationError(f"{name} must be a port between 1 and 65535, not {value!r}.")
        return int(value)


def environment() -> dict[str, str]:
    """A copy of the process's environment, to be handed on to child processes."""
    return dict(os.environ)


def prepare_oauthlib(settings: Settings) -> None:
    """Set the two switches that oauthlib reads from the environment and nowhere else.

    People may untick scopes, which is no error; plain http is only for a root on this machine.
    """
    os.environ["OAUTHLIB_RELAX_TOKEN_SCOPE"] = "1"  # noqa: S105 - a switch, no secret
    if settings.google_root and settings.google_root.startswith("http://"):
        os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
