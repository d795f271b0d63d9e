"""Gmail for the workspace: the switch, who is connected, and addresses an admin confirms."""

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import MailboxId
from backend.domain.mail.address import address_key, is_valid_address
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission
from backend.domain.policies import Capture, MailboxKind
from backend.domain.summaries.mailbox import TakesIn
from backend.errors import Conflict, InputError, NotAllowed
from backend.services.late_matching import decide_again
from backend.services.settings.rights import require
from backend.store import alias_rows, audit, capture_addresses, choices, mailboxes
from backend.store.capture_addresses import Owner
from backend.store.models import Mailbox, MailboxAlias

KINDS = {
    TakesIn.OWN: (MailboxKind.PERSONAL, Capture.MATCHED),
    TakesIn.SHARED: (MailboxKind.SHARED, Capture.MATCHED),
    TakesIn.EVERYTHING: (MailboxKind.SHARED, Capture.ALL),
}


def enable_gmail(deps: Deps, actor: Actor) -> None:
    """Turn Gmail on for the workspace; then members can connect (V-23, V-27)."""
    require(actor, Permission.GMAIL_SWITCH)
    with deps.store.begin(actor.workspace_id) as session:
        workspace = choices.workspace(session, actor.workspace_id)
        if workspace.gmail_enabled_at is None:
            workspace.gmail_enabled_at = deps.now()
            workspace.gmail_enabled_by = actor.member_id
            audit.note(session, actor, "gmail.enabled", "workspace", now=deps.now())


def disable_gmail(deps: Deps, actor: Actor) -> None:
    """Nobody can connect any more; connected mailboxes stay connected."""
    require(actor, Permission.GMAIL_SWITCH)
    with deps.store.begin(actor.workspace_id) as session:
        workspace = choices.workspace(session, actor.workspace_id)
        if workspace.gmail_enabled_at is not None:
            workspace.gmail_enabled_at = None
            workspace.gmail_enabled_by = None
            audit.note(session, actor, "gmail.disabled", "workspace", now=deps.now())


def add_alias(deps: Deps, actor: Actor, *, mailbox_id: MailboxId, address: str) -> None:
    """Confirm that an address also belongs to a mailbox. Gmail's own aliases are found
    automatically.
    """
    require(actor, Permission.TEAM_MANAGE)
    text = address.strip()
    if not is_valid_address(text):
        raise InputError(
            "The alias was not added.", {"address": "This is not an email address. Correct it."}
        )
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = _mailbox(session, mailbox_id)
        key = address_key(text)
        owner = alias_rows.whose(session, key)
        if owner is not None and owner != mailbox_id:
            raise Conflict(f"{text} already belongs to another mailbox of this workspace.")
        session.merge(
            MailboxAlias(
                workspace_id=actor.workspace_id,
                mailbox_id=mailbox,
                key=key,
                address=text,
                source="admin",
                proven_at=deps.now(),
            )
        )
        decide_again(session, deps, actor.workspace_id, [key])
        audit.note(session, actor, "alias.added", f"mailbox:{mailbox_id}", now=deps.now())


def remove_alias(deps: Deps, actor: Actor, *, mailbox_id: MailboxId, address: str) -> None:
    """The address no longer counts as the mailbox's own."""
    require(actor, Permission.TEAM_MANAGE)
    with deps.store.begin(actor.workspace_id) as session:
        _mailbox(session, mailbox_id)
        alias_rows.remove(session, mailbox_id, address_key(address))
        audit.note(session, actor, "alias.removed", f"mailbox:{mailbox_id}", now=deps.now())


def mark_mailbox(deps: Deps, actor: Actor, *, mailbox_id: MailboxId, takes_in: TakesIn) -> None:
    """Choose whose mail a mailbox holds: a person's, or that of an address such as support@ (V-42).

    Only a shared one may capture all mail (D-2), and only its owner can choose that. What was
    captured earlier stays.
    """
    require(actor, Permission.TEAM_MANAGE)
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = session.get_one(Mailbox, _mailbox(session, mailbox_id))
        if takes_in is TakesIn.EVERYTHING and mailbox.owner_id not in {None, actor.member_id}:
            raise NotAllowed(
                f"Only the person who signs in as {mailbox.email} can have all its mail logged, "
                "including strangers'. Mark it as a shared address; its owner then chooses this "
                "under Settings, Email settings."
            )
        kind, capture = KINDS[takes_in]
        if (mailbox.kind, mailbox.capture) == (kind, capture):
            return
        mailbox.kind, mailbox.capture = kind, capture
        if kind is MailboxKind.SHARED:
            capture_addresses.draw(
                session,
                actor.workspace_id,
                Owner(mailbox_id=mailbox_id),
                random_bytes=deps.random_bytes,
                now=deps.now(),
            )
        detail = {"takes_in": takes_in}
        subject = f"mailbox:{mailbox_id}"
        audit.note(session, actor, "mailbox.marked", subject, now=deps.now(), detail=detail)


def _mailbox(session: Session, mailbox_id: MailboxId) -> MailboxId:
    return mailboxes.get(session, mailbox_id).id
