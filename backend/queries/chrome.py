"""What every page shows: the state of the reader's mailbox, and how many messages wait."""

from backend.deps import Deps
from backend.domain.people.actor import Actor
from backend.domain.summaries.chrome import Chrome
from backend.queries.mailboxes.lines import mailbox_summaries, of_member
from backend.queries.pending.listing import counts_by_state
from backend.store import choices


def chrome(deps: Deps, actor: Actor) -> Chrome:
    """The frame of a page, in one short transaction."""
    with deps.store.begin(actor.workspace_id) as session:
        row = of_member(session, actor.member_id)
        mailbox = mailbox_summaries(session, [row], deps.now())[0] if row else None
        name = choices.workspace(session, actor.workspace_id).name
        waiting = sum(counts_by_state(session).values())
    run = mailbox.running_import if mailbox else None
    pill = f"Importing {run.scanned:,} of {run.wanted:,}" if run and run.wanted else ""
    return Chrome(workspace=name, mailbox=mailbox, waiting=waiting, pill=pill)
