"""The blueprint Gmail calls: one address per trigger, click and suggestion list. JSON only.

Every request takes the same path: size, Google's signature, the event, the member, one handler, and
one place that catches errors. No cookie is read or set.
"""

import secrets
from collections.abc import Callable, Mapping

import orjson
from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from addon import actions, task_actions, triggers
from addon.addon_request import AddonRequest, context_for
from addon.auth import Identity, Stranger, TokenVerifier, WrongCaller
from addon.config import AddonConfig
from addon.event import AddonEvent, TooLarge, parse_event
from addon.problems import answer_error, answer_unexpected, refusal_of
from addon.remembered import RememberedActors
from addon.routing import EMAIL, ENTRIES, Entry
from backend.deps import Deps
from backend.domain.people.actor import Actor, ActorChanged
from backend.domain.setup.evidence import Seen
from backend.errors import AuthenticationFailed, NotAllowed, RapportError, ScopeMissing
from backend.services import signing_in
from backend.services.evidence import EvidenceLog
from cards.calls import PREFIX, Call
from cards.clicks import Json

MAX_BODY = 256 * 1024
"""Bytes. An event has about 8 KB; a note of the longest length fits many times over."""

NOTHING_READ = AddonEvent()
"""Stands for the event of a request that failed before it was parsed."""

TOO_LARGE = "The request is larger than 256 KB."

HANDLERS: Mapping[Call, Callable[[AddonRequest], Json]] = {
    Call.HOME: triggers.home,
    Call.MESSAGE: triggers.message,
    Call.REFRESH_HOME: actions.refresh_home,
    Call.REFRESH_MESSAGE: actions.refresh_message,
    Call.LOG: actions.log,
    Call.UNLOG: actions.unlog,
    Call.FOLLOW: actions.follow,
    Call.SAVE_NOTE: actions.save_note,
    Call.ADD_CONTACT: actions.add_contact,
    Call.NOT_NOW: actions.not_now,
    Call.USE_PERSON: actions.use_person,
    Call.ASSIGN: actions.assign,
    Call.NEW_TASK: task_actions.new_task,
    Call.ADD_TASK: task_actions.add_task,
    Call.TASK_DONE: task_actions.task_done,
    Call.CLOSE: task_actions.close,
    Call.SUGGEST_ACCOUNTS: actions.suggest_accounts,
}

OPENED = {Call.HOME: Seen.PANEL_HOME, Call.MESSAGE: Seen.PANEL_MESSAGE}
"""Calls that show that a member uses the panel."""

LOOK_FIRST = frozenset({Call.MESSAGE, Call.LOG})
"""Calls that detect a changed member before they write."""


def addon_blueprint(deps: Deps, config: AddonConfig) -> Blueprint:
    """The blueprint of one installation, with its images."""
    blueprint = Blueprint("addon", __name__, url_prefix=PREFIX, static_folder="static")
    dispatcher = AddonDispatcher(deps, TokenVerifier(config, deps.google.oauth.keys, deps.now))
    for entry in ENTRIES.values():
        blueprint.add_url_rule(
            f"/{entry.call}",
            endpoint=entry.call.name.lower(),
            view_func=dispatcher.view(entry),
            methods=["POST"],
        )
    return blueprint


class AddonDispatcher:
    """Verifies and dispatches requests, and answers all of them."""

    def __init__(self, deps: Deps, verifier: TokenVerifier) -> None:
        self._deps, self._verifier = deps, verifier
        self._actors = RememberedActors()
        self._evidence = EvidenceLog(deps)

    def view(self, entry: Entry) -> Callable[[], Response]:
        """The Flask view of one entry."""

        def answer() -> Response:
            event = NOTHING_READ
            try:
                event = parse_event(self._verified_body())
                return as_json(self._handled(entry, event))
            except RapportError as error:
                if isinstance(error, WrongCaller):
                    self._evidence.seen(Seen.PANEL_REFUSED, what=error.what, given=error.given)
                if refused := refusal_of(error):
                    return as_json({"error": refused.sentence}, status=refused.status)
                context = context_for(self._deps, event, None)
                return as_json(answer_error(error, entry, context))
            except Exception as error:  # noqa: BLE001 - the panel shows nothing of a traceback
                reference = secrets.token_hex(4).upper()
                context = context_for(self._deps, event, None)
                return as_json(answer_unexpected(error, entry, context, reference))

        return answer

    def _verified_body(self) -> bytes:
        request.max_content_length = MAX_BODY
        if (request.content_length or 0) > MAX_BODY:
            raise TooLarge(TOO_LARGE)
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            raise AuthenticationFailed("The call carries no token.")
        self._verifier.google(token.strip())
        try:
            return request.get_data(cache=False)
        except RequestEntityTooLarge as error:  # a body without Content-Length
            raise TooLarge(TOO_LARGE) from error

    def _handled(self, entry: Entry, event: AddonEvent) -> Json:
        if not event.user_id_token and EMAIL not in event.scopes:
            raise ScopeMissing("Rapport needs to know who you are.", scopes=(EMAIL,))
        identity = self._verifier.user(event.user_id_token)
        handler = HANDLERS[entry.call]
        remembered = (
            self._actors.get(identity, self._deps.now()) if entry.call in LOOK_FIRST else None
        )
        if remembered is not None:
            try:
                return self._answered(handler, entry, event, remembered)
            except ActorChanged:
                self._actors.forget(identity)
        return self._answered(handler, entry, event, self._actor(identity))

    def _answered(
        self,
        handler: Callable[[AddonRequest], Json],
        entry: Entry,
        event: AddonEvent,
        actor: Actor,
    ) -> Json:
        answer = handler(self._addon_request(event, actor))
        if (kind := OPENED.get(entry.call)) is not None:
            self._evidence.panel_used(kind, actor, event.scopes)
        return answer

    def _addon_request(self, event: AddonEvent, actor: Actor) -> AddonRequest:
        context = context_for(self._deps, event, actor)
        return AddonRequest(deps=self._deps, actor=actor, event=event, context=context)

    def _actor(self, identity: Identity) -> Actor:
        try:
            actor, only = signing_in.actor_at_panel(
                self._deps, sub=identity.sub, email=identity.email
            )
        except NotAllowed as error:
            raise Stranger(error.sentence) from error
        if only:  # the chosen one of several workspaces changes without the member changing
            self._actors.keep(identity, actor, self._deps.now())
        return actor


def as_json(answer: Json, status: int = 200) -> Response:
    """The answer as Google reads it."""
    return Response(orjson.dumps(answer), status=status, mimetype="application/json")
