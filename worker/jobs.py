"""Every job, one line each into a service. Jobs carry ids and may run twice."""

from backend.domain.ids import CustomerListId, MailboxId, WorkspaceId
from backend.services import (
    client_check,
    reconciling,
    redacting,
    replanning,
    sending,
    setup_checks,
)
from backend.services.customer_lists import working
from backend.services.importing import looking_again, own_addresses, push, runs, syncing
from backend.services.smart_bcc import filing
from worker.context import deps


def sync_mailbox(workspace_id: int, mailbox_id: int) -> None:
    """Bring a mailbox up to date."""
    syncing.sync_mailbox(deps(), WorkspaceId(workspace_id), MailboxId(mailbox_id))


def import_mailbox(workspace_id: int, mailbox_id: int) -> None:
    """Continue a mailbox's import."""
    runs.import_mailbox(deps(), WorkspaceId(workspace_id), MailboxId(mailbox_id))


def audit_mailbox(workspace_id: int, mailbox_id: int) -> None:
    """Check whether any message is missing."""
    runs.audit_mailbox(deps(), WorkspaceId(workspace_id), MailboxId(mailbox_id))


def read_addresses(workspace_id: int, mailbox_id: int) -> None:
    """Read the other addresses a mailbox's owner writes from."""
    own_addresses.read_addresses(deps(), WorkspaceId(workspace_id), MailboxId(mailbox_id))


def renew_watch(workspace_id: int, mailbox_id: int) -> None:
    """Keep push notifications coming."""
    push.renew_watch(deps(), WorkspaceId(workspace_id), MailboxId(mailbox_id))


def look_again(workspace_id: int, mailbox_id: int) -> None:
    """Ask Google again about a blocked mailbox."""
    looking_again.look_again(deps(), WorkspaceId(workspace_id), MailboxId(mailbox_id))


def send_mailbox(workspace_id: int, mailbox_id: int) -> None:
    """Send what is due from a mailbox."""
    sending.send_mailbox(deps(), WorkspaceId(workspace_id), MailboxId(mailbox_id))


def settle_doubts(workspace_id: int, mailbox_id: int) -> None:
    """Search SENT mail for messages whose send outcome is unknown."""
    reconciling.settle_doubts(deps(), WorkspaceId(workspace_id), MailboxId(mailbox_id))


def file_inbound(workspace_id: int) -> None:
    """File what came to Smart BCC addresses."""
    filing.file_inbound(deps(), WorkspaceId(workspace_id))


def redact_mailbox(workspace_id: int, mailbox_id: int) -> None:
    """Remove the texts that only a disconnected mailbox had."""
    redacting.redact_mailbox(deps(), WorkspaceId(workspace_id), MailboxId(mailbox_id))


def replan_workspace(workspace_id: int) -> None:
    """Recompute the forecast of everything pending in a workspace."""
    replanning.replan_workspace(deps(), WorkspaceId(workspace_id))


def go_on_with_list(workspace_id: int, list_id: int) -> None:
    """Check, write or undo a customer list."""
    working.process(deps(), WorkspaceId(workspace_id), CustomerListId(list_id))


def check_client() -> None:
    """Ask Google whether it accepts our OAuth client."""
    client_check.check_again(deps())


def check_setup(workspace_id: int) -> None:
    """Test the set-up for an admin."""
    setup_checks.run_checks(deps(), WorkspaceId(workspace_id))
