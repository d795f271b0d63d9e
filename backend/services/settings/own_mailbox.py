"""Choices of a mailbox's owner alone: how much of it the team reads, and whether strangers' mail is
captured, too.

Separate from the admin's switches: nobody opens somebody else's mailbox further.
"""

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.mail.address import address_key, domain_of, is_free_mail, is_valid_address
from backend.domain.people.actor import Actor
from backend.domain.people.oneself import require_oneself
from backend.domain.people.visibility import Visibility
from backend.domain.policies import Capture, MailboxKind, ReplyQuote
from backend.errors import InputError, NotFound, SettledAlready
from backend.services.late_matching import decide_again
from backend.store import alias_rows, audit, mailboxes
from backend.store.alias_rows import LISTED
from backend.store.models import Mailbox, MailboxAlias, TeamMember
from backend.store.workspace_rules import team

NOT_SHARED = (
    "Only an address that an admin marked as shared can take in everybody's mail. Ask an admin to "
    "mark it under Settings, Integrations: Gmail."
)


def choose_sharing(deps: Deps, actor: Actor, wanted: str) -> Visibility:
    """How much of the member's mailbox the team may read from now on, including older mail. It can
    be chosen before Gmail is connected. Raises InputError for an unknown level.
    """
    require_oneself(actor, "choose who reads their mail")
    if wanted not in set(Visibility):
        raise InputError("Nothing was changed.", {"sharing": "Choose one of the three."})
    level = Visibility(wanted)
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = _own(deps, session, actor)
        if mailbox.sharing != level:
            mailbox.sharing = level
            _note(deps, session, actor, mailbox, "mailbox.sharing", sharing=level)
    return level


def choose_taking_in(deps: Deps, actor: Actor, wanted: str) -> Capture:
    """Whether strangers' mail is captured from now on, too (D-2). Raises InputError."""
    require_oneself(actor, "have strangers' mail logged")
    if wanted not in set(Capture):
        raise InputError("Nothing was changed.", {"capture": "Choose one of the two."})
    capture = Capture(wanted)
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = _own(deps, session, actor)
        if capture is Capture.ALL and mailbox.kind != MailboxKind.SHARED:
            raise InputError(NOT_SHARED, {"capture": NOT_SHARED})
        if mailbox.capture != capture:
            mailbox.capture = capture
            _note(deps, session, actor, mailbox, "mailbox.marked", takes_in=capture)
    return capture


def choose_replies(deps: Deps, actor: Actor, wanted: str) -> None:
    """What is quoted below replies from one's own address (A-6): a value of `reply.quote`, or empty
    for the workspace's choice. Raises InputError.
    """
    if wanted not in {"", *ReplyQuote}:
        raise InputError("Nothing was changed.", {"quote": "Choose one of those in the list."})
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = _own(deps, session, actor)
        if mailbox.reply_quote != (wanted or None):
            mailbox.reply_quote = ReplyQuote(wanted) if wanted else None
            _note(deps, session, actor, mailbox, "mailbox.replies", quote=wanted or "workspace")


def list_alias(deps: Deps, actor: Actor, address: str) -> str:
    """List a further address of one's own (A-17), on one of our domains and nobody else's. Others
    are proven by Gmail or confirmed by an admin. Raises InputError.
    """
    text, key = address.strip(), address_key(address)
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = _own(deps, session, actor)
        wrong = _alias_wrong(session, mailbox, text, key)
        if wrong:
            raise InputError("The alias was not added.", {"alias": wrong})
        session.merge(
            MailboxAlias(
                workspace_id=actor.workspace_id,
                mailbox_id=mailbox.id,
                key=key,
                address=text,
                source=LISTED,
                proven_at=deps.now(),
            )
        )
        decide_again(session, deps, actor.workspace_id, [key])
        _note(deps, session, actor, mailbox, "alias.added")
    return text


def drop_alias(deps: Deps, actor: Actor, address: str) -> None:
    """Remove an address that one listed oneself."""
    key = address_key(address)
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = _own(deps, session, actor)
        found = session.get(MailboxAlias, (mailbox.id, key))
        if found is None:
            raise SettledAlready("This address is not listed any more.")
        if found.source != LISTED:
            raise NotFound("You have not listed this address. Gmail or an admin did.")
        session.delete(found)
        _note(deps, session, actor, mailbox, "alias.removed")


def _alias_wrong(session: Session, mailbox: Mailbox, text: str, key: str) -> str:
    if not is_valid_address(text):
        return "This is not an email address. Correct it."
    ours = team(session)
    if domain_of(key) not in ours.domains or is_free_mail(domain_of(key)):
        return (
            "Only an address of your own company's domains can be listed here. For another one, "
            "set up “Send mail as” in Gmail, or ask an admin."
        )
    holder, member = alias_rows.whose(session, key), ours.member(key)
    if holder not in {None, mailbox.id} or member not in {None, mailbox.owner_id}:
        return "This address belongs to a colleague."
    return ""


def _own(deps: Deps, session: Session, actor: Actor) -> Mailbox:
    """The member's own mailbox, which has a row before it is connected."""
    return mailboxes.ensure(session, session.get_one(TeamMember, actor.member_id), deps.now())


def _note(
    deps: Deps, session: Session, actor: Actor, mailbox: Mailbox, action: str, **detail: str
) -> None:
    subject = f"mailbox:{mailbox.id}"
    audit.note(session, actor, action, subject, now=deps.now(), detail=detail)
