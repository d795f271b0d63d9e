"""`python -m tests.simulator.checked`: the simulator with every Gmail answer checked against
Google's.

Takes the same arguments as `python -m backend.simulator`. GET /simulator/findings answers
{"checked": N, "findings": […]}, DELETE answers the same and clears the findings: a test that starts
a simulator can ask whether it answered something Google would not.

POST /simulator/copies stores its present state under a name, or restores it: many tests begin
alike.
"""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Flask, Response, jsonify, request

from backend.simulator.__main__ import main
from backend.simulator.app import create_app
from backend.simulator.config import Config, QuotaMode, Seed
from backend.simulator.store import Store
from tests.simulator.discovery_check import gmail
from tests.simulator.recording import Recorder

if TYPE_CHECKING:
    from backend.simulator.quota import Usage


def create_checked_app(config: Config) -> Flask:
    """The simulator's app behind a recorder."""
    app = create_app(config)
    recorder = Recorder(app.wsgi_app, gmail())
    app.wsgi_app = recorder  # type: ignore[method-assign]
    app.extensions["recorder"] = recorder

    @app.get("/simulator/findings")
    def findings() -> Response:
        return jsonify({"checked": recorder.checked, "findings": recorder.findings})

    @app.delete("/simulator/findings")
    def forget() -> Response:
        told = findings()
        recorder.findings.clear()
        return told

    copies: dict[str, tuple[Store, dict[str, Usage]]] = {}

    @app.post("/simulator/copies")
    def keep_or_put_back() -> Response:
        world, body = app.extensions["world"], request.get_json()
        if "keep" in body:
            store = Store()
            store.become(world.store)
            copies[body["keep"]] = store, world.quota.counted()
        else:
            store, counted = copies[body["put_back"]]
            world.reset(Seed.EMPTY)
            nowhere = replace(config.push, endpoint=None, audience="")
            world.pusher.aim(nowhere, retry=config.push_retry)
            world.quota.mode = QuotaMode.OFF
            world.quota.go_on_from(counted)
            world.store.become(store)
        return jsonify({"status": "ok"})

    return app


if __name__ == "__main__":
    sys.exit(main(create_checked_app))
