"""Alembic without an ini file.

Separate so that asking for the newest revision does not load it.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config


def configuration(owner_url: str) -> Config:
    """Where the migrations are, and the database they are for."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("version_path_separator", "os")
    config.attributes["url"] = owner_url
    return config


def upgrade_to(owner_url: str, revision: str) -> None:
    """See `migrations.upgrade`."""
    command.upgrade(configuration(owner_url), revision)


def downgrade_to(owner_url: str, revision: str) -> None:
    """See `migrations.downgrade`."""
    command.downgrade(configuration(owner_url), revision)
