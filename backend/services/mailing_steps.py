"""Sends the steps at Google to the administrator who takes them, from the reader's own Gmail."""

from backend.deps import Deps
from backend.domain.mail.address import is_valid_address
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission
from backend.domain.setup.steps import SUBJECT
from backend.errors import InputError
from backend.services.composing import Draft, start_among_us
from backend.services.settings.rights import require


def mail_steps(deps: Deps, actor: Actor, *, to: str, text: str, nonce: str) -> None:
    """Queue the message. Raises InputError for what is no address, and MailboxDisconnected without
    a mailbox of one's own.
    """
    require(actor, Permission.GMAIL_SWITCH)
    email = to.strip()
    if not is_valid_address(email):
        told = "Write the address of the administrator, such as it@your-company.com."
        raise InputError(told, {"to": told})
    draft = Draft(to=(email,), subject=SUBJECT, body_text=text, literal=True)
    start_among_us(deps, actor, draft=draft, nonce=f"setup {nonce}")
