"""The composition root: builds real clients from settings, and nothing else does."""

import logging
import secrets
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog
from redis import Redis
from redis.exceptions import RedisError
from structlog.typing import EventDict, Processor

from backend.clock import Clock
from backend.deps import Deps
from backend.domain.paging import whole_id
from backend.errors import ConfigurationError
from backend.google.apis import Google
from backend.google.credentials import CredentialsCache
from backend.google.oauth import OAuthClient
from backend.google.roots import Roots
from backend.google.signing_keys import SigningKeys
from backend.jobs import RedisJobs
from backend.limits import Limits
from backend.limits.visits import Visits
from backend.provider.dns_lookup import Dns
from backend.settings import Settings, prepare_oauthlib
from backend.store.hash_key import hash_key
from backend.store.sealing import KeyedHash, Sealer
from backend.store.session import Store


@dataclass(frozen=True)
class LmtpPlace:
    """Where the LMTP server listens, and the mail servers it accepts."""

    host: str
    port: int
    peers: frozenset[str]


REDIS_TIMEOUT = 3
"""Seconds: a Redis that does not answer must not block a page."""
VISIT_TIMEOUT = 0.3
"""The same for rate limits of visitors, which can do without Redis."""


def build_deps(settings: Settings) -> Deps:
    """One process's dependencies. Raises ConfigurationError naming what is missing."""
    prepare_oauthlib(settings)
    redis, clock = build_redis(settings), Clock()
    store = Store.connect(settings.require("database_url"), clock=clock)
    sealer = Sealer(settings.secret_keys)
    oldest = settings.secret_keys[-1]
    return Deps(
        store=store,
        google=build_google(settings, clock.now),
        limits=Limits(redis),
        visits=Visits(build_redis(settings, timeout=VISIT_TIMEOUT)),
        jobs=RedisJobs(redis),
        sealer=sealer,
        keyed_hash=KeyedHash(partial(hash_key, store, sealer, oldest, secrets.token_bytes)),
        now=clock.now,
        ahead=clock.ahead,
        random_bytes=secrets.token_bytes,
        public_url=settings.public_url,
        capture_domain=settings.capture_domain,
        authserv_id=settings.authserv_id,
        lmtp_expected=bool(settings.capture_domain) and not settings.inbound_hooks,
        dns=Dns(settings.dns_server),
    )


def build_redis(settings: Settings, *, timeout: float = REDIS_TIMEOUT) -> Redis:
    """A connection pool to Redis or Valkey."""
    return Redis.from_url(
        settings.require("redis_url"),
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
    )


def build_google(settings: Settings, now: Callable[[], datetime]) -> Google:
    """The client for Google, or for the root that replaces it."""
    roots = Roots(settings.google_root)
    client_id = settings.require("google_client_id")
    client_secret = settings.require("google_client_secret")
    oauth = OAuthClient(
        client_id=client_id,
        client_secret=client_secret,
        public_url=settings.public_url,
        roots=roots,
        keys=SigningKeys(roots.certs, now),
    )
    return Google(
        oauth=oauth,
        roots=roots,
        cache=CredentialsCache(client_id, client_secret, roots),
        now=now,
        push_topic=settings.push_topic,
    )


def read_settings() -> Settings:
    """The installation's settings, for processes that may not import them."""
    return Settings.from_environment()


def lmtp_place(settings: Settings) -> LmtpPlace:
    """Where to listen. Raises ConfigurationError when the settings allow no client."""
    settings.require("capture_domain")
    host, _, port = settings.lmtp_address.rpartition(":")
    number = whole_id(port)
    if not host or number is None or number > 65535:
        raise ConfigurationError(
            f"RAPPORT_LMTP_ADDRESS must be an address and a port, such as 127.0.0.1:2424, not "
            f"{settings.lmtp_address!r}."
        )
    return LmtpPlace(host.strip("[]"), number, frozenset(settings.lmtp_peers))


def configure_logging() -> None:
    """Log events as JSON lines with a time: fields, never content. Covers libraries as well."""
    logging.basicConfig(handlers=[handler_of_libraries()], level=logging.WARNING)
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *ABOUT, AS_JSON],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(),
    )


def handler_of_libraries() -> logging.Handler:
    """Formats standard-library log records as one line, like our own."""
    last = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, *ABOUT], processors=[last, AS_JSON]
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    return handler


def tell_where(_logger: object, _method: str, event: EventDict) -> EventDict:
    """An exception's types and places; its text may quote mail and is left out."""
    error = event.pop("exc_info", None)
    error = sys.exc_info()[1] if error is True else error
    error = error[1] if isinstance(error, tuple) else error
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__name__
        event["where"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        if error.__cause__ is not None:
            event["because"] = type(error.__cause__).__name__
    return event


ABOUT: list[Processor] = [
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    tell_where,
]
AS_JSON = structlog.processors.JSONRenderer()


def redis_alive(redis: Redis) -> bool:
    """Whether Redis answers."""
    try:
        return bool(redis.ping())
    except RedisError:
        return False
