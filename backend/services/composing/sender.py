"""Which mailbox a message leaves from, and for which address it is written (D-25).

A member writes from their own mailbox, or from a shared one that they may use. Where the shared one
is answered from its members' own addresses (`agent_address`), it leaves from the author's mailbox,
and answers go to the shared one.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId
from backend.domain.people.actor import Actor
from backend.domain.policies import FromName, MailboxKind, Policies
from backend.domain.reasons import Reason, sentence
from backend.domain.sender_limits import sending_state
from backend.domain.sending.rule import MailboxState
from backend.errors import InputError, MailboxDisconnected
from backend.store import mailboxes, shared_mailboxes
from backend.store.models import Mailbox

NOT_CONNECTED = (
    "Your Gmail is not connected, so nothing can be sent from it. Connect it under Settings, Email."
)
NOT_YOURS = "Choose an address you may write from. An admin lists who may use a shared mailbox."


@dataclass(frozen=True)
class Sending:
    """The mailbox a message leaves from; `written_as` is the shared one it is written for, where
    that is another.
    """

    mailbox: Mailbox
    written_as: Mailbox | None = None


def sending_from(
    session: Session, actor: Actor, chosen: Policies, wanted: MailboxId | None
) -> Sending:
    """The mailbox of a message that the actor writes from `wanted`, or else from their own. Raises
    MailboxDisconnected or InputError.
    """
    own = mailboxes.of_member(session, actor.member_id)
    if wanted is None or (own is not None and wanted == own.id):
        return Sending(ready(own))
    usable = shared_mailboxes.usable_by(session, actor.member_id)
    shared = next((one for one in usable if one.id == wanted), None)
    if shared is None or shared.kind is not MailboxKind.SHARED:
        raise InputError("The email was not queued.", {"sender": NOT_YOURS})
    if (shared.from_name or chosen.from_name) is FromName.AGENT_ADDRESS:
        return Sending(ready(own), written_as=shared)
    return Sending(ready(shared))


def ready(mailbox: Mailbox | None) -> Mailbox:
    """The mailbox, connected and allowed to send. Raises MailboxDisconnected or InputError."""
    state = MailboxState.DISCONNECTED
    if mailbox is not None:
        has_token = mailbox.sealed_token is not None
        state = sending_state(mailbox.state, mailbox.scopes, has_token=has_token)
    if mailbox is None or state is MailboxState.DISCONNECTED:
        raise MailboxDisconnected(NOT_CONNECTED)
    if state is MailboxState.SCOPE_MISSING:
        raise InputError(sentence(Reason.SCOPE_MISSING))
    return mailbox
