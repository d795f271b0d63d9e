"""Reading the one e-mail that is open in Gmail, with the two tokens of the add-on's event.

They are only good for this request and this message; nothing keeps them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import quote

import certifi
import orjson
from urllib3 import BaseHTTPResponse, PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from backend.domain.message import FetchedMessage
from backend.errors import (
    MailboxDisconnected,
    MessageGone,
    ProviderUnavailable,
    RapportError,
)
from backend.google.answers import Answer, meaning
from backend.google.deferred import Answered, WantedPart, with_deferred_parts
from backend.google.parsing import from_gmail_payload
from backend.google.roots import GMAIL, Roots

TIMEOUT = Timeout(connect=2, read=5)
"""Seconds to connect and to answer. Four tries together stay below the card's 25."""

POOL = 16
"""Connections kept open: as many as threads may read at once."""

DECIMAL_PREFIX = "msg-f:"


class Extent(StrEnum):
    """How much of the message is read; the value is Gmail's `format`.

    Headers are enough to say who is on it, and need a permission that shows no text.
    """

    HEADERS = "metadata"
    WHOLE = "full"


@dataclass(frozen=True)
class OpenTokens:
    """The two tokens of one event: the person's, and the open message's."""

    user: str = field(repr=False)
    message: str = field(repr=False)


def read_opened(
    roots: Roots, gmail_id: str, tokens: OpenTokens, *, extent: Extent, now: datetime
) -> FetchedMessage:
    """The open message. Raises MessageGone, ScopeMissing or ProviderUnavailable.

    It takes no units of the mailbox's bucket: what people open one by one fits into the tenth of
    Gmail's rate that the bucket leaves free, and a card must not stand in line behind an import.
    """
    headers = {
        "Authorization": f"Bearer {tokens.user}",
        "X-Goog-Gmail-Access-Token": tokens.message,
    }
    form = {"format": extent.value}
    response = get(roots, quote(gmail_id, safe=""), headers, form)
    if response.status in {400, 404} and gmail_id.startswith(DECIMAL_PREFIX):
        response = get(roots, hexadecimal(gmail_id), headers, form)
    resource = content_of(response, now)

    def parts(wanted: Sequence[WantedPart]) -> Mapping[str, Answered]:
        return {one.key: part_of(one) for one in wanted}

    def part_of(one: WantedPart) -> Answered:
        path = f"{one.gmail_id}/attachments/{quote(one.part.attachment_id)}"
        try:
            return content_of(get(roots, path, headers), now)
        except RapportError as error:
            return error

    if extent is Extent.HEADERS:
        return from_gmail_payload(resource)
    found = with_deferred_parts({gmail_id: resource}, parts)[gmail_id]
    if isinstance(found, RapportError):
        raise found
    return found


def content_of(response: BaseHTTPResponse, now: datetime) -> dict[str, Any]:
    """What an answer holds, or what its refusal means."""
    if response.status == 200:
        return dict(orjson.loads(response.data))
    if response.status in {400, 404}:
        raise MessageGone("Gmail does not have this e-mail any more. Open it again.")
    error = meaning(Answer(response.status, response.data), now)
    if isinstance(error, MailboxDisconnected):
        raise ProviderUnavailable("Gmail did not accept this look. Open the e-mail again.")
    raise error


def get(
    roots: Roots, path: str, headers: Mapping[str, str], query: Mapping[str, str] | None = None
) -> BaseHTTPResponse:
    """One read below the person's messages."""
    url = roots.at(GMAIL, f"/gmail/v1/users/me/messages/{path}")
    try:
        return CONNECTIONS.request("GET", url, fields=query, headers=headers, redirect=False)
    except HTTPError as error:
        raise ProviderUnavailable("Gmail can't be reached right now.") from error


def kept_connections() -> PoolManager:
    """Connections that stay open between requests, and nothing else: no cookies, no log-in of ours,
    no proxy.

    A kept connection that Google has closed meanwhile is replaced by a new one, once: reading twice
    does no harm. It is urllib3's own, because somebody waits: requests takes three times as long.
    """
    again = Retry(
        total=1,
        connect=0,
        read=1,
        status=0,
        other=0,
        allowed_methods=["GET"],
        respect_retry_after_header=False,
    )
    return PoolManager(maxsize=POOL, retries=again, timeout=TIMEOUT, ca_certs=certifi.where())


CONNECTIONS = kept_connections()


def hexadecimal(gmail_id: str) -> str:
    """The id of the API for the id that Gmail's page uses.

    >>> hexadecimal("msg-f:1234567")
    '12d687'
    """
    digits = gmail_id.removeprefix(DECIMAL_PREFIX)
    return format(int(digits), "x") if digits.isascii() and digits.isdigit() else gmail_id
