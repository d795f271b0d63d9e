"""The way to Google and back, up to the question whether the authorised mailbox is the right one.

A mailbox that was connected before goes on at once with a fresh token. Any other waits until its
person has seen the address and saved it: Google signs in whoever the browser remembers.
"""

from backend.domain.oauth.scopes import CONSENT_TEXTS, lacking
from backend.domain.people.actor import Actor
from backend.errors import NotAllowed, RapportError, ScopeMissing
from backend.google.oauth import CONNECT, MOVE, Grant, Way
from backend.services.connecting.addresses import (
    check_free,
    check_new,
    check_same_person,
    check_wanted,
)
from backend.services.connecting.confirming import give_back, let_wait
from backend.services.connecting.keeping import keep
from backend.services.connecting.outcome import Connected, Unconfirmed
from backend.services.connecting.rights import require_may_connect
from backend.services.consenting import CONNECTING, Journey, come_back, leave
from backend.services.deps import Deps
from backend.store import attempts, mailboxes
from backend.store.attempts import Attempt


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
