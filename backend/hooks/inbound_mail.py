"""Mail that a provider posts over HTTP: Postmark, Mailgun, SendGrid, Amazon SES.

The answer decides whether the provider retries: 2xx once the mail is committed, 503 for a
temporary failure, and the code with which each stops for an address that does not exist.
"""

from collections.abc import Mapping
from hashlib import sha256
from hmac import compare_digest
from io import BytesIO
from math import ceil
from threading import Lock

import structlog
from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import RequestEntityTooLarge

from backend.deps import Deps
from backend.domain.capture.smart_bcc import LARGEST_MAIL, Road
from backend.errors import AuthenticationFailed, Conflict, InputError, NotFound, TryLater
from backend.hooks.form_bytes import form_bytes
from backend.hooks.gmail_push import answer
from backend.limits.visits import Visit
from backend.provider.inbound import mailgun, postmark, sendgrid, ses
from backend.provider.inbound.delivered import Delivered, Hook, Post
from backend.services.smart_bcc.receiving import Destination, find_address, is_replayed, take_mail
from backend.store.inbound_mails import Arrived

log = structlog.get_logger(__name__)

LARGEST_BODY = 60 * 1024 * 1024
"""Bytes of a request: base64 and form encoding around a message."""
LARGE = 8 * 1024 * 1024
"""Bytes above which a process reads one request at a time; its server has it on disk until then."""
PATIENCE = 20.0
"""Seconds that a large request waits for another."""
STOP: Mapping[Road, int] = {Road.POSTMARK: 403, Road.MAILGUN: 406}
"""The status after which a provider does not retry; the others stop at 2xx."""
REFUSED = Visit.REFUSED_HOOK

_one_large = Lock()


def inbound_mail(deps: Deps, hooks: tuple[Hook, ...], fetch: ses.Fetch) -> Blueprint:
    """The blueprint with its one route. Mailgun demands an address that ends in `mime`."""
    blueprint = Blueprint("inbound_mail", __name__)

    @blueprint.post("/hooks/inbound/<provider>/<secret>")
    @blueprint.post("/hooks/inbound/<provider>/<secret>/mime")
    def receive(provider: str, secret: str) -> Response:
        if (wait := deps.visits.exhausted(REFUSED, request.remote_addr, deps.now())) is not None:
            refusal = answer(429, TryLater("Too many refused requests from this address. Wait."))
            refusal.headers["Retry-After"] = str(ceil(wait.total_seconds()))
            return refusal
        hook = hook_at(hooks, provider, secret)
        if hook is None:
            deps.visits.count(REFUSED, request.remote_addr, deps.now())
            abort(404)
        return answered(deps, hook, fetch)

    return blueprint


def answered(deps: Deps, hook: Hook, fetch: ses.Fetch) -> Response:
    """Store the mail of this request, or say why not and whether to come again."""
    try:
        return store(deps, hook, fetch)
    except AuthenticationFailed as error:
        deps.visits.count(REFUSED, request.remote_addr, deps.now())
        return answer(401, error)
    except InputError as error:
        log.warning("inbound_unreadable", via=hook.road)
        return answer(400, error)
    except RequestEntityTooLarge:
        log.warning("inbound_too_large", via=hook.road, size=request.content_length)
        return answer(413, InputError("This message is larger than Rapport accepts."))
    except TryLater as error:
        return answer(503, error)


def hook_at(hooks: tuple[Hook, ...], provider: str, secret: str) -> Hook | None:
    """The configured hook with this address."""
    for hook in hooks:
        if hook.road == provider and compare_digest(hook.secret.encode(), secret.encode()):
            return hook
    return None


def store(deps: Deps, hook: Hook, fetch: ses.Fetch) -> Response:
    """Verify and store the mail of this request. Large requests are read one at a time."""
    large = (request.content_length or LARGE + 1) > LARGE
    if large and not _one_large.acquire(timeout=PATIENCE):
        raise TryLater("Other large messages are being stored. Try again.")
    try:
        delivered = delivered_by(hook, read_post(deps), fetch)
        return Response() if delivered is None else store_for_all(deps, hook, delivered)
    finally:
        if large:
            _one_large.release()


def read_post(deps: Deps) -> Post:
    """The request, with its raw body: signatures are over bytes. Raises InputError or, before
    anything is read, RequestEntityTooLarge.
    """
    request.max_content_length = LARGEST_BODY
    body = request.get_data()
    headers = {name.lower(): value for name, value in request.headers.items()}
    form = form_bytes(body, request.headers.get("Content-Type", ""))
    return Post(headers=headers, body=body, form=form, now=deps.now())


def delivered_by(hook: Hook, post: Post, fetch: ses.Fetch) -> Delivered | None:
    """The mail in a request, verified as its provider signs it."""
    match hook.road:
        case Road.POSTMARK:
            return postmark.read(post, hook.key)
        case Road.MAILGUN:
            return mailgun.read(post, hook.key)
        case Road.SENDGRID:
            return sendgrid.read(post, hook.key)
        case Road.SES:
            return ses.read(post, hook.key, fetch)
        case Road.LMTP:
            return None


def store_for_all(deps: Deps, hook: Hook, delivered: Delivered) -> Response:
    """Store the mail for each recipient that exists."""
    found = [one for address in delivered.recipients if (one := known(deps, address)) is not None]
    if not found or len(delivered.raw) > LARGEST_MAIL:
        log.info("inbound_refused", via=hook.road, size=len(delivered.raw), known=len(found))
        return Response(status=STOP.get(hook.road, 200))
    digest = sha256(delivered.raw).digest()
    for destination in found:
        arrived = arrived_at(deps, hook, delivered, destination, digest)
        if is_replayed(deps, arrived):
            raise AuthenticationFailed("This request was used for another message before.")
        take_mail(deps, arrived, BytesIO(delivered.raw))
    return Response()


def known(deps: Deps, address: str) -> Destination | None:
    """The owner of an address; None where nothing may be delivered."""
    try:
        return find_address(deps, address)
    except (Conflict, NotFound):
        return None


def arrived_at(
    deps: Deps, hook: Hook, delivered: Delivered, destination: Destination, digest: bytes
) -> Arrived:
    """The mail with its envelope, as it is stored."""
    passes = delivered.passes
    return Arrived(
        workspace_id=destination.workspace_id,
        address_id=destination.address_id,
        sha256=digest,
        size=len(delivered.raw),
        via=hook.road,
        mail_from=delivered.mail_from,
        received_at=deps.now(),
        client=delivered.client,
        provider_id=delivered.provider_id,
        told=passes.as_json() if passes is not None else None,
    )
