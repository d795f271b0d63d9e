"""A small application under the product's web server, with deadlines that a test can wait for.

Run: python -m tests.flows.served PORT
"""

import os
import re
import sys
from threading import Event

from flask import Flask, request

from backend.local.serving import serve
from backend.local.web_process import Serving

SECONDS = 0.8
"""How long the slow answer takes."""

app = Flask("served")


@app.get("/pid")
def pid() -> str:
    return str(os.getpid())


@app.get("/slow")
def slow() -> str:
    Event().wait(SECONDS)
    return "done"


@app.get("/stuck")
def stuck() -> str:
    """A match that holds the interpreter for longer than anybody waits."""
    return str(re.match(r"(a|a)*$", "a" * 60 + "b"))


@app.post("/size")
def size() -> str:
    return str(len(request.get_data()))


@app.get("/peer")
def peer() -> str:
    return f"{request.remote_addr} {request.headers.get('X-Forwarded-For')}"


if __name__ == "__main__":
    how = Serving(arrives_within=1.5, silent_for=1.5, ends_within=3, trusted_proxy="127.0.0.1")
    serve(app, "127.0.0.1", int(sys.argv[1]), how)
