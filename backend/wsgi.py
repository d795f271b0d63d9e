"""The composition root of the web process: the outside world, the blueprints, the headers.

`rapport web` becomes `python -m backend.wsgi HOST`. The add-on, the hooks and the console live in
one application but trust different things: Google's signature, the push token, and a session.
"""

import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import partial

from flask import Flask

from addon.config import AddonConfig
from addon.deployment import deployment_for
from addon.routes import addon_blueprint
from addon.routing import ASKED_FOR
from backend.console.blueprint_setup import install_console
from backend.deps import Deps
from backend.domain.summaries.setup import GoogleClient, GoogleSide
from backend.errors import ConfigurationError, StoreUnavailable
from backend.google.oauth import CONNECT, MAILBOX_SCOPES, SIGN_IN
from backend.google.tokens import signed_claims
from backend.hooks.gmail_push import PushConfig, gmail_push
from backend.hooks.inbound_mail import inbound_mail
from backend.hooks.probes import probes
from backend.local.serving import serve
from backend.local.web_process import Serving
from backend.provider.inbound.delivered import Hook
from backend.provider.inbound.pages import fetch_page
from backend.settings import Settings
from backend.wiring import build_deps, build_redis, configure_logging, redis_alive

LARGEST_BODY = 40 * 1024 * 1024
"""Bytes of any request: 25 MB of files and what surrounds them. Edges set lower bounds."""


def main(host: str = "127.0.0.1") -> None:
    """Serve this installation until asked to end."""
    configure_logging()
    settings = Settings.from_environment()
    deps = build_deps(settings)
    load_before_forking(deps)
    app = create_app(deps, settings)
    serve(app, host, settings.port, Serving(trusted_proxy=settings.trusted_proxy))


def load_before_forking(deps: Deps) -> None:
    """Read the key of the keyed hashes for all processes, so that no card waits for it. Without a
    database each reads it when it can. Raises ConfigurationError when no secret key opens it.
    """
    with suppress(StoreUnavailable):
        deps.keyed_hash.load()
    deps.store.dispose()  # forked processes must not share a connection


def create_app(deps: Deps, settings: Settings) -> Flask:
    """The application over a given outside world, with every edge."""
    app = Flask("rapport", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.register_blueprint(addon_blueprint(deps, addon_config(settings)))
    app.register_blueprint(gmail_push(deps, push_config(settings, deps)))
    if hooks := tuple(map(Hook.of, settings.inbound_hooks)):
        app.register_blueprint(inbound_mail(deps, hooks, fetch_page))
    redis = build_redis(settings)
    app.register_blueprint(probes(deps, settings.metrics_token, partial(redis_alive, redis)))
    install_console(
        app,
        deps,
        secret_key=settings.secret_keys[0],
        side=google_side(settings),
    )
    return app


def addon_config(settings: Settings) -> AddonConfig:
    """By whom and under which addresses the add-on may be called."""
    return AddonConfig.of(
        public_url=settings.public_url,
        service_account=settings.addon_service_account,
        audiences=settings.addon_audiences,
    )


def google_side(settings: Settings) -> GoogleSide:
    """What has to be entered at Google for this installation."""
    return GoogleSide(
        clients=google_clients(settings),
        redirects=tuple(settings.public_url + way.callback for way in (SIGN_IN, CONNECT)),
        addon_scopes=ASKED_FOR,
        manifest=deployment_for(settings.public_url),
        support_email=settings.support_email,
    )


def google_clients(settings: Settings) -> tuple[GoogleClient, ...]:
    """Every OAuth client that an administrator lets in, with the permissions it asks for."""
    own = settings.google_client_id or ""
    web = GoogleClient(
        key="gmail-client", name="Gmail client ID", client_id=own, scopes=MAILBOX_SCOPES
    )
    calendar = GoogleClient(
        key="calendar-client",
        name="Calendar client ID"
        if settings.calendar_client_id
        else "Calendar client ID (the same)",
        client_id=settings.calendar_client_id or own,
        scopes=(),
    )
    addon_ids = sorted(addon_config(settings).client_ids)
    addons = (
        GoogleClient(
            key=f"addon-client-{number}",
            name="Add-on client ID",
            client_id=client_id,
            scopes=ASKED_FOR,
        )
        for number, client_id in enumerate(addon_ids)
    )
    return web, *addons, calendar


def push_config(settings: Settings, deps: Deps) -> PushConfig:
    """Whose push deliveries are accepted."""

    def verify(token: str) -> Mapping[str, object]:
        return signed_claims(token, deps.google.oauth.keys)

    return PushConfig(
        verify=verify,
        service_account=settings.push_service_account,
        audience=settings.push_audience,
    )


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except ConfigurationError as error:
        sys.exit(error.sentence)
