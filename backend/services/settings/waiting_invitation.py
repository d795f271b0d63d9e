"""An invitation that waits for an answer, behind its lock, and what is said of an ended one."""

from sqlalchemy.orm import Session

from backend.domain.people.invitations import Ending
from backend.errors import NotFound, SettledAlready
from backend.store import invitations
from backend.store.models import Invitation

ENDED = {
    Ending.ACCEPTED: "{email} has accepted already and is in the team.",
    Ending.DECLINED: "{email} has declined. Invite them again if that was a mistake.",
    Ending.REVOKED: "The invitation of {email} was withdrawn already.",
}


def waiting_invitation(session: Session, invitation_id: int) -> Invitation:
    """The invitation, also one past its time. Raises NotFound, and SettledAlready once it ended."""
    row = invitations.lock(session, invitation_id)
    if row is None:
        raise NotFound("There is no such invitation.")
    if row.ended_how is not None:
        raise SettledAlready(ENDED[row.ended_how].format(email=row.email))
    return row
