"""`rapport migrate`."""

import click

from backend.local.attach import settings_here
from backend.store.migrations import head, upgrade


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema. Connects as the owner of the tables."""
    settings = settings_here()
    upgrade(settings.migration_database_url or settings.require("database_url"))
    click.echo(f"The database is at {head()}.")
