"""Alembic's entry: one migration at a time, and never a long wait for a lock on a busy table."""

from alembic import context
from sqlalchemy import create_engine, text

from backend.store.models import Base
from backend.store.session import psycopg_url

ADVISORY_LOCK = 7_266_117
"""Any number, the same for every process that migrates."""


def run() -> None:
    """Run the missing migrations, as the owner of the tables."""
    engine = create_engine(psycopg_url(context.config.attributes["url"]))
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
        connection.execute(text("SET lock_timeout = '1s'"))
        connection.commit()
        context.configure(connection=connection, target_metadata=Base.metadata)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
