"""The addresses of the page: itself, its set-up, a mail's body, and the way to Google's servers."""

import json
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from backend.simulator.page import bodies, gallery
from backend.simulator.page.asking import parse_asked
from backend.simulator.page.deployment import Deployment, DeploymentError, read_deployment
from backend.simulator.page.dispatch import dispatch
from backend.simulator.world import World

BANNER = "Local stand-in. No Google account, no mail leaves this machine."
STATIC_SECONDS = 60
_HERE = Path(__file__).parent


class _Page(Blueprint):
    """Some forty small files, cached for a minute: short enough for somebody who edits them."""

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        del filename
        return STATIC_SECONDS


blueprint = _Page(
    "page",
    __name__,
    template_folder=str(_HERE / "templates"),
    static_folder=str(_HERE / "static"),
    static_url_path="/simulator/static",
)


@blueprint.get("/simulator")
def page() -> ResponseReturnValue:
    """The page itself. Everything it shows it fetches."""
    response = Response(render_template("gmail.html", banner=BANNER))
    response.headers.update(security_headers(_deployment_or_none()))
    return response


@blueprint.get("/simulator/gallery")
def gallery_page() -> ResponseReturnValue:
    """Every state of the cards, side by side."""
    response = Response(render_template("gallery.html", banner=BANNER))
    response.headers.update(security_headers(_deployment_or_none()))
    return response


@blueprint.get("/simulator/cards")
def card_states() -> ResponseReturnValue:
    """The states of the gallery, or the one that is named."""
    wanted = request.args.get("name", "")
    deployment = _deployment_or_none()
    found = gallery.states(_world().config.cards, deployment) if deployment else []
    shown = [one.as_json() for one in found if wanted in {"", one.name}]
    return Response(json.dumps({"states": shown}), content_type="application/json")


@blueprint.get("/simulator/setup")
def setup() -> ResponseReturnValue:
    """Who is here, and which add-on is installed."""
    people = [
        {"email": one.email, "name": one.name, "role": one.role.value, "title": one.title}
        for one in _world().people()
    ]
    try:
        deployment = read_deployment(_world().config.deployment)
    except DeploymentError as error:
        return jsonify(people=people, addOn=None, problem=str(error))
    return jsonify(people=people, addOn=deployment.as_json(), problem="")


@blueprint.post("/simulator/dispatch")
def post_dispatch() -> ResponseReturnValue:
    """Call the add-on in Google's place."""
    try:
        asked = parse_asked(request.get_json(silent=True))
        deployment = read_deployment(_world().config.deployment)
        done = json.dumps(dispatch(_world(), deployment, asked).as_json())
        return Response(done, content_type="application/json")  # in the order it was built
    except ValueError as error:
        return jsonify(error=str(error)), 400


@blueprint.get("/simulator/body")
def body() -> ResponseReturnValue:
    """A mail's HTML, for a frame."""
    args = request.args
    content = bodies.html_body(_world(), args.get("person", ""), args.get("message", ""))
    if content is None:
        return Response("There is no such mail.", 404, content_type="text/plain")
    headers = {"Content-Security-Policy": bodies.POLICY, "X-Content-Type-Options": "nosniff"}
    return Response(content, headers=headers, content_type="text/html; charset=utf-8")


def security_headers(deployment: Deployment | None) -> dict[str, str]:
    """As strict as the console's, with the add-on's own pictures let in."""
    pictures = " ".join(deployment.origins()) if deployment else ""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self';"
        f" img-src 'self' data: {pictures}; font-src 'self'; connect-src 'self';"
        " frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }


def _deployment_or_none() -> Deployment | None:
    try:
        return read_deployment(_world().config.deployment)
    except DeploymentError:
        return None


def _world() -> World:
    world: World = current_app.extensions["world"]
    return world
