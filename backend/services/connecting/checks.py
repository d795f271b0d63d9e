"""Checks before a mailbox is connected: the member, the address, the display name.

A member needs the workspace's switch (V-27) and the role (D-20). An address needs credentials of
its own: an alias, a Google Group and a distribution list have none (V-43, V-44). A known alias is
refused before Google is asked; an unknown one cannot sign in there, and the account that comes back
instead is shown by its own address.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import WorkspaceId
from backend.domain.mail.address import address_key, is_valid_address
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed, granted, refusal
from backend.domain.writing.sender_name import checked_name
from backend.errors import Conflict, InputError, NotAllowed, NotFound
from backend.google.oauth import Grant
from backend.store import alias_rows, audit, elsewhere, mailboxes
from backend.store.models import Mailbox, Workspace
from backend.store.workspace_rules import policies


def may_connect(deps: Deps, actor: Actor) -> str:
    """Empty, or a sentence why this member cannot connect a mailbox."""
    with deps.store.begin(actor.workspace_id) as session:
        return refused(session, actor)


def require_may_connect(session: Session, actor: Actor) -> None:
    """Raise NotAllowed while the workspace or its policies keep this member from connecting."""
    sentence = refused(session, actor)
    if sentence:
        raise NotAllowed(sentence)


def refused(session: Session, actor: Actor) -> str:
    """The first obstacle, in words."""
    if not is_switched_on(session, actor.workspace_id):
        return (
            "Gmail is not switched on for this workspace yet. An admin turns it on under "
            "Settings, Integrations, Gmail."
        )
    grants, permission = granted(policies(session)), Permission.MAILBOX_CONNECT_OWN
    if not allowed(actor.role, permission, own=True, grants=grants):
        return refusal(permission, own=True, grants=grants)
    return ""


def is_switched_on(session: Session, workspace_id: WorkspaceId) -> bool:
    """Whether an admin has turned Gmail on."""
    query = select(Workspace.gmail_enabled_at).where(Workspace.id == workspace_id)
    return session.scalar(query) is not None


NEEDS_CREDENTIALS = (
    "An alias, a Google Group or a distribution list can't be connected, because a mailbox must "
    "be authenticated with credentials of its own."
)


def check_wanted(session: Session, actor: Actor, address: str) -> None:
    """Refuse an invalid address and an alias; one's own address is that of the sign-in."""
    if not is_valid_address(address):
        wrong = "This is not an email address. Correct it."
        raise InputError("Nothing was connected.", {"address": wrong})
    key = address_key(address)
    owner = None if key == address_key(actor.email) else alias_rows.alias_of(session, key)
    if owner is not None:
        wrong = f"{address} is an alias of {owner}. {NEEDS_CREDENTIALS}"
        raise InputError("Nothing was connected.", {"address": wrong})


def check_new(mailbox: Mailbox | None, address: str) -> None:
    """A move needs a mailbox to move from, and another address."""
    if mailbox is None or mailbox.google_sub is None:
        raise NotFound("You have no mailbox here yet. Connect it first.")
    if mailbox.email_key == address_key(address):
        wrong = f"{mailbox.email} is your mailbox already. Write the address to move to."
        raise InputError("Nothing was changed.", {"address": wrong})


def check_same_person(mailbox: Mailbox | None, grant: Grant) -> None:
    """One profile has one mailbox: another Google account is refused (V-33)."""
    if mailbox and mailbox.google_sub is not None and mailbox.google_sub != grant.sub:
        raise InputError(
            f"This is a different Google account. Your mailbox here is {mailbox.email}, and you "
            f"authorised {grant.email}. Go back and choose {mailbox.email}, or move to another "
            "address with Update email under Settings, Email settings."
        )


def check_free(deps: Deps, actor: Actor, grant: Grant, mine: Mailbox | None) -> None:
    """One Google account is connected in one place (K-11), or once in each of several workspaces
    where all of them choose so (D-28). Raises Conflict.
    """
    with deps.store.begin_global() as session:
        holders = elsewhere.connected(session, grant.sub)
    others = {one.workspace_id for one in holders} - {actor.workspace_id}
    if any(one.workspace_id not in others and (not mine or one[1] != mine.id) for one in holders):
        raise taken(grant)
    if others and not all(_shares(deps, one) for one in (actor.workspace_id, *sorted(others))):
        raise in_another_workspace(grant)


def _shares(deps: Deps, workspace_id: WorkspaceId) -> bool:
    with deps.store.begin(workspace_id) as session:
        return policies(session).share_mailbox


def in_another_workspace(grant: Grant) -> Conflict:
    """The refusal for a Google account that another workspace has connected."""
    return Conflict(
        f"{grant.email} is already connected in another workspace, and a Gmail account serves one "
        "workspace only unless both choose otherwise under Policies, One Gmail in several "
        "workspaces. Disconnect it there first, or ask an admin of both."
    )


def taken(grant: Grant) -> Conflict:
    """The refusal for a Google account that is in use elsewhere."""
    return Conflict(
        f"{grant.email} is already connected in this workspace. Disconnect it there first."
    )


def rename(deps: Deps, actor: Actor, *, display_name: str) -> str:
    """Rename the member's own mailbox; waiting messages leave under the new name, too."""
    name = checked_name(display_name)
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = mailboxes.of_member(session, actor.member_id)
        if mailbox is None:
            raise NotFound("You have no mailbox here yet. Connect it first.")
        mailbox.display_name = name
        audit.note(session, actor, "mailbox.renamed", f"mailbox:{mailbox.id}", now=deps.now())
    return name
