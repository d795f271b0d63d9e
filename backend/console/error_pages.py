"""Errors as pages: what happened, why, and what to do next. The only handler of this edge."""

import secrets
from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from backend.console.context import actor_or_none, current_actor, current_deps
from backend.console.flash import go, say
from backend.domain.people.roles import Role
from backend.errors import (
    AuthenticationFailed,
    Conflict,
    ConsentRefused,
    InputError,
    MailboxTrouble,
    NotAllowed,
    NotFound,
    RapportError,
    SettledAlready,
    TryLater,
)
from backend.queries.settings.team import team_view

log = structlog.get_logger(__name__)
OTHER_EDGES = ("/addon/", "/api/", "/hooks/", "/healthz", "/readyz", "/metrics")
STATUS: tuple[tuple[type[RapportError], int, str], ...] = (
    (InputError, 422, "That can't be used"),
    (AuthenticationFailed, 401, "Sign in again"),
    (NotAllowed, 403, "Your role does not allow this"),
    (ConsentRefused, 409, "Google gave no permission"),
    (NotFound, 404, "This page isn't here"),
    (Conflict, 409, "That can't be done as things are now"),
    (MailboxTrouble, 409, "The mailbox needs attention"),
    (TryLater, 503, "Try again in a moment"),
)
HTTP_WORDS = {
    400: ("That request can't be read", "Go back and try again."),
    404: ("This page isn't here", "The address may be mistyped, or what was here was removed."),
    405: ("This address is for forms", "Go back and use the button on the page."),
    408: ("That took too long", "Your connection was too slow to send the form. Try again."),
    413: (
        "That is too large",
        (
            "An email takes 25 MB of files at most, so nothing was queued. Go back: what you typed "
            "is still there. Leave files out, or send a link to them."
        ),
    ),
    429: ("Too much at once", "Wait a minute, then try again. Nothing was changed."),
    503: ("Try again in a moment", "Rapport is being restarted or is busy. Nothing was changed."),
}
AGAIN = frozenset({429, 500, 503})
"""What may well work a minute later."""

ANY_OTHER = ("That did not work", "Go back and try again.")
EXPIRED = (
    "This form is too old",
    (
        "It was opened before you signed in, or in another browser. Go back, reload the page and "
        "send it again. Nothing was changed."
    ),
)


def install_error_pages(app: Flask) -> None:
    """Answer every failure of the console with a page."""
    app.register_error_handler(SettledAlready, settled_already)
    app.register_error_handler(RapportError, known_trouble)
    app.register_error_handler(CSRFError, expired_form)
    app.register_error_handler(HTTPException, http_trouble)
    app.register_error_handler(Exception, unknown_trouble)


def known_trouble(error: RapportError) -> tuple[str, int]:
    """An expected error."""
    status, title = next(
        ((status, title) for kind, status, title in STATUS if isinstance(error, kind)),
        (500, "That did not work"),
    )
    return trouble_page(status, title, error.sentence)


def settled_already(error: SettledAlready) -> Response:
    """A form sent twice, or after a colleague's: what holds now, on a page that shows it."""
    say(error.sentence)
    index = f"{request.blueprint}.index"
    above = url_for(index) if index in current_app.view_functions else ""
    before = "" if error.gone else way_back(303)
    return go(before or above or url_for("home.index"))


def expired_form(error: CSRFError) -> tuple[str, int]:
    """A change without a valid token."""
    del error
    return trouble_page(400, *EXPIRED)


def http_trouble(error: HTTPException) -> tuple[str, int] | HTTPException:
    """An error of Flask itself. Redirects, and responses of other edges, pass unchanged."""
    code = error.code or 500
    if code < 400 or request.path.startswith(OTHER_EDGES):
        return error
    return trouble_page(code, *HTTP_WORDS.get(code, ANY_OTHER))


def unknown_trouble(error: Exception) -> tuple[str, int] | HTTPException:
    """A bug of ours: logged with a reference that the page shows, and nothing else revealed."""
    reference = secrets.token_hex(4)
    route = request.url_rule.rule if request.url_rule else None  # an address may hold a token
    log.error("page_failed", reference=reference, route=route, exc_info=error)
    if request.path.startswith(OTHER_EDGES):
        return InternalServerError()
    return trouble_page(
        500,
        "Rapport has a fault",
        "It was written down for the operator. Try again; if it stays, name this reference.",
        reference=reference,
    )


def who_may(status: int) -> tuple[str, ...]:
    """The names of people who could help, when a role is missing."""
    if status != 403:
        return ()
    team = team_view(current_deps(), current_actor()).members
    return tuple(one.name for one in team if one.role == Role.ADMIN and not one.deactivated)


def way_back(status: int) -> str:
    """Where to continue: the same page once the outage is over, else the previous page."""
    here = request.full_path.removesuffix("?")
    if status in AGAIN and request.method == "GET":
        return here
    try:
        before = urlsplit(request.referrer or "")
    except ValueError:
        return ""
    path = before.path + (f"?{before.query}" if before.query else "")
    own = before.netloc == request.host and path.startswith("/") and path != here
    return path if own else ""


def trouble_page(status: int, title: str, sentence: str, *, reference: str = "") -> tuple[str, int]:
    """The page itself, with the menu when somebody is signed in and the console works."""
    signed_in = status < 500 and actor_or_none() is not None
    template = "trouble.html" if signed_in else "trouble_alone.html"
    return (
        render_template(
            template,
            status=status,
            heading=title,
            sentence=sentence,
            reference=reference,
            helpers=who_may(status) if signed_in else (),
            back=way_back(status),
            again=status in AGAIN,
        ),
        status,
    )
