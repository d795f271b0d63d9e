"""Gmail's push notifications: verify the caller, store the hint, answer at once.

A notification says only that something happened, so a lost, late or duplicate one is harmless. One
for an unknown mailbox is answered 204 as well, or Google would redeliver it for days.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil

import orjson
import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from backend.deps import Deps
from backend.domain.setup.evidence import ACCOUNT, AUDIENCE, Seen
from backend.domain.sync.history import cursor
from backend.errors import AuthenticationFailed, ProviderUnavailable, RapportError, TryLater
from backend.limits.visits import Visit
from backend.services.evidence import EvidenceLog
from backend.services.importing.syncing import remember_hint

log = structlog.get_logger(__name__)

LARGEST_BODY = 64 * 1024
"""Bytes; a notification has a few hundred."""
REFUSED = Visit.REFUSED_HOOK
TOO_LARGE = "This is no push delivery: it is too large."


@dataclass(frozen=True)
class PushConfig:
    """The accepted sender. `verify` returns the claims of a token for any audience, or raises."""

    verify: Callable[[str], Mapping[str, object]]
    service_account: str | None
    audience: str | None


class WrongSender(AuthenticationFailed):
    """A token that Google signed for another account or audience than the settings name."""

    def __init__(self, sentence: str, *, what: str, given: object) -> None:
        super().__init__(sentence)
        self.what, self.given = what, str(given)


@dataclass(frozen=True)
class Notification:
    """One notification: the mailbox has news up to this history id."""

    email: str
    history_id: int


def gmail_push(deps: Deps, config: PushConfig) -> Blueprint:
    """The blueprint with its one route."""
    blueprint = Blueprint("gmail_push", __name__)
    evidence = EvidenceLog(deps)

    @blueprint.post("/hooks/gmail-push")
    def receive() -> Response:
        if (wait := deps.visits.exhausted(REFUSED, request.remote_addr, deps.now())) is not None:
            return too_many(ceil(wait.total_seconds()))
        try:
            check_caller(config)
            notification = read(body_of_delivery())
            if notification is not None:
                concerned = remember_hint(
                    deps, email=notification.email, history_id=notification.history_id
                )
                log.info("push", mailboxes=concerned)
            evidence.seen(Seen.PUSH)
        except AuthenticationFailed as error:
            if isinstance(error, WrongSender):
                evidence.seen(Seen.PUSH_REFUSED, what=error.what, given=error.given)
            deps.visits.count(REFUSED, request.remote_addr, deps.now())
            return answer(401, error)
        except TryLater as error:
            return answer(503, error)  # Google redelivers
        return Response(status=204)

    return blueprint


def too_many(seconds: int) -> Response:
    """Reject without verifying once too many requests of an address were refused."""
    error = TryLater("Too many deliveries from this address carried no valid token. Wait.")
    refusal = answer(429, error)
    refusal.headers["Retry-After"] = str(seconds)
    return refusal


def check_caller(config: PushConfig) -> None:
    """Refuse every caller but Google's push for our subscription."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or token.count(".") != 2:
        raise AuthenticationFailed("A push delivery needs Google's bearer token.")
    claims = config.verify(token)
    account, audience = claims.get("email"), claims.get("aud")
    if not config.audience or config.service_account is None:
        raise AuthenticationFailed("No audience is configured, so no token is accepted.")
    if claims.get("email_verified") is not True:
        raise AuthenticationFailed("This token is not of the push service account.")
    if audience != config.audience:
        sentence = "The token was made for another address."
        if account != config.service_account:
            raise AuthenticationFailed(sentence)  # anybody may ask Google for such a token
        raise WrongSender(sentence, what=AUDIENCE, given=audience)
    if account != config.service_account:
        sentence = "This token is not of the push service account."
        raise WrongSender(sentence, what=ACCOUNT, given=account)


def body_of_delivery() -> bytes:
    """The body, with or without Content-Length. Raises AuthenticationFailed."""
    # One more byte distinguishes a body cut off there from one that ends there.
    request.max_content_length = LARGEST_BODY + 1
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge as error:
        raise AuthenticationFailed(TOO_LARGE) from error
    if len(body) > LARGEST_BODY:
        raise AuthenticationFailed(TOO_LARGE)
    return body


def read(body: bytes) -> Notification | None:
    """The notification, or None for an unusable body: redelivery would not help."""
    try:
        data = str(orjson.loads(body)["message"]["data"])
        padded = data.replace("-", "+").replace("_", "/") + "=" * (-len(data) % 4)
        data = orjson.loads(base64.b64decode(padded))
        email, history_id = str(data["emailAddress"]).lower(), cursor(str(data["historyId"]))
    except (KeyError, TypeError, ValueError, ProviderUnavailable):
        log.warning("push_unreadable", size=len(body))
        return None
    return Notification(email=email, history_id=history_id) if email.isprintable() else None


def answer(status: int, error: RapportError) -> Response:
    """A refusal as problem JSON."""
    body = orjson.dumps({"title": type(error).__name__, "detail": error.sentence, "status": status})
    return Response(body, status=status, content_type="application/problem+json")
