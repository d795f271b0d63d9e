"""Connects a shared mailbox: an address such as support@ that signs in at Google by itself and
belongs to no member (D-17).

The admin who connects it needs its credentials, as for any mailbox. A colleague's own address is
refused: nobody else turns a person's mailbox into one that several people write from.
"""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import MailboxId
from backend.domain.mail.address import address_key
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed, granted, refusal
from backend.domain.policies import MailboxKind
from backend.errors import Conflict, NotAllowed
from backend.google.oauth import Grant
from backend.services.connecting.checks import is_switched_on, taken
from backend.services.connecting.grants import put_to_work
from backend.store import capture_addresses, shared_mailboxes
from backend.store.capture_addresses import Owner
from backend.store.workspace_rules import policies, team

NOT_ON = (
    "Gmail is not switched on for this workspace yet. An admin turns it on under Settings, "
    "Integrations, Gmail."
)
HAS_A_SEAT = (
    "In this workspace an address such as support@ has a seat of its own: invite it under Team and "
    "roles, and sign in as it. An admin can choose otherwise under Policies, Group addresses."
)


def may_connect_shared(deps: Deps, actor: Actor) -> str:
    """Empty, or a sentence why this member cannot connect a shared mailbox."""
    with deps.store.begin(actor.workspace_id) as session:
        return refused(session, actor)


def may_set_up_shared(deps: Deps, actor: Actor) -> bool:
    """Whether this member may change shared mailboxes and their templates."""
    with deps.store.begin(actor.workspace_id) as session:
        grants = granted(policies(session))
    return allowed(actor.role, Permission.MAILBOX_CONNECT_SHARED, own=False, grants=grants)


def require_may_share(session: Session, actor: Actor) -> None:
    """Raise NotAllowed while the workspace or its policies forbid it."""
    sentence = refused(session, actor)
    if sentence:
        raise NotAllowed(sentence)


def refused(session: Session, actor: Actor) -> str:
    """The first obstacle, in words."""
    chosen = policies(session)
    grants, permission = granted(chosen), Permission.MAILBOX_CONNECT_SHARED
    if not allowed(actor.role, permission, own=False, grants=grants):
        return refusal(permission, own=False, grants=grants)
    if not is_switched_on(session, actor.workspace_id):
        return NOT_ON
    return HAS_A_SEAT if chosen.group_address_kind is MailboxKind.PERSONAL else ""


def check_nobodys(session: Session, email: str) -> None:
    """Raise Conflict for the address of a member: it is theirs to connect."""
    if team(session).member(address_key(email)) is not None:
        raise Conflict(
            f"{email} belongs to a team member, who connects it under Email settings. A shared "
            "mailbox has an address of its own."
        )


def keep_shared(deps: Deps, actor: Actor, grant: Grant, name: str = "") -> MailboxId:
    """Connect the shared mailbox by this grant. Who connects it first may write from it at once."""
    try:
        with deps.store.begin(actor.workspace_id) as session:
            require_may_share(session, actor)
            mailbox_id = _keep(session, deps, actor, grant, name)
    except IntegrityError as clash:
        raise taken(grant) from clash
    deps.google.cache.forget(mailbox_id)
    return mailbox_id


def _keep(session: Session, deps: Deps, actor: Actor, grant: Grant, name: str) -> MailboxId:
    mailbox, now = shared_mailboxes.of_account(session, grant.sub), deps.now()
    if mailbox is None:
        check_nobodys(session, grant.email)
        mailbox = shared_mailboxes.create(session, actor.workspace_id, grant.email, now)
        shared_mailboxes.let_use(session, mailbox, [actor.member_id], now)
        owner, drawn = Owner(mailbox_id=mailbox.id), deps.random_bytes
        capture_addresses.draw(session, actor.workspace_id, owner, random_bytes=drawn, now=now)
    return put_to_work(session, deps, actor, mailbox, grant, name)
