"""What only the owner of a mailbox decides: how much of it the team reads, and whether strangers'
mail is taken in, too.

Separate from the admin's switches: nobody opens somebody else's mailbox further.
"""

from sqlalchemy.orm import Session

from backend.domain.actor import Actor
from backend.domain.policies import Capture, MailboxKind
from backend.domain.visibility import Visibility
from backend.errors import InputError
from backend.services.deps import Deps
from backend.store import audit, mailboxes
from backend.store.models import Mailbox, TeamMember

NOT_SHARED = (
    "Only an address that an admin marked as shared can take in everybody's mail. Ask an admin to "
    "mark it under Settings, Integrations: Gmail."
)


def choose_sharing(deps: Deps, actor: Actor, wanted: str) -> Visibility:
    """How much of the member's mailbox the team may read from now on, of older mail, too. It can be
    chosen before Gmail is connected. Raises InputError for a level there is none of.
    """
    if wanted not in set(Visibility):
        raise InputError("Nothing was changed.", {"sharing": "Choose one of the three."})
    level = Visibility(wanted)
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = _own(deps, session, actor)
        if mailbox.sharing != level.value:
            mailbox.sharing = level.value
            _note(deps, session, actor, mailbox, "mailbox.sharing", sharing=level.value)
    return level


def choose_taking_in(deps: Deps, actor: Actor, wanted: str) -> Capture:
    """Whether mail of strangers is taken in from now on, too (D-2). Raises InputError."""
    if wanted not in set(Capture):
        raise InputError("Nothing was changed.", {"capture": "Choose one of the two."})
    capture = Capture(wanted)
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = _own(deps, session, actor)
        if capture is Capture.ALL and mailbox.kind != MailboxKind.SHARED.value:
            raise InputError(NOT_SHARED, {"capture": NOT_SHARED})
        if mailbox.capture != capture.value:
            mailbox.capture = capture.value
            _note(deps, session, actor, mailbox, "mailbox.marked", takes_in=capture.value)
    return capture


def _own(deps: Deps, session: Session, actor: Actor) -> Mailbox:
    """The member's own mailbox, which is remembered before it is connected."""
    return mailboxes.ensure(session, session.get_one(TeamMember, actor.member_id), deps.now())


def _note(
    deps: Deps, session: Session, actor: Actor, mailbox: Mailbox, action: str, **detail: str
) -> None:
    subject = f"mailbox:{mailbox.id}"
    audit.note(session, actor, action, subject, now=deps.now(), detail=detail)
