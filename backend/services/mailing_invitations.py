"""Sends an invitation from the inviting admin's Gmail: people trust mail from a colleague they
know, and it is in that admin's Sent mail.
"""

from backend.deps import Deps
from backend.domain.people.actor import Actor
from backend.domain.people.invitations import letter
from backend.domain.people.roles import Permission
from backend.errors import Conflict
from backend.services.composing import Draft, start_among_us
from backend.services.settings.rights import require
from backend.services.settings.waiting_invitation import waiting_invitation
from backend.store import choices

OVER = "This invitation has expired. Renew it first."


def mail_invitation(deps: Deps, actor: Actor, *, invitation_id: int, sign_in: str) -> str:
    """Queue a message with the link to accept, once each time the invitation is made or renewed.
    Returns the recipient. Raises NotFound, SettledAlready, Conflict once it expired, and
    MailboxDisconnected without a mailbox of one's own.
    """
    require(actor, Permission.TEAM_MANAGE)
    with deps.store.begin(actor.workspace_id) as session:
        row = waiting_invitation(session, invitation_id)
        if row.expires_at <= deps.now():
            raise Conflict(OVER)
        email, asked_at = row.email, row.invited_at
        workspace = choices.workspace(session, actor.workspace_id).name
    subject, body = letter(workspace, sign_in)
    draft = Draft(to=(email,), subject=subject, body_text=body, literal=True)
    start_among_us(
        deps, actor, draft=draft, nonce=f"invitation {invitation_id} {asked_at.isoformat()}"
    )
    return email
