"""Amazon's pages: the certificate of its signatures, and the address that confirms a topic."""

import requests

from backend.errors import TryLater

TIMEOUT = 5
"""Seconds."""
LARGEST = 64 * 1024
MOST_KEPT = 20
UNAVAILABLE = "A page of Amazon's is unavailable."

_certificates: dict[str, bytes] = {}


def fetch_page(url: str) -> bytes:
    """The page at one of Amazon's addresses, without redirects. Certificates never change, so they
    are cached. Raises TryLater.
    """
    if url in _certificates:
        return _certificates[url]
    try:
        answer = requests.get(url, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        raise TryLater(UNAVAILABLE) from error
    if answer.status_code != 200 or len(answer.content) > LARGEST:
        raise TryLater(UNAVAILABLE)
    if url.endswith(".pem") and len(_certificates) < MOST_KEPT:
        _certificates[url] = answer.content
    return answer.content
