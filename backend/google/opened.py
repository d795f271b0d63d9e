"""Reading the one e-mail that is open in Gmail, with the two tokens of the add-on's event.

They are only good for this request and this message; nothing keeps them.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote

import orjson
import requests

from backend.domain.message import FetchedMessage
from backend.errors import MailboxDisconnected, MessageGone, ProviderUnavailable
from backend.google.answers import Answer, meaning
from backend.google.parsing import from_gmail_payload
from backend.google.roots import GMAIL, Roots

TIMEOUT = (3, 9)
"""Seconds to connect and to answer. Both tries together stay below the card's 25."""

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
    """The open message. Raises MessageGone, ScopeMissing or ProviderUnavailable."""
    headers = {
        "Authorization": f"Bearer {tokens.user}",
        "X-Goog-Gmail-Access-Token": tokens.message,
    }
    with requests.Session() as session:
        session.headers.update(headers)
        response = get(session, roots, gmail_id, extent)
        if response.status_code in {400, 404} and gmail_id.startswith(DECIMAL_PREFIX):
            response = get(session, roots, hexadecimal(gmail_id), extent)
    if response.status_code in {400, 404}:
        raise MessageGone("Gmail does not have this e-mail any more. Open it again.")
    if response.status_code != 200:
        error = meaning(Answer(response.status_code, response.content), now)
        if isinstance(error, MailboxDisconnected):
            raise ProviderUnavailable("Gmail did not accept this look. Open the e-mail again.")
        raise error
    return from_gmail_payload(orjson.loads(response.content))


def get(
    session: requests.Session, roots: Roots, gmail_id: str, extent: Extent
) -> requests.Response:
    """One read of the message by an id of either kind."""
    url = roots.at(GMAIL, f"/gmail/v1/users/me/messages/{quote(gmail_id, safe='')}")
    try:
        return session.get(url, params={"format": extent.value}, timeout=TIMEOUT)
    except requests.RequestException as error:
        raise ProviderUnavailable("Gmail can't be reached right now.") from error


def hexadecimal(gmail_id: str) -> str:
    """The id of the API for the id that Gmail's page uses.

    >>> hexadecimal("msg-f:1234567")
    '12d687'
    """
    digits = gmail_id.removeprefix(DECIMAL_PREFIX)
    return format(int(digits), "x") if digits.isascii() and digits.isdigit() else gmail_id
