"""The Gmail service object, built from the document that ships with Google's client.

Setting the client's `api_endpoint` would leave batches and uploads on Google's hosts, so with
another root the document itself is changed before the service is built from it.
"""

from collections.abc import Mapping
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

CALLED = frozenset(
    {
        *("gmail.users.getProfile", "gmail.users.watch", "gmail.users.stop"),
        *("gmail.users.messages.list", "gmail.users.messages.get"),
        *("gmail.users.messages.attachments.get", "gmail.users.history.list"),
        *("gmail.users.labels.list", "gmail.users.settings.sendAs.list"),
    }
)
"""Every method that `GmailMailbox` calls; mail is sent without this client."""


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
    """The discovery document of Gmail, pointing at `roots` and cut down to what is called.

    The client makes all methods of a resource each time the resource is asked for, and writes the
    schema of every answer into a docstring; with the whole document that costs more than a call.
    """
    folder = Path(next(iter(googleapiclient.discovery_cache.__path__))) / "documents"
    document = orjson.loads((folder / "gmail.v1.json").read_bytes())
    document["schemas"] = {name: {"id": name, "type": "object"} for name in document["schemas"]}
    document |= only_called(document)
    if roots.replacement:
        document["rootUrl"] = roots.replacement + "/"
        document["baseUrl"] = document["rootUrl"] + document["servicePath"]
        document.pop("mtlsRootUrl", None)
    return orjson.dumps(document).decode()


def only_called(resource: Mapping[str, Any]) -> dict[str, Any]:
    """A resource of the document with the methods that are called, its own and those below it."""
    methods = resource.get("methods", {}).items()
    below = {name: only_called(one) for name, one in resource.get("resources", {}).items()}
    return {
        "methods": {name: one for name, one in methods if one["id"] in CALLED},
        "resources": {name: one for name, one in below.items() if any(one.values())},
    }


def gmail_service(roots: Roots, credentials: Credentials) -> Any:
    """A service for one mailbox, with a connection of its own."""
    http = google_auth_httplib2.AuthorizedHttp(credentials, http=TimedHttp(timeout=TIMEOUT))
    return build_from_document(gmail_document(roots), http=http)
