"""`python -m backend.simulator`: reads the command line and serves."""

import argparse
import logging
import socket
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from flask import Flask
from werkzeug.serving import BaseWSGIServer

from backend.simulator.app import create_app
from backend.simulator.config import (
    DEFAULT_CLIENT_ID,
    DEFAULT_CLIENT_SECRET,
    Config,
    PushTarget,
    QuotaMode,
    RelayTarget,
    Seed,
    UnsafeAddressError,
    checked_host,
    checked_lmtp,
    checked_push_endpoint,
)
from backend.simulator.server import build_server

log = logging.getLogger("backend.simulator")


class ArgumentsError(ValueError):
    """The command line asks for something that cannot be; the text says what to change."""


def parser() -> argparse.ArgumentParser:
    usual, push = Config(), PushTarget()
    made = argparse.ArgumentParser(
        prog="python -m backend.simulator",
        description="Plays Google on this machine: OAuth, Gmail and push, with a seeded company.",
    )
    made.add_argument("--host", default=usual.host, help="a loopback address")
    made.add_argument("--port", type=int, default=usual.port)
    made.add_argument("--data", type=Path, help="folder that keeps everything between starts")
    made.add_argument("--deployment", type=Path, help="the add-on's deployment.json")
    made.add_argument("--cards", type=Path, help="card answers as <kind>/<state>.json: a gallery")
    made.add_argument("--client", action="append", metavar="ID:SECRET", default=[])
    made.add_argument("--client-id", action="append", default=[])
    made.add_argument("--client-secret", action="append", default=[])
    made.add_argument("--redirect-uri", action="append", default=[])
    made.add_argument("--push-endpoint", help="where notifications are posted")
    made.add_argument("--push-audience", default=push.audience)
    made.add_argument("--push-service-account", default=push.service_account)
    made.add_argument("--push-topic", default=usual.push_topic)
    made.add_argument("--push-retry", type=float, default=usual.push_retry.total_seconds())
    made.add_argument("--addon-service-account", default=usual.addon_service_account)
    made.add_argument("--addon-client-id", default=None)
    made.add_argument(
        "--capture",
        nargs=3,
        metavar=("DOMAIN", "HOST:PORT", "NAME"),
        help="mail domain of the product, where it takes that by LMTP, and the mail server's name",
    )
    made.add_argument("--quota", type=QuotaMode, choices=list(QuotaMode), default=usual.quota)
    made.add_argument("--search-lag", type=float, default=usual.search_lag.total_seconds())
    made.add_argument("--mbox", type=Path, action="append", default=[], metavar="FILE|DIR")
    made.add_argument("--mbox-owner", default=usual.archive_owner)
    made.add_argument("--empty", action="store_true", help="start without the company's mail")
    return made


def config_of(given: argparse.Namespace) -> Config:
    """What the command line asks for. UnsafeAddressError when it would leave the machine."""
    clients = _clients(given)
    endpoint = checked_push_endpoint(given.push_endpoint)
    return Config(
        data=given.data,
        host=checked_host(given.host),
        port=given.port,
        deployment=given.deployment,
        cards=given.cards,
        clients=clients,
        redirect_uris=tuple(given.redirect_uri),
        push=PushTarget(endpoint, given.push_audience, given.push_service_account),
        relay=_relay(given.capture),
        push_retry=timedelta(seconds=given.push_retry),
        addon_service_account=given.addon_service_account,
        addon_client_id=given.addon_client_id or next(iter(clients)),
        quota=given.quota,
        search_lag=timedelta(seconds=given.search_lag),
        seed=Seed.EMPTY if given.empty else Seed.COMPANY,
        mail_archives=tuple(given.mbox),
        archive_owner=given.mbox_owner,
    )


def _clients(given: argparse.Namespace) -> dict[str, str]:
    if len(given.client_id) != len(given.client_secret):
        raise ArgumentsError("Each --client-id needs a --client-secret.")
    pairs = [tuple(one.rpartition(":")[::2]) for one in given.client]
    pairs += list(zip(given.client_id, given.client_secret, strict=True))
    return dict(pairs) or {DEFAULT_CLIENT_ID: DEFAULT_CLIENT_SECRET}


def _relay(given: Sequence[str] | None) -> RelayTarget:
    if given is None:
        return RelayTarget()
    domain, lmtp, name = given
    return RelayTarget(domain.lower(), checked_lmtp(lmtp), name)


def main(build: Callable[[Config], Flask] = create_app) -> int:
    """Serve until interrupted; the exit status."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    try:
        config = config_of(parser().parse_args())
        server = _bound(build, config)
    except (UnsafeAddressError, ArgumentsError) as error:
        log.error("%s", error)  # noqa: TRY400 - a sentence for a person, not a trace
        return 2
    log.info("Local stand-in for Google. No Google account, no mail leaves this machine.")
    log.info("Serving at http://%s:%s", config.host, server.server_port)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        log.info("Stopped.")
    finally:
        server.server_close()
    return 0


def _bound(build: Callable[[Config], Flask], config: Config) -> BaseWSGIServer:
    if config.data is not None:
        config.data.mkdir(parents=True, exist_ok=True)
    try:
        socket.create_server((config.host, config.port)).close()
    except OSError as error:
        raise ArgumentsError(
            f"Port {config.port} cannot be used ({error.strerror}). Choose another with --port."
        ) from error
    return build_server(build(config), config.host, config.port)


if __name__ == "__main__":
    sys.exit(main())
