"""`rapport migrate`."""

import click
import psycopg

from backend.errors import ConfigurationError
from backend.local.attach import settings_here
from backend.store.migrations import head, upgrade
from backend.store.row_security import APP_ROLE


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema. Connects as the owner of the tables."""
    settings = settings_here()
    url = settings.migration_database_url or settings.require("database_url")
    require_role(url, APP_ROLE)
    upgrade(url)
    click.echo(f"The database is at {head()}.")


def require_role(url: str, role: str) -> None:
    """Refuse to create tables that web and workers could not read: grants skip a missing role.

    Raises ConfigurationError, also where Postgres cannot be reached.
    """
    known = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)"
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            found = connection.execute(known, [role]).fetchone()
    except psycopg.OperationalError as error:
        raise ConfigurationError(f"Postgres does not let us in: {str(error).strip()}") from error
    if found != (True,):
        raise ConfigurationError(
            f"There is no role {role}, as which web and workers connect. Nothing was changed. "
            f"Make it first, then run this again: CREATE ROLE {role} LOGIN PASSWORD '…';"
        )
