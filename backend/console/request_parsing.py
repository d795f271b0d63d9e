"""What a request asks of a list or enters into a form, parsed once and in one way."""

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
"""Characters looked at in a field of addresses or words."""

NONCE_BYTES = 12


class IdConverter(BaseConverter):
    """A row's id in an address: a number that a bigint can hold."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        """The id as a number."""
        return int(value)


def list_query(*filters: str, limit: int = PAGE_SIZE) -> ListQuery:
    """The search, filters, order and page that the address names."""
    args = request.args
    return ListQuery(
        search=args.get("q", ""),
        filters={name: args[name] for name in filters if args.get(name)},
        sort=args.get("sort", ""),
        cursor=args.get("cursor", ""),
        limit=limit,
    )


def text(name: str) -> str:
    """A field of the form as it was typed."""
    return request.form.get(name, "")


def entries(name: str) -> tuple[str, ...]:
    """The entries of a field of addresses as they were typed, names included."""
    return split_entries(text(name)[:MOST_TYPED])


def listed(name: str) -> tuple[str, ...]:
    """A field of words, such as domains, with blanks, commas, semicolons or lines between them."""
    return tuple(word for word in BETWEEN_WORDS.split(text(name)[:MOST_TYPED]) if word)


def version() -> int:
    """The version of the row that the form was drawn from; -1, which none has, when it is lost."""
    value = text("version")
    return int(value) if value.isdecimal() and len(value) < 10 else -1


def nonce() -> str:
    """A fresh mark for a form, so that a double click is carried out once."""
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
    """The pending mail that an argument of the address names, if it can be one."""
    try:
        return PendingId(UUID(request.args.get(argument, "")))
    except ValueError:
        return None
