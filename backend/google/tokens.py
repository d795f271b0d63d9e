"""Checking a token that Google signed for one of our addresses: push deliveries use it."""

from collections.abc import Mapping
from typing import Any

import google.auth.exceptions
from google.oauth2 import id_token

from backend.errors import AuthenticationFailed, ProviderUnavailable
from backend.google.certificates import CertificateCache
from backend.google.roots import Roots

CLOCK_SKEW = 10
"""Seconds by which Google's clock and ours may differ."""

ISSUERS = frozenset({"accounts.google.com", "https://accounts.google.com"})


def verify_google_token(
    token: str, *, audience: str | None, certificates: CertificateCache, roots: Roots
) -> Mapping[str, Any]:
    """The claims of a token made for `audience`. Raises AuthenticationFailed for any other."""
    if not audience:  # google-auth would skip the check
        raise AuthenticationFailed("No audience is configured, so no token is accepted.")
    try:
        claims: Mapping[str, Any] = id_token.verify_token(
            token,
            certificates,
            audience=audience,
            certs_url=roots.certs,
            clock_skew_in_seconds=CLOCK_SKEW,
        )
    except google.auth.exceptions.TransportError as error:
        raise ProviderUnavailable("Google's keys can't be fetched right now.") from error
    except (google.auth.exceptions.GoogleAuthError, ValueError) as error:
        raise AuthenticationFailed("The token could not be verified.") from error
    if claims.get("iss") not in ISSUERS:
        raise AuthenticationFailed("The token was not issued by Google.")
    return claims
