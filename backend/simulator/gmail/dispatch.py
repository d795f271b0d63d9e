"""One call from arrival to answer: token, faults, scopes, quota, then the method's own code."""

import json
from dataclasses import dataclass
from sqlite3 import Connection
from typing import TYPE_CHECKING
from urllib.parse import unquote

from backend.simulator.drops import Drop
from backend.simulator.faults import Fault, FaultKind, Occasion
from backend.simulator.gmail.call import Answer, Call, Json, answer_error
from backend.simulator.gmail.context import Context
from backend.simulator.gmail.errors import (
    ApiError,
    bad_request,
    over_rate,
    scope_missing,
    unauthenticated,
)
from backend.simulator.gmail.faulting import answer_of_fault, garble, spoil
from backend.simulator.gmail.fields import parse_selector, select
from backend.simulator.gmail.known_names import check_names
from backend.simulator.gmail.routes import Route, find_route
from backend.simulator.gmail.scopes import needs_message_token
from backend.simulator.grants import PAGE_CLIENT_ID, AccessToken
from backend.simulator.mail import ids, mailbox
from backend.simulator.world import World

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

MESSAGE_TOKEN_HEADER = "x-goog-gmail-access-token"  # noqa: S105 - a header's name
INSTEAD = (FaultKind.STATUS, FaultKind.RETRY_AFTER, FaultKind.DROP_BEFORE, FaultKind.RST)


class OvertakenError(Exception):
    """The world was reset while the call waited: it belongs to none that there is."""


@dataclass(frozen=True)
class _Matched:
    route: Route
    params: dict[str, str]
    token: AccessToken
    occasion: Occasion
    resets: int


def user_of(world: World, call: Call) -> str:
    """Whose quota a call counts against; empty for a token nobody knows, and for Gmail's page."""
    token = world.grants.look_up_access(call.token)
    return token.email if token and token.client_id != PAGE_CLIENT_ID else ""


def dispatch(world: World, call: Call) -> Answer:
    """Answer one call. Places in flight are the caller's business."""
    try:
        matched = _match(world, call)
        wait_if_told(world, matched.occasion)
        fault = world.faults.take(INSTEAD, matched.occasion)
        if fault is not None:
            return answer_of_fault(fault)
        _authorise(world, call, matched)
        _charge(world, matched)
        answer = _run(world, call, matched)
    except ApiError as error:
        return answer_error(error)
    except OvertakenError:
        return Answer(0, drop=Drop.CLOSE)
    return _after(world, matched, answer)


def _charge(world: World, matched: _Matched) -> None:
    route = matched.route
    if matched.occasion.is_page:
        return
    if not world.quota.charge(matched.token.email, route.name, route.units):
        raise over_rate()


def wait_if_told(world: World, occasion: Occasion) -> None:
    delay = world.faults.take([FaultKind.DELAY], occasion)
    if delay is not None:
        delay.hold()


def _match(world: World, call: Call) -> _Matched:
    resets = world.resets
    found = find_route(call.verb, call.path)
    if found is None:
        raise ApiError(404, "Not Found", "notFound")
    route, written = found
    params = {name: unquote(value) for name, value in written.items()}
    token = world.grants.look_up_access(call.token)
    if token is None:
        raise unauthenticated()
    is_page = token.client_id == PAGE_CLIENT_ID
    ident = params.get("id", "")
    occasion = Occasion(route.name, call.path, token.email, ident, is_page=is_page)
    return _Matched(route, params, token, occasion, resets)


def _authorise(world: World, call: Call, matched: _Matched) -> None:
    token = matched.token
    if not matched.route.scopes & token.scopes:
        raise scope_missing()
    if matched.params["userId"].lower() not in {"me", token.email}:
        raise ApiError(403, f"Delegation denied for {token.email}", "forbidden")
    if call.media is not None and not matched.route.uploads:
        raise ApiError(404, "Not Found", "notFound")
    if needs_message_token(matched.route.scopes, token.scopes):
        _check_message_token(world, call, matched)
    ident = matched.params.get("id", "")
    if ":" in ident and world.faults.take([FaultKind.REFUSE_ADDON_IDS], matched.occasion):
        raise bad_request("Invalid id value")


def _check_message_token(world: World, call: Call, matched: _Matched) -> None:
    """Add-on scopes open the message in view and its thread, with that message's own token."""
    own = world.grants.look_up_access(call.headers.get(MESSAGE_TOKEN_HEADER, ""))
    if own is None or own.email != matched.token.email:
        raise ApiError(403, "Missing or invalid access token for the open message", "forbidden")
    wanted = matched.params.get("messageId") or matched.params.get("id")
    if own.message is None or wanted is None or ".drafts." in matched.route.name:
        return
    with world.store.read() as db:
        if _thread_of(db, own.email, wanted) != _thread_of(db, own.email, ids.hex_id(own.message)):
            raise ApiError(403, "The access token is for another message", "forbidden")


def _thread_of(db: Connection, email: str, written: str) -> int | None:
    """The thread of a message's id, or of a thread's, whose first message has the same id."""
    try:
        ident = ids.parse_id(written)
    except ids.UnknownIdError as error:
        raise bad_request("Invalid id value") from error
    found = mailbox.find(db, email, ident)
    return found.thread if found else ident


def _run(world: World, call: Call, matched: _Matched) -> Answer:
    body = _body(call)
    check_names(matched.route.name, call.query, body)
    opened: AbstractContextManager[Connection] = (
        world.store.write() if matched.route.writes else world.store.read()
    )
    with opened as db:
        if world.resets != matched.resets:
            raise OvertakenError
        context = Context(
            *(world, db, matched.token.email, matched.token.scopes, matched.params),
            *(call.query, body, call.media),
        )
        result = matched.route.handler(context)
    return Answer(*_written(result, call))


def _written(result: Json | str | None, call: Call) -> tuple[int, bytes]:
    if result is None:
        return 204, b""
    selector = call.query.get("fields", [""])[-1]
    if selector:
        whole = json.loads(result) if isinstance(result, str) else result
        result = json.dumps(select(whole, parse_selector(selector)))
    return 200, (result if isinstance(result, str) else json.dumps(result)).encode()


def _body(call: Call) -> Json:
    if not call.body:
        return {}
    try:
        body = json.loads(call.body)
    except ValueError as error:
        raise bad_request("Parse Error", "parseError") from error
    if not isinstance(body, dict):
        raise bad_request("Invalid JSON payload received. Root element must be a message.")
    return body


def _after(world: World, matched: _Matched, answer: Answer) -> Answer:
    """Faults that strike once everything is done."""
    if world.faults.take([FaultKind.DROP_AFTER_ACCEPT], matched.occasion):
        return Answer(answer.status, drop=Drop.CLOSE)
    garbled = world.faults.take([FaultKind.GARBLED], matched.occasion)
    if garbled is not None:
        return garble(answer, garbled)
    unreadable: Fault | None = None
    if matched.route.name.endswith((".messages.get", ".threads.get")):
        unreadable = world.faults.take([FaultKind.UNREADABLE_MESSAGE], matched.occasion)
    return answer if unreadable is None else spoil(answer, unreadable)
