"""Uploads: the mail alone, the mail with its JSON in front, or piece by piece (resumable)."""

import re
import secrets
import threading
from dataclasses import dataclass, field, replace

from backend.simulator.gmail.call import Answer, Call, answer_error
from backend.simulator.gmail.dispatch import dispatch
from backend.simulator.gmail.errors import ApiError, bad_request, not_found
from backend.simulator.gmail.incoming import LARGEST_MAIL
from backend.simulator.mail.mime_tree import parse_tree
from backend.simulator.world import World

CONTENT_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")
PREFIXES = ("/resumable/upload", "/upload")
RESUME = 308


@dataclass
class _Session:
    call: Call
    received: bytearray = field(default_factory=bytearray)


class Uploads:
    """The unfinished resumable uploads of one server."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lock = threading.Lock()
        self._sessions: dict[str, _Session] = {}

    def answer(self, call: Call, root: str) -> Answer:
        """Answer an upload request; `root` is this server's address as the caller sees it."""
        try:
            return self._answer(call, root)
        except ApiError as error:
            return answer_error(error)

    def _answer(self, call: Call, root: str) -> Answer:
        ident = call.query.get("upload_id", [""])[-1]
        if ident:
            return self._continue(ident, call)
        kind = call.query.get("uploadType", [""])[-1]
        if kind == "resumable" or call.path.startswith(PREFIXES[0]):
            return self._open(call, root)
        if len(call.body) > LARGEST_MAIL + 64 * 1024:
            raise ApiError(413, "Request Too Large", "uploadTooLarge")
        if kind == "multipart":
            return dispatch(self._world, _from_multipart(_inner(call)))
        if kind == "media":
            return dispatch(self._world, replace(_inner(call), body=b"", media=call.body))
        raise bad_request("Invalid upload type")

    def _open(self, call: Call, root: str) -> Answer:
        announced = call.headers.get("x-upload-content-length", "0")
        if announced.isdigit() and int(announced) > LARGEST_MAIL:
            raise ApiError(413, "Request Too Large", "uploadTooLarge")
        ident = secrets.token_urlsafe(24)
        with self._lock:
            self._sessions[ident] = _Session(_inner(call))
        place = f"{root.rstrip('/')}{call.path}?uploadType=resumable&upload_id={ident}"
        return Answer(200, b"", {"Location": place, "X-GUploader-UploadID": ident})

    def _continue(self, ident: str, call: Call) -> Answer:
        """Take one piece; the last one makes the call."""
        with self._lock:
            session = self._sessions.get(ident)
        if session is None:
            raise not_found()
        total = self._take_piece(session, call)
        if total is None or len(session.received) < total:
            last = len(session.received) - 1
            headers = {"Range": f"bytes=0-{last}"} if last >= 0 else {}
            return Answer(RESUME, b"", headers)
        with self._lock:
            self._sessions.pop(ident, None)
        return dispatch(self._world, replace(session.call, media=bytes(session.received)))

    def _take_piece(self, session: _Session, call: Call) -> int | None:
        """Append what is new; the whole size when it is known."""
        written = call.headers.get("content-range", "")
        if not written:
            session.received[:] = call.body
            return len(call.body)
        found = CONTENT_RANGE.fullmatch(written)
        if found is None:
            raise bad_request("Invalid Content-Range header")
        if found[1] is not None:
            if int(found[1]) > len(session.received):
                raise bad_request("Invalid request. There were bytes missing before this range.")
            session.received[int(found[1]) :] = call.body
        if len(session.received) > LARGEST_MAIL:
            raise ApiError(413, "Request Too Large", "uploadTooLarge")
        return None if found[3] == "*" else int(found[3])


def _inner(call: Call) -> Call:
    """The same call at its ordinary path."""
    path = call.path
    for prefix in PREFIXES:
        path = path.removeprefix(prefix)
    return replace(call, path=path)


def _from_multipart(call: Call) -> Call:
    """multipart/related: JSON first, then the mail."""
    head = f"Content-Type: {call.headers.get('content-type', '')}\r\n\r\n".encode()
    tree = parse_tree(head + call.body)
    if len(tree.children) != 2:
        raise bad_request("Multipart upload must have two parts")
    metadata, media = tree.children
    return replace(call, body=metadata.content().strip(), media=media.content())
