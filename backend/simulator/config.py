"""What a simulator is started with, and the refusal to serve or push beyond this machine."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

DEFAULT_CLIENT_ID = "rapport-local.apps.googleusercontent.com"
DEFAULT_CLIENT_SECRET = "rapport-local-secret"  # noqa: S105 - opens nothing but this stand-in


class QuotaMode(StrEnum):
    """Whether Gmail's real rates apply."""

    OFF = "off"
    REAL = "real"


class Seed(StrEnum):
    """What the mailboxes hold after a reset."""

    COMPANY = "company"
    EMPTY = "empty"


class UnsafeAddressError(ValueError):
    """Somebody asked the stand-in to leave the machine."""


@dataclass(frozen=True)
class PushTarget:
    """Where notifications go, and as whom they are signed."""

    endpoint: str | None = None
    audience: str = ""
    service_account: str = "gmail-push@rapport-local.iam.gserviceaccount.com"


@dataclass(frozen=True)
class RelayTarget:
    """Which mail domain leads to the product, where it takes mail by LMTP (`host:port`), and the
    name under which this server says whether a sender is proven.
    """

    domain: str = ""
    lmtp: str | None = None
    name: str = "mx.rapport-local.example"


@dataclass(frozen=True)
class Config:
    """One simulator. `data` None keeps everything in memory."""

    data: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8025
    deployment: Path | None = None
    cards: Path | None = None
    clients: Mapping[str, str] = field(
        default_factory=lambda: {DEFAULT_CLIENT_ID: DEFAULT_CLIENT_SECRET}
    )
    redirect_uris: tuple[str, ...] = ()
    push: PushTarget = PushTarget()
    relay: RelayTarget = RelayTarget()
    push_topic: str = "projects/rapport-local/topics/gmail"
    push_retry: timedelta = timedelta(seconds=10)  # Pub/Sub's default minimum backoff
    addon_service_account: str = "service-1@gcp-sa-gsuiteaddons.iam.gserviceaccount.com"
    addon_client_id: str = DEFAULT_CLIENT_ID
    quota: QuotaMode = QuotaMode.REAL
    search_lag: timedelta = timedelta(minutes=2)  # the search index lags behind by minutes
    seed: Seed = Seed.COMPANY
    mail_archives: tuple[Path, ...] = ()
    archive_owner: str = "robin@lumenworks.example"


def is_loopback(host: str) -> bool:
    """Whether this host name or address can only be this machine.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def checked_host(host: str) -> str:
    """The bind address, or a refusal."""
    if is_loopback(host):
        return host
    raise UnsafeAddressError(
        f"The simulator plays Google for this machine only and does not listen on {host}. "
        "Use 127.0.0.1."
    )


def checked_push_endpoint(endpoint: str | None) -> str | None:
    """The address notifications are posted to, or a refusal."""
    if endpoint is None or is_loopback(urlsplit(endpoint).hostname or ""):
        return endpoint
    raise UnsafeAddressError(
        f"The simulator pushes to this machine only, not to {endpoint}. Use a 127.0.0.1 address."
    )


def checked_lmtp(address: str) -> str:
    """The address mail is handed over to, or a refusal."""
    if is_loopback(address.rpartition(":")[0]):
        return address
    raise UnsafeAddressError(
        f"The simulator hands mail to this machine only, not to {address}. Use 127.0.0.1:PORT."
    )
