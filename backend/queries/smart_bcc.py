"""The Smart BCC addresses a member may use, each with its state."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.capture.smart_bcc import MailState, address_of, may_replace
from backend.domain.capture.smart_bcc_rule import told
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed
from backend.domain.summaries.smart_bcc import CaptureAddressLine, SmartBccView, WaitingMailLine
from backend.store import capture_addresses, inbound_mails

NO_DOMAIN = (
    "Smart BCC is not set up on this installation. Its operator sets RAPPORT_CAPTURE_DOMAIN; the "
    "README says how."
)


def smart_bcc_view(deps: Deps, actor: Actor) -> SmartBccView:
    """Smart BCC in the member's settings."""
    if deps.capture_domain is None:
        return SmartBccView(addresses=(), missing=NO_DOMAIN)
    with deps.store.begin(actor.workspace_id) as session:
        rows = capture_addresses.shown_to(session, actor.member_id, deps.now())
        return SmartBccView(
            addresses=tuple(
                CaptureAddressLine(
                    id=row.id,
                    kind=row.kind,
                    address=address_of(row.token, deps.capture_domain),
                    of=email or "",
                    may_replace=row.retired_at is None and may_replace(actor, row.kind),
                    ends_at=row.ends_at,
                    last_used_at=row.last_used_at,
                )
                for row, email in rows
            )
        )


def own_address(deps: Deps, session: Session, actor: Actor) -> str:
    """The member's own address; empty if there is none."""
    row = capture_addresses.current_of_member(session, actor.member_id)
    if row is None or deps.capture_domain is None:
        return ""
    return address_of(row.token, deps.capture_domain)


MOST_SHOWN = 100


def waiting_mail(deps: Deps, actor: Actor) -> Sequence[WaitingMailLine]:
    """Mail to the member's addresses that is not filed: held or left out, newest first."""
    states = (MailState.HELD, MailState.LEFT_OUT)
    with deps.store.begin(actor.workspace_id) as session:
        found = inbound_mails.list_of(
            session, actor.member_id, admin=is_admin(actor), states=states, most=MOST_SHOWN
        )
        return [
            WaitingMailLine(
                id=mail.id,
                waits=mail.state is MailState.HELD,
                sender=mail.sender,
                recipients=mail.recipients,
                subject=mail.subject,
                why=told(mail.reason or ""),
                proposed=mail.proposed,
                old_address=address.retired_at is not None,
                received_at=mail.received_at,
            )
            for mail, address in found
        ]


def waiting_count(deps: Deps, actor: Actor) -> int:
    """How many of them wait for the member to decide."""
    with deps.store.begin(actor.workspace_id) as session:
        return inbound_mails.held_count(session, actor.member_id, admin=is_admin(actor))


def is_admin(actor: Actor) -> bool:
    """Whether the actor decides about mail to shared addresses."""
    return allowed(actor.role, Permission.TEAM_MANAGE, own=False)
