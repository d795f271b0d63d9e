"""Verifies tokens signed by Google: of its service accounts, panel users, and sign-ins.

One place verifies all of them. The expected audience differs, and stays with the callers.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from google.auth import exceptions, jwt
from google.oauth2 import id_token

from backend.clock import utc_now
from backend.errors import AuthenticationFailed, ProviderUnavailable
from backend.google.signing_keys import SigningKeys

CLOCK_SKEW = 10
"""Seconds by which Google's clock and ours may differ."""

ISSUERS = frozenset({"accounts.google.com", "https://accounts.google.com"})


def machine_is_off(now: datetime) -> int:
    """By how many seconds the clock of this machine, which google-auth asks, differs from ours,
    which follows the database's. A clock set wrong must not refuse Google's pushes and panels.
    """
    return int(abs((now - utc_now()).total_seconds()))


def signed_claims(token: str, keys: SigningKeys) -> Mapping[str, Any]:
    """The claims of a live token with a verified address, for any audience.

    Raises AuthenticationFailed, and ProviderUnavailable when Google's keys are unavailable.
    """
    try:
        keys.look_for(jwt.decode_header(token).get("kid"))
        # The audience is checked apart, to distinguish a wrong one from a forged token.
        claims: Mapping[str, Any] = id_token.verify_token(
            token,
            keys,
            audience=None,
            certs_url=keys.url,
            clock_skew_in_seconds=CLOCK_SKEW + machine_is_off(keys.now()),
        )
    except exceptions.TransportError as error:
        raise ProviderUnavailable("Google's keys can't be fetched right now. Try again.") from error
    except (exceptions.GoogleAuthError, ValueError, RecursionError) as error:
        raise AuthenticationFailed("The token could not be verified.") from error
    if str(claims.get("iss")) not in ISSUERS or claims.get("email_verified") is not True:
        raise AuthenticationFailed("The token could not be verified.")
    return claims


def claims_for(audience: str | None, token: str, keys: SigningKeys) -> Mapping[str, Any]:
    """The claims of a token that was made for `audience`. Raises as `signed_claims`."""
    if not audience:
        raise AuthenticationFailed("No audience is configured, so no token is accepted.")
    claims = signed_claims(token, keys)
    if claims.get("aud") != audience:
        raise AuthenticationFailed("The token was made for another address.")
    return claims
