"""Gmail's addresses on the web server: every path is handed to the dispatcher as one call."""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException

from backend.simulator.drops import DROP_KEY, Drop
from backend.simulator.gmail.batch import answer_batch
from backend.simulator.gmail.call import Answer, Call, answer_error
from backend.simulator.gmail.dispatch import dispatch, user_of
from backend.simulator.gmail.errors import ApiError, too_many_at_once
from backend.simulator.world import World

if TYPE_CHECKING:
    from backend.simulator.gmail.uploads import Uploads

VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
blueprint = Blueprint("gmail", __name__)


@blueprint.route("/gmail/v1/<path:rest>", methods=VERBS)
def gmail(rest: str) -> Response:
    del rest
    return _response(_guarded(_call()))


@blueprint.route("/upload/gmail/v1/<path:rest>", methods=VERBS)
@blueprint.route("/resumable/upload/gmail/v1/<path:rest>", methods=VERBS)
def upload(rest: str) -> Response:
    del rest
    uploads: Uploads = current_app.extensions["uploads"]
    return _response(uploads.answer(_call(), request.host_url))


@blueprint.post("/batch")
@blueprint.post("/batch/gmail/v1")
def batch() -> Response:
    return _response(answer_batch(_world(), _headers(), request.get_data()))


@blueprint.errorhandler(HTTPException)
def refused(problem: HTTPException) -> Response:
    """What the web server itself refuses, such as a request whose sender hung up midway."""
    return _response(answer_error(ApiError(problem.code or 500, problem.description or "")))


def _guarded(call: Call) -> Answer:
    """One place in flight for this user while the call lasts."""
    world = _world()
    user = user_of(world, call)
    if not user:
        return dispatch(world, call)
    if not world.quota.enter(user):
        return answer_error(too_many_at_once())
    try:
        return dispatch(world, call)
    finally:
        world.quota.leave(user)


def _response(answer: Answer) -> Response:
    request.environ[DROP_KEY] = answer.drop
    if answer.drop not in {Drop.NO, Drop.MIDWAY}:
        return Response(status=500)
    headers = {"Content-Type": "application/json; charset=UTF-8", **answer.headers}
    return Response(answer.body, status=answer.status, headers=headers)


def _call() -> Call:
    query = request.args.to_dict(flat=False)
    return Call(request.method, request.path, query, _headers(), request.get_data())


def _headers() -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _world() -> World:
    world: World = current_app.extensions["world"]
    return world
