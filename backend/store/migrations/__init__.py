"""Schema changes, numbered, one head, run by the role that owns the tables (`rapport migrate`)."""

from pathlib import Path

VERSIONS = Path(__file__).parent / "versions"


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Bring the schema at `owner_url` to `revision`. Safe to run twice and by two at once."""
    # Alembic is big, and web processes only ever ask for `head`.
    from backend.store.migrations.running import upgrade_to  # noqa: PLC0415

    upgrade_to(owner_url, revision)


def downgrade(owner_url: str, revision: str) -> None:
    """Take the schema back to `revision`."""
    from backend.store.migrations.running import downgrade_to  # noqa: PLC0415

    downgrade_to(owner_url, revision)


def head() -> str:
    """The newest revision that this code knows: migrations are numbered and have one head."""
    return max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py"))
