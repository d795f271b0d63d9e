"""An outside person unsubscribes by the link at the end of a message (VC-32, RFC 8058).

Nobody is signed in: the link itself names its message, and its seal proves that we wrote it. It
ends everything that offers unsubscribing, to all addresses of that person. Mail programs prefetch
links, so opening one changes nothing; only pressing its button does.
"""

import hmac
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import PendingId
from backend.domain.mail.address import address_key
from backend.domain.sending.suppression import SuppressionCause
from backend.domain.writing.unsubscribing import Named, read_token, sealed_text
from backend.errors import InputError, NotFound
from backend.store import choices, contacts, subscriptions, suppressions
from backend.store.models import PendingMessage
from backend.store.outbox.rows import note_step, recipients

NO_LINK = (
    "This link is not complete, or its email is no longer kept. Reply to the email and "
    "ask to be left out; nothing was changed."
)
NOT_YET = "This email has not been sent. Its link works once it has."


@dataclass(frozen=True)
class Leaving:
    """Who may unsubscribe from whom: the workspace's name and the address the message went to.
    Without an address it went to several, and the visitor enters theirs. `is_gone`: it is
    unsubscribed already.
    """

    workspace: str
    address: str | None
    is_gone: bool


def look(deps: Deps, token: str) -> Leaving:
    """What the page of a link shows. Raises NotFound."""
    named = proven(deps, token)
    with deps.store.begin(named.workspace_id) as session:
        row = sent_mail(session, named.pending_id)
        workspace = choices.workspace(session, named.workspace_id)
        address = only_address(row)
        gone = address is not None and is_gone(session, deps, row, address_key(address))
        return Leaving(workspace.name, address, gone)


def unsubscribe(deps: Deps, token: str, *, typed: str = "") -> Leaving:
    """Unsubscribe the recipient of the message; of several the one whose address was `typed`.
    Idempotent. Raises NotFound or InputError.
    """
    named = proven(deps, token)
    with deps.store.begin(named.workspace_id) as session:
        row = sent_mail(session, named.pending_id)
        workspace = choices.workspace(session, named.workspace_id)
        address = only_address(row) or whose(row, typed)
        key = address_key(address)
        was_gone = is_gone(session, deps, row, key)
        end_writing(session, deps, row, key)
        if not was_gone:
            said = f"unsubscribed by the link in it: {address}"
            note_step(session, row, now=deps.now(), detail=said)
        return Leaving(workspace.name, address, is_gone=True)


def proven(deps: Deps, token: str) -> Named:
    """The content of a link, if we wrote it. Raises NotFound."""
    named = read_token(token)
    if named is None:
        raise NotFound(NO_LINK)
    right = deps.keyed_hash.of(named.workspace_id, sealed_text(named.pending_id))
    if not hmac.compare_digest(named.seal, right):
        raise NotFound(NO_LINK)
    return named


def sent_mail(session: Session, pending_id: PendingId) -> PendingMessage:
    """The message, once sending was tried: a preview has the same link. Raises NotFound."""
    row = session.scalar(select(PendingMessage).where(PendingMessage.id == pending_id))
    if row is None:
        raise NotFound(NO_LINK)
    if row.attempts == 0:
        raise NotFound(NOT_YET)
    return row


def only_address(row: PendingMessage) -> str | None:
    """The only recipient of a message, if it has just one."""
    people = recipients(row.to, row.cc, row.bcc)
    return people[0].address if len(people) == 1 else None


def whose(row: PendingMessage, typed: str) -> str:
    """The typed address, if the message went to it. Raises InputError, without revealing its other
    recipients.
    """
    key = address_key(typed)
    for one in recipients(row.to, row.cc, row.bcc):
        if key and one.key == key:
            return one.address
    told = "This email was not sent to that address. Type the one it came to."
    raise InputError(told, {"address": told if typed.strip() else "Type your address."})


def is_gone(session: Session, deps: Deps, row: PendingMessage, key: str) -> bool:
    """Whether the address is unsubscribed already."""
    found = suppressions.seen_inside(session, deps.keyed_hash, row.workspace_id, [key])
    return any(one.cause is SuppressionCause.UNSUBSCRIBED for one in found)


def end_writing(session: Session, deps: Deps, row: PendingMessage, key: str) -> None:
    """Unsubscribe all addresses of the person, or the address alone when it is nobody's."""
    contact_id = contacts.behind(session, [key]).get(key)
    found = subscriptions.addresses(session, [contact_id] if contact_id is not None else [])
    hashes = {
        deps.keyed_hash.of(row.workspace_id, one): (contact_id, one)
        for one in {key, *(other for _, other in found)}
    }
    chosen = subscriptions.Chosen(row.workspace_id, deps.now(), pending_id=row.id)
    subscriptions.end_writing(session, chosen, hashes)
