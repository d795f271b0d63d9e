"""What Google does not have: the addresses by which tests and people steer the simulator."""

from datetime import timedelta

from flask import Blueprint, Response, current_app, jsonify, request

from backend.simulator import people
from backend.simulator.config import PushTarget, QuotaMode, Seed, UnsafeAddressError
from backend.simulator.faults import FaultError
from backend.simulator.grants import PAGE_CLIENT_ID
from backend.simulator.people import Person, Role
from backend.simulator.world import World

blueprint = Blueprint("control", __name__, url_prefix="/simulator")
Json = dict[str, object]
WHAT_IT_IS = "A stand-in for Google on this machine. No Google account, no mail leaves it."
PAGE_SCOPES = (
    "openid",
    "https://mail.google.com/",
    "https://www.googleapis.com/auth/userinfo.email",
)


class ControlError(ValueError):
    """A request that cannot be acted on; the text says what to change."""


@blueprint.errorhandler(ControlError)
@blueprint.errorhandler(FaultError)
@blueprint.errorhandler(UnsafeAddressError)
def refuse(error: ValueError) -> tuple[Response, int]:
    return jsonify({"error": str(error)}), 400


@blueprint.get("/healthz")
def healthz() -> Response:
    world = world_of_request()
    return jsonify({"status": "ok", "what": WHAT_IT_IS, "people": len(world.people())})


@blueprint.post("/reset")
def reset() -> Response:
    """{"seed": "company"|"empty", "keep_grants": false}; without a seed, that of the start."""
    body = body_of_request()
    seed = Seed(_one_of(body, "seed", Seed)) if "seed" in body else None
    world_of_request().reset(seed, keeping_grants=body.get("keep_grants") is True)
    return jsonify({"status": "ok"})


@blueprint.get("/faults")
def list_faults() -> Response:
    return jsonify({"faults": world_of_request().faults.listing()})


@blueprint.post("/faults")
def add_faults() -> Response:
    """One fault, or a list of them."""
    wanted = request.get_json(silent=True)
    items = wanted if isinstance(wanted, list) else [wanted]
    faults = [one for one in items if isinstance(one, dict)]
    if len(faults) != len(items):
        raise ControlError("A fault is an object with a kind, or a list of such objects.")
    return jsonify({"faults": [world_of_request().faults.add(one).as_json() for one in faults]})


@blueprint.delete("/faults")
def clear_faults() -> Response:
    world_of_request().faults.clear()
    return jsonify({"faults": []})


@blueprint.delete("/faults/<int:ident>")
def clear_fault(ident: int) -> Response:
    world_of_request().faults.clear(ident)
    return list_faults()


@blueprint.get("/usage")
def usage() -> Response:
    return jsonify({"users": world_of_request().quota.usage()})


@blueprint.post("/quota")
def set_quota() -> Response:
    """{"mode": "off"|"real", "multiplier": 1.0}: a call costs its units times the multiplier."""
    body, quota = body_of_request(), world_of_request().quota
    if "mode" in body:
        quota.mode = QuotaMode(_one_of(body, "mode", QuotaMode))
    multiplier = body.get("multiplier", quota.multiplier)
    if not isinstance(multiplier, int | float) or multiplier <= 0:
        raise ControlError("multiplier is a number above zero.")
    quota.multiplier = float(multiplier)
    return jsonify({"mode": quota.mode, "multiplier": quota.multiplier})


@blueprint.get("/push")
def push_state() -> Response:
    return jsonify(world_of_request().pusher.state())


@blueprint.post("/push")
def aim_push() -> Response:
    """{"endpoint", "audience", "service_account", "retry_seconds"}: where notifications go."""
    body, world = body_of_request(), world_of_request()
    pusher = world.pusher
    seconds = body.get("retry_seconds", world.config.push_retry.total_seconds())
    if not isinstance(seconds, int | float) or seconds <= 0:
        raise ControlError("retry_seconds is a number above zero.")
    endpoint = body.get("endpoint", pusher.target.endpoint)
    pusher.aim(
        PushTarget(
            None if endpoint is None else str(endpoint),
            str(body.get("audience", pusher.target.audience)),
            str(body.get("service_account", pusher.target.service_account)),
        ),
        retry=timedelta(seconds=seconds),
    )
    return push_state()


@blueprint.post("/clock")
def set_clock() -> Response:
    """{"ahead_seconds": N}: how far the simulator's clock is ahead of the real one."""
    ahead = body_of_request().get("ahead_seconds")
    if not isinstance(ahead, int | float):
        raise ControlError("ahead_seconds is a number of seconds.")
    world = world_of_request()
    world.clock.ahead = timedelta(seconds=ahead)
    return jsonify({"now": world.clock.now().isoformat()})


@blueprint.post("/search")
def set_search() -> Response:
    """{"lag_seconds": N}: how old mail must be before `q` finds it."""
    lag = body_of_request().get("lag_seconds")
    if not isinstance(lag, int | float) or lag < 0:
        raise ControlError("lag_seconds is a number of seconds from 0 on.")
    world_of_request().search_lag = timedelta(seconds=lag)
    return jsonify({"lag_seconds": lag})


@blueprint.get("/people")
def list_people() -> Response:
    return jsonify({"people": [_person(one) for one in world_of_request().people()]})


@blueprint.post("/people")
def add_person() -> Response:
    """{"email", "name", "role": "team"|"outside", "title", "new_account": false}"""
    body, world = body_of_request(), world_of_request()
    role = Role(_one_of(body, "role", Role)) if "role" in body else Role.OUTSIDE
    with world.store.write() as db:
        person = people.add(
            db,
            _address(body.get("email")),
            name=str(body.get("name", "")),
            role=role,
            title=str(body.get("title", "")),
        )
        if body.get("new_account") is True:
            people.give_away(db, person.email)
            person = people.find(db, person.email) or person
    return jsonify(_person(person))


@blueprint.get("/apps")
def list_apps() -> Response:
    """?email=: the third-party apps on that person's account page, with their permissions."""
    apps = world_of_request().grants.apps_of(request.args.get("email", ""))
    return jsonify({"apps": apps})


@blueprint.post("/session")
def open_session() -> Response:
    """{"email", "page": false}: a token with all of Gmail; the page's own counts in no quota."""
    world, email = world_of_request(), _address(body_of_request().get("email"))
    person = world.person(email)
    if person is None:
        raise ControlError("Nobody here has that address. Add the person first.")
    is_page = body_of_request().get("page") is True
    client = PAGE_CLIENT_ID if is_page else world.config.addon_client_id
    token = world.mint_access_token(email, PAGE_SCOPES, client)
    return jsonify({"access_token": token, **_person(person)})


def world_of_request() -> World:
    world: World = current_app.extensions["world"]
    return world


def _person(person: Person) -> Json:
    return {
        "email": person.email,
        "name": person.name,
        "sub": person.sub,
        "role": person.role,
        "title": person.title,
    }


def body_of_request() -> Json:
    if not request.get_data():
        return {}
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ControlError("The body is a JSON object.")
    return body


def _one_of(body: Json, name: str, known: type[Seed | QuotaMode | Role]) -> str:
    value = str(body[name])
    if value not in {one.value for one in known}:
        raise ControlError(f"{name} is one of {', '.join(known)}.")
    return value


def _address(value: object) -> str:
    if not isinstance(value, str) or value.count("@") != 1:
        raise ControlError("email is one address.")
    return value.strip().lower()
