"""Server-side Flask sessions: the cookie is a random value, the content stays in Postgres."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from backend.console.context import PERSON, WHO, current_deps
from backend.errors import StoreUnavailable
from backend.services import web_sessions
from backend.services.web_sessions import LIFETIME

COOKIE = "rapport_session"
MAX_COOKIE = 100


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """A browser's session. `who` at the start of the request shows whether somebody else signed in;
    `trouble` is set when the session could not be read.
    """

    def __init__(
        self, token: str, data: dict[str, object], begun_at: datetime | None, *, stale: bool
    ) -> None:
        super().__init__(data, on_update=_touch)
        self.token = token
        self.begun_at = begun_at
        self.stale = stale
        self.who = whose(data)
        self.trouble: StoreUnavailable | None = None
        self.modified = False
        self.accessed = False


def whose(data: Mapping[str, object]) -> tuple[object, object]:
    """The member and the Google account of a session."""
    return data.get(WHO), data.get(PERSON)


def _touch(session: object) -> None:
    if isinstance(session, ServerSession):
        session.modified = True


class ServerSessions(SessionInterface):
    """Reads the cookie's session, and writes it when it changed."""

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """The session of the request's cookie, or an empty one that is not stored yet."""
        del app
        token = request.cookies.get(COOKIE, "")
        held, trouble = None, None
        if token and len(token) <= MAX_COOKIE:
            try:
                held = web_sessions.read(current_deps(), token)
            except StoreUnavailable as error:
                trouble = error
        if held is None:
            empty = ServerSession("", {}, None, stale=False)
            empty.trouble = trouble
            return empty
        return ServerSession(token, held.data, held.begun_at, stale=held.stale)

    def save_session(
        self,
        app: Flask,  # noqa: ARG002 - Flask names it
        session: SessionMixin,
        response: Response,
    ) -> None:
        """Write it, extend it, or delete it. A change of person gets a new cookie and ends the old
        session.
        """
        if not isinstance(session, ServerSession) or not (session.modified or session.stale):
            return
        deps = current_deps()
        if session.token and (not session or whose(session) != session.who):
            web_sessions.end(deps, session.token)
            session.token, session.begun_at = "", None
        if not session:
            response.delete_cookie(COOKIE, path="/")
            return
        session.token = session.token or web_sessions.new_token(deps)
        web_sessions.write(deps, session.token, dict(session), begun_at=session.begun_at)
        response.set_cookie(
            COOKIE,
            session.token,
            max_age=LIFETIME,
            path="/",
            httponly=True,
            secure=deps.public_url.startswith("https:"),
            samesite="Lax",
        )
