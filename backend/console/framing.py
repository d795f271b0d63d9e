"""Pages for sandboxed frames: foreign HTML under a policy that runs and fetches nothing."""

from flask import Response, make_response

from backend.console.headers import FOREIGN_HTML_POLICY, FOREIGN_HTML_WITH_IMAGES_POLICY


def framed(html: str, *, images: str = "blocked") -> Response:
    """The response for a frame. `images` is "shown" after the reader asked for them."""
    response = make_response(html)
    shown = images == "shown"
    policy = FOREIGN_HTML_WITH_IMAGES_POLICY if shown else FOREIGN_HTML_POLICY
    response.headers["Content-Security-Policy"] = policy
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
