"""Headers of every response: no foreign code, no framing, no sniffing, no cached private pages.

One flow stays visible to its opener: the window in which the side panel has Gmail connected. Gmail
can see a window close only while none of its pages, redirects included, isolates itself.
"""

from functools import lru_cache
from urllib.parse import urlsplit

from flask import Response, g, request, session

from backend.console.context import ONWARD, current_deps

GOOGLE = "https://accounts.google.com"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Tabler draws its select arrows from data: URLs
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self' " + GOOGLE,  # a form that connects Gmail is redirected there
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    )
)
# A customer's HTML: no scripts, no forms, no fetching except of inlined images.
FOREIGN_HTML_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "sandbox allow-popups allow-popups-to-escape-sandbox",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    )
)
FOREIGN_HTML_WITH_IMAGES_POLICY = FOREIGN_HTML_POLICY.replace(
    "img-src data:", "img-src data: https:"
)
WINDOW_STATES = "window_states"
KEPT_STATES = 5
BY_STATE = frozenset(
    {
        "/signin/callback",
        "/mailbox/callback",
        "/mailbox/confirmation",
        "/mailbox/confirmation/refusal",
    }
)
"""Callback pages of Google, which find their session by the state in their address."""

CHOOSING = ("/workspaces", "/invitations/")
"""Pages on which a signed-in person chooses a workspace before continuing."""

ISOLATED, SEEN_BY_OPENER = "same-origin", "unsafe-none"
HSTS = "max-age=31536000; includeSubDomains"


def add_headers(response: Response) -> Response:
    """Set headers that the response does not set itself."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", policy_for(current_deps().google.roots.consent))
    isolation = SEEN_BY_OPENER if g.get("in_gmails_window") else ISOLATED
    headers.setdefault("Cross-Origin-Opener-Policy", isolation)
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Cache-Control", "no-store")
    if current_deps().public_url.startswith("https:"):
        headers.setdefault("Strict-Transport-Security", HSTS)
    if response.mimetype == "text/html" and request.endpoint:
        response.vary.add("HX-Request")
        response.vary.add("Cookie")
    return response


@lru_cache(maxsize=4)
def policy_for(consent: str) -> str:
    """The policy with the host of Google's consent page: the real one, or its replacement."""
    parts = urlsplit(consent)
    return POLICY.replace(GOOGLE, f"{parts.scheme}://{parts.netloc}")


def note_window() -> None:
    """Decide before the view runs whether the page is in the window that Gmail watches.

    Signing in empties the session that stores it.
    """
    match request.path:
        case "/signin" | "/signin/google":
            g.in_gmails_window = is_on_the_way(request.args.get("next", ""))
        case path if path.startswith(CHOOSING):
            g.in_gmails_window = is_on_the_way(session.get(ONWARD, ""))
        case path if path in BY_STATE:
            g.in_gmails_window = request.args.get("state", "") in session.get(WINDOW_STATES, [])
        case path:
            g.in_gmails_window = is_on_the_way(path)


def is_on_the_way(path: str) -> bool:
    """Whether a path, or one to continue at after signing in, belongs to connecting in the
    window.
    """
    return path == "/connect" or path.startswith(("/connect?", "/connect/"))


def remember_window(state: str) -> None:
    """Recognise the callback of a flow that was begun in Gmail's window."""
    session[WINDOW_STATES] = [*session.get(WINDOW_STATES, []), state][-KEPT_STATES:]
