"""Parses the query string of lists and the fields of forms, in one place."""

import re
import secrets
from datetime import UTC, datetime
from uuid import UUID

from flask import request
from werkzeug.routing import BaseConverter

from backend.console.context import current_actor
from backend.domain.ids import PendingId
from backend.domain.paging import PAGE_SIZE, ListQuery
from backend.domain.people.entered_people import split_entries
from backend.domain.sending.windows import resolve
from backend.errors import InputError

BETWEEN_WORDS = re.compile(r"[\s,;]+")
MOST_TYPED = 100_000
"""Characters read of a field of addresses or words."""

NONCE_BYTES = 12


class IdConverter(BaseConverter):
    """A row's id in an address: a number that fits a bigint."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        """The id as a number."""
        return int(value)


def list_query(*filters: str, limit: int = PAGE_SIZE) -> ListQuery:
    """The search, filters, order and page in the query string."""
    args = request.args
    return ListQuery(
        search=args.get("q", ""),
        filters={name: args[name] for name in filters if args.get(name)},
        sort=args.get("sort", ""),
        cursor=args.get("cursor", ""),
        limit=limit,
    )


def text(name: str) -> str:
    """A form field as typed."""
    return request.form.get(name, "")


def entries(name: str) -> tuple[str, ...]:
    """The entries of a field of addresses as typed, including names."""
    return split_entries(text(name)[:MOST_TYPED])


def listed(name: str) -> tuple[str, ...]:
    """A field of words, such as domains, separated by blanks, commas, semicolons or lines."""
    return tuple(word for word in BETWEEN_WORDS.split(text(name)[:MOST_TYPED]) if word)


def version() -> int:
    """The version of the row that the form was rendered from; -1, which no row has, when it is
    missing.
    """
    value = text("version")
    return int(value) if value.isdecimal() and len(value) < 10 else -1


def nonce() -> str:
    """A fresh nonce for a form, so that a double click is applied once."""
    return secrets.token_urlsafe(NONCE_BYTES)


def moment(value: str, field: str) -> datetime:
    """A date and time as a browser writes it, in the reader's zone. Raises InputError."""
    try:
        civil = datetime.fromisoformat(value)
        if civil.tzinfo is not None:
            return civil.astimezone(UTC)
        return resolve(civil, current_actor().time_zone)
    except (ValueError, OverflowError) as error:
        sentence = "Choose a day and a time, such as 24 November 2026, 09:00."
        raise InputError("The date can't be read.", {field: sentence}) from error


def pending_named(argument: str) -> PendingId | None:
    """The pending message that a query argument names, if it is an id."""
    try:
        return PendingId(UUID(request.args.get(argument, "")))
    except ValueError:
        return None
