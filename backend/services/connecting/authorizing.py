"""The OAuth flow of a mailbox: to Google's consent page, back, and confirmed by its owner.

Contract: K-7, S-7.

A mailbox that was connected before takes its fresh token at once. Any other waits until its owner
has seen the address and confirmed it, because Google signs in the account the browser remembers:
the grant is sealed to the attempt, lasts ten minutes, and is revoked when refused.
"""

from dataclasses import dataclass

import msgspec
import orjson

from backend.deps import Deps
from backend.domain.ids import MailboxId
from backend.domain.mail.address import address_key
from backend.domain.oauth.scopes import CONSENT_TEXTS, lacking
from backend.domain.people.actor import Actor
from backend.domain.people.oneself import require_oneself
from backend.domain.writing.sender_name import checked_name
from backend.errors import AuthenticationFailed, NotAllowed, RapportError, ScopeMissing
from backend.google.oauth import CONNECT, CONNECTING, MOVE, SHARE, Grant, Way
from backend.services.connecting.checks import (
    NEEDS_CREDENTIALS,
    check_free,
    check_new,
    check_same_person,
    check_wanted,
    require_may_connect,
)
from backend.services.connecting.grants import keep
from backend.services.connecting.moving import move
from backend.services.connecting.sharing import check_nobodys, keep_shared, require_may_share
from backend.services.oauth_flow import Journey, come_back, leave
from backend.store import attempts, elsewhere, mailboxes, shared_mailboxes
from backend.store.attempts import Attempt, grant_context
from backend.store.models import Mailbox
from backend.store.sealing import NONCE_SIZE


@dataclass(frozen=True)
class Connected:
    """A connected mailbox, and the path to continue at."""

    mailbox_id: MailboxId
    return_to: str


@dataclass(frozen=True)
class Unconfirmed:
    """Nothing is connected until the person confirms what this state holds."""

    state: str


def begin(
    deps: Deps, actor: Actor, *, return_to: str, address: str = "", way: Way = CONNECT
) -> str:
    """The address of Google's consent page, for this mail address or else the member's own.

    With MOVE, the address replaces the previous mailbox (H-22); with SHARE, it belongs to nobody.
    Raises NotAllowed when this member may not connect, and InputError for an address that cannot be
    connected.
    """
    require_oneself(actor, "connect a mailbox")
    wanted = address.strip()
    with deps.store.begin(actor.workspace_id) as session:
        if way is SHARE:
            require_may_share(session, actor)
        else:
            require_may_connect(session, actor)
        mailbox = mailboxes.of_member(session, actor.member_id) if way is not SHARE else None
        if wanted or way is MOVE:
            check_wanted(session, actor, wanted)
        if way is MOVE:
            check_new(mailbox, wanted)
    own = mailbox.email if mailbox and mailbox.google_sub else actor.email
    hint = wanted if way is SHARE else wanted or own
    return leave(deps, Journey(way=way, return_to=return_to, login_hint=hint or None), actor)


def needs_warning(deps: Deps, actor: Actor) -> bool:
    """Whether this member should first read what Google may show instead of asking.

    True until somebody in the workspace has got through, and for a member who recently left for
    Google and did not return: nothing can be explained on Google's own page.
    """
    with deps.store.begin(actor.workspace_id) as session:
        if not mailboxes.anybody_connected(session):
            return True
    return is_away(deps, actor)


def is_away(deps: Deps, actor: Actor) -> bool:
    """Whether this member recently left for Google and has not returned."""
    with deps.store.begin_global() as session:
        return attempts.is_away(session, actor.member_id, CONNECTING, deps.now())


def finish(
    deps: Deps, actor: Actor, *, state: str, code: str, error: str = ""
) -> Connected | Unconfirmed:
    """Accept the grant: at once for the known mailbox, else after confirmation."""
    attempt, grant = come_back(deps, CONNECT, MOVE, SHARE, state=state, code=code, error=error)
    try:
        require_own(attempt, actor)
        require_gmail(grant)
        mailbox = connected_before(deps, actor, attempt, grant)
        check_free(deps, actor, grant, mailbox)
        if mailbox and mailbox.google_sub == grant.sub:
            kept = keep_shared if attempt.purpose == SHARE.purpose else keep
            return Connected(kept(deps, actor, grant), attempt.return_to)
        let_wait(deps, grant, state)
    except RapportError:
        give_back(deps, grant)
        raise
    return Unconfirmed(state)


def connected_before(deps: Deps, actor: Actor, attempt: Attempt, grant: Grant) -> Mailbox | None:
    """The mailbox that this grant may renew. Raises the reason when the member may not connect, or
    not this account.
    """
    with deps.store.begin(actor.workspace_id) as session:
        if attempt.purpose == SHARE.purpose:
            require_may_share(session, actor)
            shared = shared_mailboxes.of_account(session, grant.sub)
            if shared is None:
                check_nobodys(session, grant.email)
            return shared
        require_may_connect(session, actor)
        mailbox = mailboxes.of_member(session, actor.member_id)
    if attempt.purpose != MOVE.purpose:
        check_same_person(mailbox, grant)
    return mailbox


