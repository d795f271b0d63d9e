"""Schema changes, numbered, one head, run by the role that owns the tables (`rapport migrate`)."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory


def configuration(owner_url: str) -> Config:
    """Alembic's configuration without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("version_path_separator", "os")
    config.attributes["url"] = owner_url
    return config


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Bring the schema at `owner_url` to `revision`. Safe to run twice and by two at once."""
    command.upgrade(configuration(owner_url), revision)


def downgrade(owner_url: str, revision: str) -> None:
    """Take the schema back to `revision`."""
    command.downgrade(configuration(owner_url), revision)


def head() -> str:
    """The newest revision that this code knows."""
    revision = ScriptDirectory(str(Path(__file__).parent)).get_current_head()
    return revision or "base"
