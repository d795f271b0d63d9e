"""Composition root of the simulator: the world, and every address that plays one of Google's."""

from flask import Flask

from backend.simulator import control, control_mail
from backend.simulator.config import Config
from backend.simulator.connection import Droppable
from backend.simulator.gmail import web
from backend.simulator.gmail.uploads import Uploads
from backend.simulator.oauth import consent, identity, token_endpoint
from backend.simulator.page import blueprint as page
from backend.simulator.world import World


def create_app(config: Config) -> Flask:
    """One simulator, ready to serve. Its World is at `app.extensions["world"]`."""
    app = Flask("backend.simulator", static_folder=None)
    world = World(config)
    app.extensions["world"] = world
    app.extensions["uploads"] = Uploads(world)
    for blueprint in (
        *(identity.blueprint, consent.blueprint, token_endpoint.blueprint),
        *(web.blueprint, control.blueprint, control_mail.blueprint, page),
    ):
        app.register_blueprint(blueprint)
    app.wsgi_app = Droppable(app.wsgi_app)  # type: ignore[method-assign]
    return app
