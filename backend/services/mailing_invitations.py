"""An invitation as mail from the Gmail of the admin who invites: people trust a mail of a colleague
they know, and it is in that admin's Sent mail.
"""

from backend.deps import Deps
from backend.domain.people.actor import Actor
from backend.domain.people.invitations import letter
from backend.domain.people.roles import Permission
from backend.errors import NotFound
from backend.services.composing import Draft, start_among_us
from backend.services.settings.rights import require
from backend.store import choices, invitations

OVER = "This invitation has ended: it was accepted, declined or taken back, or it has expired."


def mail_invitation(deps: Deps, actor: Actor, *, invitation_id: int, sign_in: str) -> str:
    """Queue a mail with the way to accept, once for each time the invitation was made or renewed.
    Whom it goes to. Raises NotFound, and MailboxDisconnected without a mailbox of one's own.
    """
    require(actor, Permission.TEAM_MANAGE)
    with deps.store.begin(actor.workspace_id) as session:
        row = invitations.lock(session, invitation_id)
        if row is None or row.expires_at <= deps.now():
            raise NotFound(OVER)
        email, asked_at = row.email, row.invited_at
        workspace = choices.workspace(session, actor.workspace_id).name
    subject, body = letter(workspace, sign_in)
    draft = Draft(to=(email,), subject=subject, body_text=body, literal=True)
    start_among_us(
        deps, actor, draft=draft, nonce=f"invitation {invitation_id} {asked_at.isoformat()}"
    )
    return email
