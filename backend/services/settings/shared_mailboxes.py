"""Sets up a shared mailbox: its name, its template, whose name recipients see, what is quoted below
replies, which mail it captures, and who may write from it. All of it can be changed later (A-6).
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import MailboxId, MemberId
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed, granted, refusal
from backend.domain.policies import Capture, FromName, ReplyQuote
from backend.domain.writing.sender_name import checked_name
from backend.errors import InputError, NotAllowed
from backend.services.planning import rules_changed
from backend.store import audit, shared_mailboxes
from backend.store.models import Mailbox
from backend.store.workspace_rules import policies

REFUSED = "Nothing was saved. Correct the marked fields."
OWNERS_ALONE = (
    "Only the person who signs in as this address can have strangers' mail logged, under Email "
    "settings."
)


@dataclass(frozen=True, kw_only=True)
class SharedChoices:
    """What was entered. Empty texts stand for the workspace's choice, and for no template."""

    display_name: str
    template_id: int | None
    from_name: str
    reply_quote: str
    capture: str
    users: frozenset[MemberId]


def require_sharing(session: Session, actor: Actor) -> None:
    """Raise NotAllowed unless the workspace lets this member set up shared mailboxes (D-20)."""
    grants, permission = granted(policies(session)), Permission.MAILBOX_CONNECT_SHARED
    if not allowed(actor.role, permission, own=False, grants=grants):
        raise NotAllowed(refusal(permission, own=False, grants=grants))


def change_shared_mailbox(
    deps: Deps, actor: Actor, *, mailbox_id: MailboxId, wanted: SharedChoices
) -> str:
    """Save the choices; waiting mail follows them. Returns the address. Raises InputError."""
    with deps.store.begin(actor.workspace_id) as session:
        require_sharing(session, actor)
        mailbox = shared_mailboxes.get(session, mailbox_id)
        name = _check(session, actor, mailbox, wanted)
        mailbox.display_name = name
        mailbox.template_id = wanted.template_id
        mailbox.from_name = FromName(wanted.from_name) if wanted.from_name else None
        mailbox.reply_quote = ReplyQuote(wanted.reply_quote) if wanted.reply_quote else None
        mailbox.capture = Capture(wanted.capture)
        shared_mailboxes.let_use(session, mailbox, wanted.users, deps.now())
        detail: dict[str, str | int] = {
            "name": name,
            "template": wanted.template_id or "none",
            "from_name": wanted.from_name or "workspace",
            "quote": wanted.reply_quote or "workspace",
            "takes_in": wanted.capture,
            "users": ", ".join(map(str, sorted(wanted.users))) or "nobody",
        }
        subject = f"mailbox:{mailbox_id}"
        audit.note(session, actor, "mailbox.shared_changed", subject, now=deps.now(), detail=detail)
        rules_changed(session, mailbox_id, deps.now())
        return mailbox.email


def _check(session: Session, actor: Actor, mailbox: Mailbox, wanted: SharedChoices) -> str:
    """The cleaned display name. Raises InputError that names each bad field."""
    wrong, name = _unknown(session, wanted), ""
    try:
        name = checked_name(wanted.display_name)
    except InputError as error:
        wrong |= error.fields
    changes = wanted.capture != mailbox.capture
    if changes and wanted.capture == Capture.ALL and _is_a_persons(mailbox, actor):
        wrong["capture"] = OWNERS_ALONE
    if wrong:
        raise InputError(REFUSED, wrong)
    return name


def _is_a_persons(mailbox: Mailbox, actor: Actor) -> bool:
    return mailbox.owner_id not in {None, actor.member_id}


def _unknown(session: Session, wanted: SharedChoices) -> dict[str, str]:
    """The fields whose value is none of the offered ones."""
    offered = (
        ("from_name", wanted.from_name in {"", *FromName}),
        ("reply_quote", wanted.reply_quote in {"", *ReplyQuote}),
        ("capture", wanted.capture in set(Capture)),
        ("template_id", wanted.template_id in _templates(session)),
    )
    wrong = {name: "Choose one of those in the list." for name, known in offered if not known}
    if not wanted.users <= {one.id for one in shared_mailboxes.active_members(session)}:
        wrong["users"] = "Choose members of your team."
    return wrong


def _templates(session: Session) -> set[int | None]:
    return {None, *(one.id for one in shared_mailboxes.templates(session))}
