"""Rate-limits strangers by address, and stores nothing for requests that no person made.

Signed-in people are not counted. Prefetching programs (a browser that fetches a link before it is
pressed, a checker that sends HEAD) start no OAuth attempt.
"""

from math import ceil

from flask import Response, make_response, request, session

from backend.console.context import WHO, current_deps
from backend.console.error_pages import OTHER_EDGES, trouble_page
from backend.limits.visits import Visit

SIGN_IN = ("/signin/", "/first-run")
"""Where strangers act: sign-in and its callback, and the page that takes a set-up code."""


def judge_visit() -> Response | None:
    """Let the request through, or answer it here."""
    if request.path.startswith(OTHER_EDGES) or session.get(WHO) is not None:
        return None
    signing_in = request.path.startswith(SIGN_IN)
    if signing_in and looks_ahead():
        return Response(status=204)
    deps = current_deps()
    what = Visit.SIGN_IN if signing_in else Visit.PAGE
    wait = deps.visits.count(what, request.remote_addr, deps.now())
    if wait is None:
        return None
    seconds = ceil(wait.total_seconds())
    answer = make_response(trouble_page(429, "Too much at once", sentence(seconds)))
    answer.headers["Retry-After"] = str(seconds)
    return answer


def looks_ahead() -> bool:
    """Whether the request is a prefetch, not a person's."""
    purpose = request.headers.get("Sec-Purpose") or request.headers.get("Purpose") or ""
    return request.method == "HEAD" or "prefetch" in purpose


def sentence(seconds: int) -> str:
    """What happened, and what to do."""
    unit = "second" if seconds == 1 else "seconds"
    return (
        "More pages were asked for from your network than people open without signing in. "
        f"Wait {seconds} {unit}, then try again. Nothing was changed."
    )
