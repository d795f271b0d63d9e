"""Streams an attachment from Gmail on request.

A file may have 25 MB, which Gmail sends as 33 MB of JSON; a web process that buffered several of
them would run out of memory.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import orjson
from urllib3 import BaseHTTPResponse, Timeout
from urllib3.exceptions import HTTPError

from backend.errors import MessageGone, ProviderUnavailable
from backend.google.answers import Answer, meaning
from backend.google.opened import UNREACHABLE, UNREADABLE, kept_connections
from backend.google.roots import GMAIL, Roots

TIMEOUT = Timeout(connect=3, read=20)
ANSWERS_WITHIN = 120.0
"""Seconds for the whole answer: 33 MB, at the pace of the person who saves the file."""

CONNECTIONS = kept_connections(ANSWERS_WITHIN)
PIECE = 64 * 1024
BEFORE_DATA = 64 * 1024
"""Bytes in which the content must begin; a number and an id come before it."""

MOST_READ = 40 * 1024 * 1024
"""Bytes of a message without its files; more is no mail that can be read."""

_BEGIN = re.compile(rb'"data"\s{0,8}:\s{0,8}"')
_END = re.compile(rb'["\\=]')


class GmailFiles:
    """The files of one mailbox's mail, read with an access token that is valid now."""

    def __init__(self, roots: Roots, token: str, now: datetime) -> None:
        self._roots = roots
        self._token = token
        self._now = now

    def open(self, gmail_id: str, part_id: str) -> Iterator[bytes]:
        """The content of a part in pieces, the first of which is read already. Raises MessageGone
        where the message or the part is not there, and what else an answer means.
        """
        part = self._part(gmail_id, part_id)
        body = part.get("body")
        body = body if isinstance(body, dict) else {}
        attachment_id = body.get("attachmentId")
        if not isinstance(attachment_id, str) or not attachment_id:
            return iter([inline(body.get("data"))])
        path = f"{quote(gmail_id, safe='')}/attachments/{quote(attachment_id, safe='')}"
        return begun(contents(self._get(path)))

    def _part(self, gmail_id: str, part_id: str) -> Mapping[str, Any]:
        response = self._get(f"{quote(gmail_id, safe='')}?format=full")
        try:
            text = response.read(MOST_READ)
            found = find(orjson.loads(text).get("payload"), part_id)
        except HTTPError as error:
            raise ProviderUnavailable(UNREACHABLE) from error
        except (orjson.JSONDecodeError, AttributeError) as error:
            raise ProviderUnavailable(UNREADABLE) from error
        finally:
            response.release_conn()
        if found is None:
            raise MessageGone("This file is not on the email in Gmail.")
        return found

    def _get(self, path: str) -> BaseHTTPResponse:
        """A 200 answer with its body still unread."""
        try:
            response = CONNECTIONS.request(
                "GET",
                self._roots.at(GMAIL, f"/gmail/v1/users/me/messages/{path}"),
                headers={"Authorization": f"Bearer {self._token}"},
                redirect=False,
                retries=1,
                preload_content=False,
                timeout=TIMEOUT,
            )
            if response.status == 200:
                return response
            answer = Answer(response.status, response.read(PIECE), response.headers)
        except HTTPError as error:
            raise ProviderUnavailable(UNREACHABLE) from error
        response.close()
        raise meaning(answer, self._now)


def inline(data: object) -> bytes:
    """A small part that came with the message; nothing when it is empty."""
    try:
        return decoded(str(data or "").encode("ascii", "ignore").rstrip(b"="))
    except binascii.Error as error:
        raise ProviderUnavailable(UNREADABLE) from error


def find(part: object, part_id: str) -> Mapping[str, Any] | None:
    """The part of a payload's tree with this number; the root has none, so that "" finds it."""
    waiting = [part]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, dict):
            continue
        if one.get("partId", "") == part_id:
            return one
        children = one.get("parts")
        waiting += children if isinstance(children, list) else []
    return None


def begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces, with the first one read: what fails at the start still gets a page."""
    first = next(pieces, b"")

    def all_of_them() -> Iterator[bytes]:
        yield first
        yield from pieces

    return all_of_them()


def contents(response: BaseHTTPResponse) -> Iterator[bytes]:
    """The content of an `attachments.get` answer, decoded while it arrives. Raises
    ProviderUnavailable when it ends too soon, so that no truncated file passes for a whole one.
    """
    try:
        yield from decoded_pieces(response.stream(PIECE))
    except (HTTPError, binascii.Error) as error:
        raise ProviderUnavailable(UNREACHABLE) from error
    finally:
        response.close()


def decoded_pieces(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The base64 text under "data", decoded four characters at a time.

    >>> b"".join(decoded_pieces(iter([b'{"size": 5, "da', b'ta": "aGVs', b'bG8="}'])))
    b'hello'
    """
    head = b""
    for chunk in chunks:
        head += chunk
        if _BEGIN.search(head) or len(head) > BEFORE_DATA:
            break
    begin = _BEGIN.search(head)
    if begin is None:
        raise ProviderUnavailable(UNREADABLE)
    rest = head[begin.end() :]
    while (end := _END.search(rest)) is None:
        whole = len(rest) - len(rest) % 4
        if whole:
            yield decoded(rest[:whole])
        chunk = next(chunks, b"")
        if not chunk:
            raise ProviderUnavailable(UNREADABLE)
        rest = rest[whole:] + chunk
    yield decoded(rest[: end.start()])


def decoded(text: bytes) -> bytes:
    """Base64 as Gmail writes it, with or without its padding.

    >>> decoded(b"aGVsbG8")
    b'hello'
    """
    return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
