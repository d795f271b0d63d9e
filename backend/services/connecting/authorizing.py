"""The OAuth flow of a mailbox: to Google's consent page, back, and confirmed by its owner.

Contract: K-7, S-7.

A mailbox that was connected before takes its fresh token at once. Any other waits until its owner
has seen the address and confirmed it, because Google signs in the account the browser remembers:
the grant is sealed to the attempt, lasts ten minutes, and is revoked when refused.
"""

from dataclasses import dataclass

import orjson

from backend.deps import Deps
from backend.domain.ids import MailboxId
from backend.domain.mail.address import address_key
from backend.domain.oauth.scopes import CONSENT_TEXTS, lacking
from backend.domain.people.actor import Actor
from backend.errors import AuthenticationFailed, NotAllowed, RapportError, ScopeMissing
from backend.google.oauth import CONNECT, CONNECTING, MOVE, Grant, Way
from backend.services.connecting.checks import (
    NEEDS_CREDENTIALS,
    check_free,
    check_new,
    check_same_person,
    check_wanted,
    checked_name,
    require_may_connect,
)
from backend.services.connecting.grants import keep
from backend.services.connecting.moving import move
from backend.services.oauth_flow import Journey, come_back, leave
from backend.store import attempts, mailboxes
from backend.store.attempts import Attempt, grant_context
from backend.store.sealing import NONCE_SIZE


@dataclass(frozen=True)
class Connected:
    """A mailbox is at work; its person goes on to this path."""

    mailbox_id: MailboxId
    return_to: str


@dataclass(frozen=True)
class Unconfirmed:
    """Nothing is connected before the person has confirmed what this state stands for."""

    state: str


def begin(
    deps: Deps, actor: Actor, *, return_to: str, address: str = "", way: Way = CONNECT
) -> str:
    """The address of Google's consent page, for this mail address or else the member's own.

    With MOVE, the address takes the place of the mailbox of before (H-22). Raises NotAllowed when
    this member may not connect, and InputError for an address that cannot.
    """
    wanted = address.strip()
    with deps.store.begin(actor.workspace_id) as session:
        require_may_connect(session, actor)
        mailbox = mailboxes.of_member(session, actor.member_id)
        own = mailbox.email if mailbox and mailbox.google_sub else actor.email
        if wanted or way is MOVE:
            check_wanted(session, actor, wanted)
        if way is MOVE:
            check_new(mailbox, wanted)
    journey = Journey(way=way, return_to=return_to, login_hint=wanted or own)
    return leave(deps, journey, actor)


def needs_warning(deps: Deps, actor: Actor) -> bool:
    """Whether this member should read first what Google may show instead of asking.

    So while nobody of the workspace has got through, and for whoever has not come back of late:
    from Google's own page nobody can be told anything.
    """
    with deps.store.begin(actor.workspace_id) as session:
        if not mailboxes.anybody_connected(session):
            return True
    return is_away(deps, actor)


def is_away(deps: Deps, actor: Actor) -> bool:
    """Whether this member went to Google of late and has not come back since."""
    with deps.store.begin_global() as session:
        return attempts.is_away(session, actor.member_id, CONNECTING, deps.now())


def finish(
    deps: Deps, actor: Actor, *, state: str, code: str, error: str = ""
) -> Connected | Unconfirmed:
    """Take what was granted: at once for the mailbox of before, else once it is confirmed."""
    attempt, grant = come_back(deps, CONNECT, MOVE, state=state, code=code, error=error)
    try:
        require_own(attempt, actor)
        require_gmail(grant)
        with deps.store.begin(actor.workspace_id) as session:
            require_may_connect(session, actor)
            mailbox = mailboxes.of_member(session, actor.member_id)
        if attempt.purpose != MOVE.purpose:
            check_same_person(mailbox, grant)
        check_free(deps, grant, mailbox)
        if mailbox and mailbox.google_sub == grant.sub:
            return Connected(keep(deps, actor, grant), attempt.return_to)
        let_wait(deps, grant, state)
    except RapportError:
        give_back(deps, grant)
        raise
    return Unconfirmed(state)


def require_own(attempt: Attempt, actor: Actor) -> None:
    """Raise NotAllowed unless this member began the way."""
    if (attempt.workspace_id, attempt.member_id) != (actor.workspace_id, actor.member_id):
        raise NotAllowed("This connection was started by somebody else. Start it again yourself.")


def require_gmail(grant: Grant) -> None:
    """Raise ScopeMissing unless all of Gmail was allowed, naming what was left unticked (H-10)."""
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
    """What somebody authorised. `warning` says when it is not what they set out to connect;
    `moves_from` is the address of before when this one takes its place.
    """

    email: str
    display_name: str
    warning: str
    moves_from: str


def let_wait(deps: Deps, grant: Grant, state: str) -> None:
    """Keep the grant beside the way it came by."""
    told = {**vars(grant), "scopes": sorted(grant.scopes)}
    sealed = deps.sealer.seal(
        orjson.dumps(told).decode(),
        context=grant_context(state),
        nonce=deps.random_bytes(NONCE_SIZE),
    )
    with deps.store.begin_global() as session:
        attempts.keep_grant(session, state, sealed, deps.now())


def unconfirmed(deps: Deps, actor: Actor, *, state: str) -> UnconfirmedMailbox:
    """What is to be confirmed. Raises AuthenticationFailed when it is gone or somebody else's."""
    attempt, grant = _waiting(deps, actor, state)
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = mailboxes.of_member(session, actor.member_id)
    return UnconfirmedMailbox(
        email=grant.email,
        display_name=mailbox.display_name if mailbox else actor.name,
        warning=_warning(attempt.wanted or "", grant.email),
        moves_from=mailbox.email if mailbox and attempt.purpose == MOVE.purpose else "",
    )


def confirm(deps: Deps, actor: Actor, *, state: str, display_name: str) -> Connected:
    """Put the mailbox to work under this name. Raises InputError for a name that cannot be."""
    name = checked_name(display_name)
    attempt, grant = _taken(deps, actor, state)
    try:
        kept = move if attempt.purpose == MOVE.purpose else keep
        return Connected(kept(deps, actor, grant, name), attempt.return_to)
    except RapportError:
        give_back(deps, grant)
        raise


def refuse(deps: Deps, actor: Actor, *, state: str) -> None:
    """It was the wrong mailbox: nothing is kept, and Google forgets the permission."""
    _, grant = _taken(deps, actor, state)
    give_back(deps, grant)


def give_back(deps: Deps, grant: Grant) -> None:
    """Revoke a grant that nothing came of. Google ends all that this account allowed, so one that
    a connected mailbox lives on stays.
    """
    with deps.store.begin_global() as session:
        in_use = mailboxes.connected_with(session, grant.sub) is not None
    if grant.refresh_token is not None and not in_use:
        deps.google.oauth.revoke(grant.refresh_token)


def _waiting(deps: Deps, actor: Actor, state: str) -> tuple[Attempt, Grant]:
    with deps.store.begin_global() as session:
        attempt = attempts.waiting(session, state, deps.now())
    own = (actor.workspace_id, actor.member_id)
    if attempt is None or (attempt.workspace_id, attempt.member_id) != own:
        raise AuthenticationFailed(GONE)
    told = deps.sealer.open(attempt.sealed_grant or b"", context=grant_context(state))
    fields = orjson.loads(told)
    return attempt, Grant(**{**fields, "scopes": frozenset(fields["scopes"])})


def _taken(deps: Deps, actor: Actor, state: str) -> tuple[Attempt, Grant]:
    """What waits, for the one who answers first."""
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
