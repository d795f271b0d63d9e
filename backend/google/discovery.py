"""The Gmail service object, built from the document that ships with Google's client.

Setting the client's `api_endpoint` would leave batches and uploads on Google's hosts, so with
another root the document itself is changed before the service is built from it.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import google_auth_httplib2
import googleapiclient.discovery_cache
import httplib2
import orjson
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document

from backend.google.deadlines import answer_within
from backend.google.roots import Roots

TIMEOUT = 30
"""Seconds between two bytes of an answer."""

ANSWERS_WITHIN = 60.0
"""Seconds for a whole answer."""


class PlainConnection(httplib2.HTTPConnectionWithTimeout):  # type: ignore[misc]
    """To the simulator."""

    response_class = answer_within(ANSWERS_WITHIN)


class SecureConnection(httplib2.HTTPSConnectionWithTimeout):  # type: ignore[misc]
    """To Google."""

    response_class = answer_within(ANSWERS_WITHIN)


class TimedHttp(httplib2.Http):  # type: ignore[misc]
    """Connections whose answers have a total deadline."""

    def request(self, uri: str, *about: Any, **more: Any) -> Any:
        """One call."""
        secure = uri.startswith("https:")
        more["connection_type"] = SecureConnection if secure else PlainConnection
        return super().request(uri, *about, **more)


@lru_cache(maxsize=4)
def gmail_document(roots: Roots) -> str:
    """The discovery document of Gmail, pointing at `roots`."""
    folder = Path(next(iter(googleapiclient.discovery_cache.__path__))) / "documents"
    document = orjson.loads((folder / "gmail.v1.json").read_bytes())
    if roots.replacement:
        document["rootUrl"] = roots.replacement + "/"
        document["baseUrl"] = document["rootUrl"] + document["servicePath"]
        document.pop("mtlsRootUrl", None)
    return orjson.dumps(document).decode()


def gmail_service(roots: Roots, credentials: Credentials) -> Any:
    """A service for one mailbox, with a connection of its own."""
    http = google_auth_httplib2.AuthorizedHttp(credentials, http=TimedHttp(timeout=TIMEOUT))
    return build_from_document(gmail_document(roots), http=http)
