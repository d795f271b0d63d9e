"""A grant that waits until its person has seen whose mailbox it is, and saved it (K-7, S-7).

It is sealed to the way it came by, lasts ten minutes, and is given back to Google when refused.
"""

from dataclasses import dataclass

import orjson

from backend.domain.mail.address import address_key
from backend.domain.people.actor import Actor
from backend.errors import AuthenticationFailed, RapportError
from backend.google.oauth import MOVE, Grant
from backend.services.connecting.addresses import NEEDS_CREDENTIALS
from backend.services.connecting.keeping import keep
from backend.services.connecting.moving import move
from backend.services.connecting.naming import checked_name
from backend.services.connecting.outcome import Connected
from backend.services.deps import Deps
from backend.store import attempts, mailboxes
from backend.store.attempts import Attempt, grant_context
from backend.store.sealing import NONCE_SIZE

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
