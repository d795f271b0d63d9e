"""`rapport why` and `rapport audit`: why a message is here or not, and whether any is missing."""

import click

from backend.cli.outside import in_workspace, member, outside_world
from backend.domain.mail.address import address_key
from backend.domain.summaries.why import WhyDecision
from backend.errors import NotFound
from backend.jobs import JobName
from backend.local.attach import settings_here
from backend.queries.why import why as explain
from backend.store import mailboxes


@click.command()
@click.option("--as", "email", required=True, metavar="EMAIL", help="The colleague who asks.")
@in_workspace
@click.argument("message")
def why(email: str, workspace: str, message: str) -> None:
    """Say why MESSAGE is logged or not.

    MESSAGE is its Gmail id or its Message-ID header. A member sees their own mailbox, an
    administrator all of them.
    """
    with outside_world(settings_here()) as deps:
        found = explain(deps, member(deps, email, workspace), asked=message)
    if not found.decisions:
        raise NotFound("Nothing was decided about such a message in a mailbox that you may see.")
    for decision in found.decisions:
        click.echo(decision_lines(decision))


def decision_lines(decision: WhyDecision) -> str:
    """One decision as two lines."""
    received = (
        f", received {decision.received_at:%Y-%m-%d %H:%M} UTC" if decision.received_at else ""
    )
    setting = f" The setting behind it: {decision.setting}." if decision.setting else ""
    return (
        f"{decision.outcome} in {decision.mailbox_email}{received}: {decision.sentence}{setting}\n"
        f"    {decision.rule}; {decision.path}; {decision.decided_at:%Y-%m-%d %H:%M} UTC"
    )


@click.command()
@click.argument("email")
def audit(email: str) -> None:
    """Compare the mailbox EMAIL with Gmail now, instead of tonight."""
    with outside_world(settings_here()) as deps:
        with deps.store.begin_global() as session:
            found = mailboxes.by_address(session, address_key(email))
        if not found:
            raise NotFound(f"No connected mailbox has the address {email}.")
        for workspace_id, mailbox_id in found:
            deps.jobs.enqueue(JobName.AUDIT_MAILBOX, workspace_id, mailbox_id)
    click.echo("A worker compares it with Gmail. The result will appear under Imports.")
