"""Whether Google accepts our OAuth client: asked with a made-up token.

Google checks the client before the token, so the error says which of them it refuses.
"""

import requests

from backend.errors import ProviderUnavailable
from backend.google.deadlines import timed_session
from backend.google.oauth import OAuthClient

TIMEOUT = 10
"""Seconds for the one call."""

MADE_UP = "made-up"
ACCEPTED = "invalid_grant"
"""Google's error for the token once it has accepted the client."""


def refusal_of_client(client: OAuthClient) -> str:
    """Google's code for refusing our client; empty when it accepts id and secret.

    Raises ProviderUnavailable when the token endpoint does not answer properly.
    """
    form = {
        "grant_type": "refresh_token",
        "refresh_token": MADE_UP,
        "client_id": client.client_id,
        "client_secret": client.client_secret,
    }
    try:
        with timed_session(TIMEOUT) as session:
            answer = session.post(client.roots.token, data=form, timeout=TIMEOUT)
        code = answer.json()["error"]
    except (requests.RequestException, ValueError, KeyError, TypeError) as error:
        raise ProviderUnavailable("Google's token endpoint did not answer properly.") from error
    if answer.status_code >= 500 or answer.status_code == 429:
        raise ProviderUnavailable(f"Google's token endpoint answered {answer.status_code}.")
    return "" if code == ACCEPTED else str(code)
