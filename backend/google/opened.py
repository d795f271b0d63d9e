"""Reading the one e-mail that is open in Gmail, with the two tokens of the add-on's event.

They are only good for this request and this message; nothing keeps them.
"""

from datetime import datetime
from urllib.parse import quote

import orjson
import requests

from backend.domain.message import FetchedMessage
from backend.errors import MailboxDisconnected, ProviderUnavailable
from backend.google.answers import Answer, meaning
from backend.google.parsing import from_gmail_payload
from backend.google.roots import GMAIL, Roots

TIMEOUT = (4, 15)
"""Seconds to connect and to answer: the card has to be there within 25."""

DECIMAL_PREFIX = "msg-f:"


def read_opened(
    roots: Roots, gmail_id: str, *, user_token: str, message_token: str, now: datetime
) -> FetchedMessage:
    """The open message. Raises MessageGone, ScopeMissing or ProviderUnavailable."""
    headers = {
        "Authorization": f"Bearer {user_token}",
        "X-Goog-Gmail-Access-Token": message_token,
    }
    with requests.Session() as session:
        session.headers.update(headers)
        response = get(session, roots, gmail_id)
        if response.status_code in {400, 404} and gmail_id.startswith(DECIMAL_PREFIX):
            response = get(session, roots, hexadecimal(gmail_id))
    if response.status_code != 200:
        error = meaning(Answer(response.status_code, response.content), now)
        if isinstance(error, MailboxDisconnected):
            raise ProviderUnavailable("Gmail did not accept this look. Open the e-mail again.")
        raise error
    return from_gmail_payload(orjson.loads(response.content))


def get(session: requests.Session, roots: Roots, gmail_id: str) -> requests.Response:
    """One read of the message by an id of either kind."""
    url = roots.at(GMAIL, f"/gmail/v1/users/me/messages/{quote(gmail_id, safe='')}")
    try:
        return session.get(url, params={"format": "full"}, timeout=TIMEOUT)
    except requests.RequestException as error:
        raise ProviderUnavailable("Gmail can't be reached right now.") from error


def hexadecimal(gmail_id: str) -> str:
    """The id of the API for the id that Gmail's page uses.

    >>> hexadecimal("msg-f:1234567")
    '12d687'
    """
    digits = gmail_id.removeprefix(DECIMAL_PREFIX)
    return format(int(digits), "x") if digits.isdigit() else gmail_id
