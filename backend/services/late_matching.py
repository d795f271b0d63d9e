"""Earlier mail of a new contact: offered, or captured automatically (D-5, M4).

Separate from making contacts, which several paths lead to. Such mail goes through the list of
messages to fetch, so a crash loses nothing and the same rules decide as for new mail.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.capture.late_match import BringIn, LeaveOut, Offer, on_new_address
from backend.domain.ids import ContactId, MailboxId, MemberId, WorkspaceId
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, may_bring_in, refusal
from backend.domain.reasons import Reason
from backend.domain.summaries.people import EarlierMail
from backend.errors import InputError, NotAllowed
from backend.jobs import JobName
from backend.store import audit, late_matches
from backend.store.session import after_commit
from backend.store.workspace_rules import policies

KEPT_OUT = (
    "This workspace keeps mail out that came before somebody was a contact. "
    "An admin can change that under Policies, at Contact added later."
)


def earlier_mail(deps: Deps, actor: Actor, contact_id: ContactId) -> EarlierMail | None:
    """What the workspace's policy offers to capture, of what the actor may read: colleagues decide
    about their own earlier correspondence. None when it offers nothing.
    """
    if not may_bring_in(actor.role):
        return None
    with deps.store.begin(actor.workspace_id) as session:
        chosen = policies(session).late_match
        hashes = hashed(deps, actor, late_matches.address_keys(session, contact_id))
        found = late_matches.left_out(session, hashes, actor.member_id)
    answer = on_new_address(chosen, sum(one.count for one in found))
    if not isinstance(answer, Offer):
        return None
    return EarlierMail(
        offer=answer.sentence,
        mailboxes=tuple((one.mailbox, one.count) for one in found),
        oldest_at=min(known(one.oldest_at for one in found), default=None),
        newest_at=max(known(one.newest_at for one in found), default=None),
    )


def bring_in(deps: Deps, actor: Actor, contact_id: ContactId) -> int:
    """Fetch the contact's earlier mail from the actor's own mailbox. Returns how many messages are
    on their way. Asking twice adds nothing.
    """
    if not may_bring_in(actor.role):
        raise NotAllowed(refusal(Permission.MESSAGE_LOG, own=True))
    with deps.store.begin(actor.workspace_id) as session:
        if isinstance(on_new_address(policies(session).late_match, 1), LeaveOut):
            raise InputError(KEPT_OUT)
        return fetch_again(session, deps, actor, contact_id, reader=actor.member_id)


def bring_along(
    session: Session, deps: Deps, actor: Actor, contact_id: ContactId, *, asked: bool
) -> None:
    """Together with a new contact: all of it when the policy says so, the actor's own when they ask
    for it.
    """
    match on_new_address(policies(session).late_match, 1):
        case BringIn():
            fetch_again(session, deps, actor, contact_id, reader=None)
        case Offer() if asked and may_bring_in(actor.role):
            fetch_again(session, deps, actor, contact_id, reader=actor.member_id)
        case Offer() | LeaveOut():
            pass


def decide_again(
    session: Session, deps: Deps, workspace_id: WorkspaceId, keys: Iterable[str]
) -> None:
    """These addresses turned out to be ours: mail left out because a stranger seemed to have sent
    it is read again. What was left out because of its people stays out, even if one is a contact by
    now.
    """
    hashes = [deps.keyed_hash.of(workspace_id, key) for key in keys]
    found = late_matches.fetch_again(session, hashes, deps.now(), reason=Reason.THIRD_PARTY_SENDER)
    start_once_durable(session, deps, workspace_id, found)


def fetch_again(
    session: Session,
    deps: Deps,
    actor: Actor,
    contact_id: ContactId,
    *,
    reader: MemberId | None,
) -> int:
    """Put it on the list within the caller's transaction, and start fetching after commit."""
    keys = late_matches.address_keys(session, contact_id)
    found = late_matches.fetch_again(session, hashed(deps, actor, keys), deps.now(), reader=reader)
    number = sum(found.values())
    if number:
        subject, detail = f"contact:{contact_id}", {"messages": number}
        audit.note(session, actor, "contact.earlier_mail", subject, now=deps.now(), detail=detail)
    start_once_durable(session, deps, actor.workspace_id, found)
    return number


def start_once_durable(
    session: Session, deps: Deps, workspace_id: WorkspaceId, mailboxes: Iterable[MailboxId]
) -> None:
    """Fetch what was put on the lists of these mailboxes, after commit."""

    def start() -> None:
        for mailbox_id in mailboxes:
            deps.jobs.enqueue(JobName.IMPORT_MAILBOX, workspace_id, mailbox_id)

    after_commit(session, start)


def hashed(deps: Deps, actor: Actor, keys: Iterable[str]) -> list[bytes]:
    """The addresses as keyed hashes, as decisions store them."""
    return [deps.keyed_hash.of(actor.workspace_id, key) for key in keys]


def known(moments: Iterable[datetime | None]) -> list[datetime]:
    """The values that are not None."""
    return [one for one in moments if one is not None]
