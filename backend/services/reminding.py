"""Reminds colleagues of what they still have to do, by mail from the admin's own Gmail."""

from collections.abc import Sequence

from backend.deps import Deps
from backend.domain.people.actor import Actor
from backend.domain.people.invitations import reminder
from backend.domain.people.roles import Permission
from backend.domain.summaries.coverage import CoverageLine
from backend.errors import InputError
from backend.services.composing import Draft, start_among_us
from backend.services.settings.rights import require
from backend.store import choices

MOST_AT_ONCE = 200


def remind(deps: Deps, actor: Actor, *, people: Sequence[CoverageLine], sign_in: str) -> int:
    """Queue a message to each, at most once a day for the same thing. Returns how many. Raises
    InputError for nobody, and MailboxDisconnected without a mailbox of one's own.
    """
    require(actor, Permission.TEAM_MANAGE)
    to_do = [one for one in people if one.next is not None][:MOST_AT_ONCE]
    if not to_do:
        raise InputError("Tick at least one person who is missing something.")
    with deps.store.begin(actor.workspace_id) as session:
        workspace = choices.workspace(session, actor.workspace_id).name
    for one in to_do:
        subject, body = reminder(workspace, str(one.next), sign_in)
        draft = Draft(to=(one.email,), subject=subject, body_text=body, literal=True)
        nonce = f"reminder {one.email} {one.next} {deps.now().date()}"
        start_among_us(deps, actor, draft=draft, nonce=nonce)
    return len(to_do)
