"""`rapport doctor`: which parts of this installation work, and how to repair the others."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import click
import psycopg
import redis
from sqlalchemy.exc import SQLAlchemyError

from backend.cli.doctor_google import ask_google, look_at_addon
from backend.cli.outside import outside_world
from backend.clock import utc_now
from backend.domain.clocks import off_clock
from backend.errors import RapportError
from backend.local.attach import settings_here
from backend.queries import alive
from backend.services import founding
from backend.settings import Settings
from backend.store.migrations import head

ANSWER_WITHIN = 5  # seconds
FIRST_RUN = "/first-run"
KEYS, POSTGRES, SCHEMA = "keys that sign and encrypt", "Postgres", "the schema"
GOOGLE_CLIENT, PUBLIC_ADDRESS = "a Google client", "the public address"


@dataclass(frozen=True)
class Finding:
    """The result of one check. `advice` says what to do when it fails."""

    what: str
    advice: str | None = None


def examine(settings: Settings) -> Iterator[Finding]:
    """Check everything the product depends on, from the ground up."""
    yield from _examine_keys(settings)
    yield from _examine_database(settings)
    yield from _examine_redis(settings)
    yield from _examine_google(settings)
    yield from _examine_processes(settings)
    yield from (Finding(*found) for found in (*look_at_addon(settings), *ask_google(settings)))


def _examine_keys(settings: Settings) -> Iterator[Finding]:
    advice = None if settings.secret_keys else "Set RAPPORT_SECRET_KEYS."
    yield Finding(KEYS, advice)


def _examine_database(settings: Settings) -> Iterator[Finding]:
    if settings.database_url is None:
        yield Finding(POSTGRES, "Set RAPPORT_DATABASE_URL, or start with `rapport up`.")
        return
    try:
        connection = psycopg.connect(settings.database_url, connect_timeout=ANSWER_WITHIN)
    except psycopg.OperationalError as error:
        yield Finding(POSTGRES, f"It does not let us in: {str(error).strip()}")
        return
    with connection:
        yield Finding(POSTGRES)
        yield _role_is_held(connection)
        yield _clock_is_right(connection)
    yield _schema_is_new(settings.migration_database_url or settings.database_url)


def _role_is_held(connection: psycopg.Connection) -> Finding:
    """A role that can pass row-level security sees every workspace."""
    can_pass = connection.execute(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    advice = "Connect as a role without SUPERUSER and BYPASSRLS, such as rapport_app."
    return Finding(
        "the role is held by row-level security", advice if can_pass == (True,) else None
    )


def _clock_is_right(connection: psycopg.Connection) -> Finding:
    """All processes use the database's clock; Google's tokens are checked by the machine's."""
    answer = connection.execute("SELECT clock_timestamp()").fetchone()
    ahead = (utc_now() - answer[0]).total_seconds() if answer else 0.0
    off = off_clock("this machine", ahead)
    advice = f"{off} Google's tokens may be refused here. Let it keep its time (NTP)."
    return Finding("the clock", advice if off else None)


def _schema_is_new(url: str) -> Finding:
    try:
        with psycopg.connect(url, connect_timeout=ANSWER_WITHIN) as connection:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except psycopg.errors.InsufficientPrivilege:
        return Finding(
            SCHEMA,
            "Only the owner can tell: set RAPPORT_MIGRATION_DATABASE_URL for this command.",
        )
    except psycopg.Error:
        found = None
    return Finding(SCHEMA, None if found == (head(),) else "Run `rapport migrate`.")


def _examine_redis(settings: Settings) -> Iterator[Finding]:
    if settings.redis_url is None:
        yield Finding("Redis", "Set RAPPORT_REDIS_URL, or start with `rapport up`.")
        return
    client = redis.Redis.from_url(settings.redis_url, socket_connect_timeout=ANSWER_WITHIN)
    try:
        client.ping()
    except redis.RedisError as error:
        yield Finding("Redis", f"It does not answer: {error}")
    else:
        yield Finding("Redis")
    finally:
        client.close()


def _examine_google(settings: Settings) -> Iterator[Finding]:
    unreachable = settings.google_root is None and settings.public_url == Settings.public_url
    advice = (
        f"Set RAPPORT_PUBLIC_URL. Without it people and Google are sent to {Settings.public_url}, "
        "which nobody but this machine reaches."
    )
    yield Finding(PUBLIC_ADDRESS, advice if unreachable else None)
    required: dict[str, Callable[[Settings], object]] = {
        "RAPPORT_GOOGLE_CLIENT_ID": lambda one: one.google_client_id,
        "RAPPORT_GOOGLE_CLIENT_SECRET": lambda one: one.google_client_secret,
    }
    missing = [name for name, value in required.items() if not value(settings)]
    yield Finding(GOOGLE_CLIENT, f"Set {' and '.join(missing)}." if missing else None)
    lacks_push = settings.push_topic and not (
        settings.push_service_account and settings.push_audience
    )
    advice = "Set RAPPORT_PUSH_SERVICE_ACCOUNT and RAPPORT_PUSH_AUDIENCE, or no push is believed."
    yield Finding("push from Gmail", advice if lacks_push else None)


def _examine_processes(settings: Settings) -> Iterator[Finding]:
    """Which kinds of process have reported within a minute."""
    try:
        with outside_world(settings) as deps:
            silent, needed = alive.silent(deps), alive.needed(deps)
    except (RapportError, SQLAlchemyError):
        return  # no database or no schema, as reported above
    for kind in needed:
        command = alive.COMMANDS.get(kind, kind)
        advice = f"{silent[kind]} Run `rapport {command}`." if kind in silent else None
        yield Finding(f"a {command} that reports", advice)


NEEDED = frozenset({KEYS, POSTGRES, SCHEMA, GOOGLE_CLIENT})
"""The checks that must pass before a person can create the first workspace and sign in."""


def setup_code(settings: Settings, findings: Sequence[Finding]) -> str:
    """A new code for the first-run page of an empty installation; None once it is set up."""
    if any(finding.advice for finding in findings if finding.what in NEEDED):
        return "No set-up code yet: mend what is wrong above, then run this again."
    try:
        with outside_world(settings) as deps:
            fresh = founding.make_code(deps)
    except RapportError as error:
        return f"No set-up code yet: {error.sentence}"
    if fresh is None:
        return ""
    lines = (
        f"Rapport has no workspace yet. Open {settings.public_url}{FIRST_RUN} and enter this code:",
        f"\n    {fresh.code}\n",
        f"It works once, until {fresh.expires_at:%Y-%m-%d %H:%M} UTC. Running this again makes a",
        "new one and ends this one. Without a browser: rapport create-workspace --help",
    )
    return "\n".join(lines)


@click.command()
def doctor() -> None:
    """Look at settings, servers and schema, and say what to do about what is wrong.

    While there is no workspace it also makes and prints the set-up code for the first-run page.
    """
    settings = settings_here()
    findings = list(examine(settings))
    for finding in findings:
        click.echo(f"{'ok     ' if finding.advice is None else 'wrong  '}{finding.what}")
        if finding.advice:
            click.echo(f"       {finding.advice}")
    if code := setup_code(settings, findings):
        click.echo(f"\n{code}")
    if any(finding.advice for finding in findings):
        raise click.exceptions.Exit(1)
