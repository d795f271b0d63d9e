"""Which address can become a member's mailbox: one with credentials of its own, and only one.

An alias, a Google Group and a distribution list have none (V-43, V-44). What is known to be an
alias is refused before Google is asked; what nobody told us of cannot sign in there, and whoever
came back instead is shown for what it is.
"""

from sqlalchemy.orm import Session

from backend.domain.mail.address import address_key, is_valid_address
from backend.domain.people.actor import Actor
from backend.errors import Conflict, InputError, NotFound
from backend.google.oauth import Grant
from backend.services.deps import Deps
from backend.store import alias_rows, mailboxes
from backend.store.models import Mailbox

NEEDS_CREDENTIALS = (
    "An alias, a Google Group or a distribution list can't be connected, because a mailbox must "
    "be authenticated with credentials of its own."
)


def check_wanted(session: Session, actor: Actor, address: str) -> None:
    """Refuse what is no address, and an alias; one's own address is what one signed in with."""
    if not is_valid_address(address):
        wrong = "This is not an e-mail address. Correct it."
        raise InputError("Nothing was connected.", {"address": wrong})
    key = address_key(address)
    owner = None if key == address_key(actor.email) else alias_rows.alias_of(session, key)
    if owner is not None:
        wrong = f"{address} is an alias of {owner}. {NEEDS_CREDENTIALS}"
        raise InputError("Nothing was connected.", {"address": wrong})


def check_new(mailbox: Mailbox | None, address: str) -> None:
    """Whoever moves has a mailbox to move from, and another address to move to."""
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


def check_free(deps: Deps, grant: Grant, mine: Mailbox | None) -> None:
    """One Google account is connected in one place (K-11). Raises Conflict."""
    with deps.store.begin_global() as session:
        holder = mailboxes.connected_with(session, grant.sub)
    if holder is not None and (mine is None or holder != mine.id):
        raise taken(grant)


def taken(grant: Grant) -> Conflict:
    """The refusal for a Google account that is in use elsewhere."""
    return Conflict(
        f"{grant.email} is already connected in another place. Disconnect it there first."
    )
