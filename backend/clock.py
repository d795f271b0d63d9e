"""The only reader of the clock. Rules and services are handed `now`, so tests hold time still."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present moment, aware and in UTC."""
    return datetime.now(UTC)
