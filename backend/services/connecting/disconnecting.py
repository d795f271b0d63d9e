"""Ending a mailbox's connection: push stops, the grant goes back, the token is forgotten."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission
from backend.domain.summaries.mailbox import MailboxState
from backend.errors import RapportError
from backend.google.apis import Access
from backend.services.administering.rights import require
from backend.services.deps import Deps
from backend.services.pacing import pacer
from backend.store import audit, credentials, mailboxes
from backend.store.models import Mailbox


def disconnect(deps: Deps, actor: Actor, *, mailbox_id: MailboxId) -> str:
    """End the connection; history stays. Returns the address. Raises NotAllowed or NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = mailboxes.get(session, mailbox_id)
        require(actor, Permission.MAILBOX_DISCONNECT, own=mailbox.owner_id == actor.member_id)
        tell_google = cut_off(session, deps, actor, mailbox_id)
        address = mailbox.email
    tell_google()
    return address


def cut_off(
    session: Session, deps: Deps, actor: Actor, mailbox_id: MailboxId
) -> Callable[[], None]:
    """End the connection in this transaction. Returns what tells Google, for when it is durable:
    whatever becomes of that, nothing more is read from the mailbox.
    """
    mailbox = mailboxes.get(session, mailbox_id)
    sealed, context = mailbox.sealed_token, credentials.context(mailbox_id)
    end(mailbox, deps.now())
    audit.note(session, actor, "mailbox.disconnected", f"mailbox:{mailbox_id}", now=deps.now())

    def tell_google() -> None:
        deps.google.cache.forget(mailbox_id)
        if sealed is not None:
            say_goodbye(deps, mailbox_id, deps.sealer.open(sealed, context=context))

    return tell_google


def end(mailbox: Mailbox, now: datetime) -> None:
    """Nothing more is read from or sent through it."""
    mailbox.sealed_token = None
    mailbox.state = MailboxState.DISCONNECTED
    mailbox.disconnected_at = now
    mailbox.watch_expires_at = None
    mailbox.last_error = None


def say_goodbye(deps: Deps, mailbox_id: MailboxId, token: str) -> None:
    """Stop push and revoke, best effort: the token is forgotten here in any case."""
    try:
        box = deps.google.mailbox(Access(mailbox_id, token), pacer(deps, mailbox_id))
        box.stop()
    except RapportError:
        pass  # a mailbox that cannot be reached has no push to stop
    deps.google.oauth.revoke(token)