def require_own(attempt: Attempt, actor: Actor) -> None:
    """Raise NotAllowed unless this member began the flow."""
    if (attempt.workspace_id, attempt.member_id) != (actor.workspace_id, actor.member_id):
        raise NotAllowed("This connection was started by somebody else. Start it again yourself.")


def require_gmail(grant: Grant) -> None:
    """Raise ScopeMissing unless all of Gmail was allowed, naming the scopes left unticked
    (H-10).
    """
    missing = lacking(grant.scopes)
    if missing:
        boxes = " and ".join(f"“{CONSENT_TEXTS[scope]}”" for scope in missing)
        raise ScopeMissing(
            f"You did not allow Rapport {boxes}. It needs both permissions: one to read your mail, "
            "one to send what you write here. Connect again and leave all boxes ticked.",
            missing,
        )


GONE = (
    "This was answered already, or it waited for more than ten minutes. If your mailbox is not "
    "shown as connected, start again."
)


@dataclass(frozen=True, kw_only=True)
class UnconfirmedMailbox:
    """What was authorised. `warning`: it is not what they meant to connect; `moves_from`: the
    previous address when this one replaces it; `shared`: it will belong to no member.
    """

    email: str
    display_name: str
    warning: str
    moves_from: str
    shared: bool = False


def let_wait(deps: Deps, grant: Grant, state: str) -> None:
    """Seal the grant to the attempt."""
    told = {**vars(grant), "scopes": sorted(grant.scopes)}
    sealed = deps.sealer.seal(
        orjson.dumps(told).decode(),
        context=grant_context(state),
        nonce=deps.random_bytes(NONCE_SIZE),
    )
    with deps.store.begin_global() as session:
        attempts.keep_grant(session, state, sealed, deps.now())


def unconfirmed(deps: Deps, actor: Actor, *, state: str) -> UnconfirmedMailbox:
    """The grant to confirm. Raises AuthenticationFailed when it has gone or is somebody else's."""
    attempt, grant = _waiting(deps, actor, state)
    warning = _warning(attempt.wanted or "", grant.email)
    if attempt.purpose == SHARE.purpose:
        name, email = grant.name, grant.email
        return UnconfirmedMailbox(
            email=email, display_name=name, warning=warning, moves_from="", shared=True
        )
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = mailboxes.of_member(session, actor.member_id)
    return UnconfirmedMailbox(
        email=grant.email,
        display_name=mailbox.display_name if mailbox else actor.name,
        warning=warning,
        moves_from=mailbox.email if mailbox and attempt.purpose == MOVE.purpose else "",
    )


def confirm(deps: Deps, actor: Actor, *, state: str, display_name: str) -> Connected:
    """Connect the mailbox under this name. Raises InputError for an unusable name."""
    name = checked_name(display_name)
    attempt, grant = _taken(deps, actor, state)
    try:
        kept = {MOVE.purpose: move, SHARE.purpose: keep_shared}.get(attempt.purpose, keep)
        return Connected(kept(deps, actor, grant, name), attempt.return_to)
    except RapportError:
        give_back(deps, grant)
        raise


def refuse(deps: Deps, actor: Actor, *, state: str) -> None:
    """It was the wrong mailbox: nothing is kept, and the grant is revoked."""
    _, grant = _taken(deps, actor, state)
    give_back(deps, grant)


def give_back(deps: Deps, grant: Grant) -> None:
    """Revoke an unused grant. Google ends everything this account allowed, so a grant that a
    connected mailbox depends on stays.
    """
    with deps.store.begin_global() as session:
        in_use = bool(elsewhere.connected(session, grant.sub))
    if grant.refresh_token is not None and not in_use:
        deps.google.oauth.revoke(grant.refresh_token)


def _waiting(deps: Deps, actor: Actor, state: str) -> tuple[Attempt, Grant]:
    with deps.store.begin_global() as session:
        attempt = attempts.waiting(session, state, deps.now())
    own = (actor.workspace_id, actor.member_id)
    if attempt is None or (attempt.workspace_id, attempt.member_id) != own:
        raise AuthenticationFailed(GONE)
    told = deps.sealer.open(attempt.sealed_grant or b"", context=grant_context(state))
    return attempt, msgspec.json.decode(told, type=Grant)


def _taken(deps: Deps, actor: Actor, state: str) -> tuple[Attempt, Grant]:
    """The waiting grant, for the first who answers."""
    found = _waiting(deps, actor, state)
    with deps.store.begin_global() as session:
        if not attempts.forget(session, state):
            raise AuthenticationFailed(GONE)
    return found


def _warning(wanted: str, authorised: str) -> str:
    if not wanted or address_key(wanted) == address_key(authorised):
        return ""
    return (
        f"You set out to connect {wanted}, but you are signed in to Google as {authorised}. "
        f"{NEEDS_CREDENTIALS}"
    )
