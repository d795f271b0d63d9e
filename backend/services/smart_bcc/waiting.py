"""The owner of an address accepts or discards held mail."""

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.capture.smart_bcc import MailState
from backend.domain.capture.smart_bcc_rule import told
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed
from backend.errors import InputError, NotFound, SettledAlready
from backend.services.smart_bcc.filing import settle_mail
from backend.store import audit, inbound_mails
from backend.store.models import InboundMail

NOT_THERE = "There is no such mail, or it is not yours to decide about."
DECIDED = "This mail does not wait any more: it was decided about already."


def accept(deps: Deps, actor: Actor, mail_id: int) -> None:
    """File a held message, vouching for its sender. The capture rule still has the last word.

    Raises NotFound, SettledAlready when somebody was faster, and InputError when it can't be filed.
    """
    with deps.store.begin(actor.workspace_id) as session:
        _held(session, actor, mail_id)
    state = settle_mail(deps, actor.workspace_id, mail_id, by=actor)
    if state is None:
        raise SettledAlready(DECIDED)
    with deps.store.begin(actor.workspace_id) as session:
        mail = inbound_mails.locked(session, mail_id)
        subject = f"inbound_mail:{mail_id}"
        audit.note(session, actor, "inbound_mail.accepted", subject, now=deps.now())
        reason = mail.reason if mail is not None else ""
    if state is not MailState.FILED:
        raise InputError(f"It was not filed. {told(reason or '')}")


def discard(deps: Deps, actor: Actor, mail_id: int) -> None:
    """Discard a held message. Raises NotFound and SettledAlready."""
    with deps.store.begin(actor.workspace_id) as session:
        mail = _held(session, actor, mail_id)
        mail.state, mail.settled_at, mail.settled_by = (
            MailState.DISCARDED,
            deps.now(),
            actor.member_id,
        )
        mail.sender = mail.recipients = mail.subject = mail.proposed = ""
        inbound_mails.forget_content(session, mail_id)
        subject = f"inbound_mail:{mail_id}"
        audit.note(session, actor, "inbound_mail.discarded", subject, now=deps.now())


def _held(session: Session, actor: Actor, mail_id: int) -> InboundMail:
    mail = inbound_mails.locked(session, mail_id)
    admin = allowed(actor.role, Permission.TEAM_MANAGE, own=False)
    if mail is None or not inbound_mails.is_for(session, mail, actor.member_id, admin=admin):
        raise NotFound(NOT_THERE)
    if mail.state is not MailState.HELD:
        raise SettledAlready(DECIDED)
    return mail
