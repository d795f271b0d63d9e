"""Reading the one email that is open in Gmail, with the two tokens of the add-on's event.

They are only good for this request and this message; nothing keeps them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from time import monotonic
from typing import Any
from urllib.parse import quote

import certifi
import orjson
from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import HTTPError, ProtocolError

from backend.domain.mail.message import FetchedMessage
from backend.errors import MessageGone, ProviderUnavailable, RapportError
from backend.google.answers import Answer, meaning
from backend.google.deadlines import timed_pool
from backend.google.deferred import Answered, WantedPart, with_deferred_parts
from backend.google.parsing import from_gmail_payload
from backend.google.roots import GMAIL, Roots

DEADLINE = 8.0
"""Seconds for everything that reading one email takes: tries, second looks and parts of its body.
Together with the fetch of Google's keys it stays far below Gmail's limit of 30 for a card.
"""

CONNECT, READ = 2.0, 5.0
"""Seconds at most to connect, and between two pieces of an answer."""

PIECE = 64 * 1024
"""Bytes read between two checks of the deadline."""

POOL = 16
"""Connections kept open: as many as threads may read at once."""

UNREACHABLE = "Gmail can't be reached right now."
UNREADABLE = "Gmail's answer could not be read."
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


@dataclass(frozen=True)
class Fetched:
    """An answer that was read to its end."""

    status: int
    content: bytes
    headers: Mapping[str, str]


def read_opened(
    roots: Roots, gmail_id: str, tokens: OpenTokens, *, extent: Extent, now: datetime
) -> FetchedMessage:
    """The open message. Raises MessageGone, ScopeMissing or ProviderUnavailable.

    It takes no units of the mailbox's bucket: what people open one by one fits into the tenth of
    Gmail's rate that the bucket leaves free, and a card must not queue behind an import.
    """
    look = Look(roots, tokens, monotonic() + DEADLINE)
    form = {"format": extent}
    answer = look.get(quote(gmail_id, safe=""), form)
    if answer.status in {400, 404} and gmail_id.startswith(DECIMAL_PREFIX):
        answer = look.get(hexadecimal(gmail_id), form)
    resource = content_of(answer, now)
    if not isinstance(resource.get("id"), str):
        raise ProviderUnavailable(UNREADABLE)

    def parts(wanted: Sequence[WantedPart]) -> Mapping[str, Answered]:
        return {one.key: part_of(one) for one in wanted}

    def part_of(one: WantedPart) -> Answered:
        path = f"{one.gmail_id}/attachments/{quote(one.part.attachment_id)}"
        try:
            return content_of(look.get(path), now)
        except RapportError as error:
            return error

    if extent is Extent.HEADERS:
        return from_gmail_payload(resource)
    found = with_deferred_parts({gmail_id: resource}, parts)[gmail_id]
    if isinstance(found, RapportError):
        raise found
    return found


def content_of(fetched: Fetched, now: datetime) -> dict[str, Any]:
    """The message in an answer, or the error that its refusal means."""
    if fetched.status == 200:
        try:
            content = orjson.loads(fetched.content)
        except orjson.JSONDecodeError as error:
            raise ProviderUnavailable(UNREADABLE) from error
        if not isinstance(content, dict):
            raise ProviderUnavailable(UNREADABLE)
        return content
    answer = Answer(fetched.status, fetched.content, fetched.headers)
    if answer.is_gmails and not answer.is_passing and fetched.status in {400, 404}:
        raise MessageGone("Gmail does not have this email any more. Open it again.")
    if fetched.status == 401:
        raise ProviderUnavailable("Gmail did not accept this look. Open the email again.")
    raise meaning(answer, now)


@dataclass(frozen=True)
class Look:
    """One read of one email for one person, with its deadline `ends` by the process's clock."""

    roots: Roots
    tokens: OpenTokens
    ends: float

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Fetched:
        """One read below the person's messages. A kept connection that Google has closed meanwhile
        is replaced by a new one, once: reading twice does no harm.
        """
        try:
            return self._get(path, query)
        except ProtocolError:
            pass
        try:
            return self._get(path, query)
        except ProtocolError as error:
            raise ProviderUnavailable(UNREACHABLE) from error

    def _get(self, path: str, query: Mapping[str, str] | None) -> Fetched:
        """Raises ProtocolError for a connection that was cut, else ProviderUnavailable."""
        left = self._left()
        headers = {
            "Authorization": f"Bearer {self.tokens.user}",
            "X-Goog-Gmail-Access-Token": self.tokens.message,
        }
        try:
            response = CONNECTIONS.request(
                "GET",
                self.roots.at(GMAIL, f"/gmail/v1/users/me/messages/{path}"),
                fields=query,
                headers=headers,
                redirect=False,
                retries=False,
                preload_content=False,
                timeout=Timeout(connect=min(CONNECT, left), read=min(READ, left)),
            )
            return Fetched(response.status, self._content(response), response.headers)
        except ProtocolError:
            raise
        except HTTPError as error:
            raise ProviderUnavailable(UNREACHABLE) from error

    def _content(self, response: BaseHTTPResponse) -> bytes:
        """The body, read in pieces so that the deadline holds for a trickling one, too."""
        pieces = []
        try:
            while piece := response.read1(PIECE):
                pieces.append(piece)
                self._left()
        except BaseException:
            response.close()
            raise
        response.release_conn()
        return b"".join(pieces)

    def _left(self) -> float:
        left = self.ends - monotonic()
        if left <= 0:
            raise ProviderUnavailable("Gmail takes too long right now. Open the email again.")
        return left


def kept_connections(within: float) -> PoolManager:
    """Connections that stay open between requests, and nothing else: no cookies, no log-in of ours,
    no proxy. It is urllib3's own, because somebody waits: requests takes three times as long.
    """
    return timed_pool(within, maxsize=POOL, retries=False, ca_certs=certifi.where())


CONNECTIONS = kept_connections(DEADLINE)


def hexadecimal(gmail_id: str) -> str:
    """The id of the API for the id that Gmail's page uses.

    >>> hexadecimal("msg-f:1234567")
    '12d687'
    """
    digits = gmail_id.removeprefix(DECIMAL_PREFIX)
    return format(int(digits), "x") if digits.isascii() and digits.isdigit() else gmail_id
