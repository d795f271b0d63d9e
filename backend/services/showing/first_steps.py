"""The first steps of a workspace, each with whether it is done."""

from backend.domain.people.actor import Actor
from backend.domain.summaries.first_steps import FirstSteps
from backend.services.deps import Deps
from backend.store import choices, contacts, invitations, mailbox_lists, mailboxes, team


def first_steps(deps: Deps, actor: Actor) -> FirstSteps:
    """What an admin has still to do before the team can work."""
    now = deps.now()
    with deps.store.begin(actor.workspace_id) as session:
        workspace = choices.workspace(session, actor.workspace_id)
        mine = mailboxes.of_member(session, actor.member_id)
        boxes = mailbox_lists.all_mailboxes(session)
        return FirstSteps(
            workspace=workspace.name,
            has_customers=contacts.any_contact(session),
            gmail_on=workspace.gmail_enabled_at is not None,
            somebody_connected=any(row.mailbox.sealed_token is not None for row in boxes),
            me_connected=bool(mine and mine.sealed_token is not None),
            colleagues=team.count_active(session, now) - 1,
            asked=invitations.count_waiting(session, now),
        )
