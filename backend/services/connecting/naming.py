"""The name that recipients see beside a mailbox's address (K-12)."""

from backend.domain.people.actor import Actor
from backend.errors import InputError, NotFound
from backend.services.deps import Deps
from backend.store import audit, mailboxes

MAX_NAME = 100


def checked_name(name: str) -> str:
    """The name as it is kept. Raises InputError for one that cannot stand in a header."""
    text = name.strip()
    if not text or len(text) > MAX_NAME or not text.isprintable():
        wrong = f"Write the name recipients shall see, up to {MAX_NAME} characters."
        raise InputError(f"The name was not saved. {wrong}", {"display_name": wrong})
    return text


def rename(deps: Deps, actor: Actor, *, display_name: str) -> str:
    """Give the member's own mailbox another name; mail that waits leaves under it, too."""
    name = checked_name(display_name)
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = mailboxes.of_member(session, actor.member_id)
        if mailbox is None:
            raise NotFound("You have no mailbox here yet. Connect it first.")
        mailbox.display_name = name
        audit.note(session, actor, "mailbox.renamed", f"mailbox:{mailbox.id}", now=deps.now())
    return name
