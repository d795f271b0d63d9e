"""Gmail for the workspace: the switch, who is connected, and whose mailbox is missing."""

from backend.deps import Deps
from backend.domain.people.actor import Actor
from backend.domain.summaries.administration import GmailSwitch
from backend.queries.mailboxes.lines import all_mailboxes, mailbox_summaries
from backend.queries.mailboxes.listing import members_without
from backend.store import choices, team
from backend.store.team import member_line


def gmail_switch(deps: Deps, actor: Actor) -> GmailSwitch:
    """Whether Gmail is on, whose mailboxes are connected, and whose are missing (V-34)."""
    with deps.store.begin(actor.workspace_id) as session:
        workspace = choices.workspace(session, actor.workspace_id)
        by = workspace.gmail_enabled_by
        names = team.members_by_id(session, [by] if by is not None else [])
        rows = all_mailboxes(session)
        return GmailSwitch(
            enabled_at=workspace.gmail_enabled_at,
            enabled_by=names[by].name if by is not None and by in names else None,
            mailboxes=tuple(mailbox_summaries(session, rows, deps.now())),
            without=tuple(member_line(row) for row in members_without(session)),
        )
