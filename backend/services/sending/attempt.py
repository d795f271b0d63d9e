"""One attempt to send: a place under the limits, the row committed as `sending`, one POST, the
outcome.

Everything that can fail harmlessly comes before the claim, so that after it only the call itself
can.
"""

import structlog

from backend.domain.ids import MailboxId, PendingId, WorkspaceId
from backend.domain.pending import PendingState
from backend.errors import MailboxTrouble, SendRefused, SendUnknown
from backend.google.apis import Access
from backend.limits import Wait
from backend.services.deps import Deps
from backend.services.pacing import pacer
from backend.services.sending import outcome
from backend.services.sending.mime import build
from backend.store import credentials, send_leases
from backend.store.models import PendingMessage
from backend.store.outbox.gate import Passage
from backend.store.outbox.rows import locked, note_step

log = structlog.get_logger(__name__)

SEND_UNITS = 100
"""Quota units of one send (Google's table)."""


def attempt(deps: Deps, workspace_id: WorkspaceId, row: PendingMessage, way: Passage) -> bool:
    """Try to send the row. Returns whether the mailbox may send more now."""
    mailbox_id, pending_id = MailboxId(row.mailbox_id), PendingId(row.id)
    access = open_access(deps, workspace_id, row)
    if access is None or not reserve(deps, workspace_id, row, way):
        return False
    claimed = claim(deps, workspace_id, pending_id)
    if claimed is None:
        deps.limits.release_send(mailbox_id, pending_id)
        return True
    return post(deps, workspace_id, pending_id, access, claimed)


def open_access(deps: Deps, workspace_id: WorkspaceId, row: PendingMessage) -> Access | None:
    """A mailbox that accepts us now, or nothing when the mail had to be held."""
    mailbox_id = MailboxId(row.mailbox_id)
    with deps.store.begin(workspace_id) as session:
        token = credentials.refresh_token(session, deps.sealer, mailbox_id)
    access = Access(mailbox_id, token)
    try:
        deps.google.prepare(access)
    except MailboxTrouble as error:
        outcome.hold_for_mailbox(deps, workspace_id, PendingId(row.id), error)
        return None
    return access


def reserve(deps: Deps, workspace_id: WorkspaceId, row: PendingMessage, way: Passage) -> bool:
    """Take the units and a place under the limits, or note when there will be one."""
    mailbox_id = MailboxId(row.mailbox_id)
    pacer(deps, mailbox_id)(SEND_UNITS)
    place = deps.limits.reserve_send(
        mailbox_id,
        row.id,
        limits=way.gate.limits,
        now=deps.now(),
        departures=way.gate.departures,
    )
    if isinstance(place, Wait):
        with deps.store.begin(workspace_id) as session:
            send_leases.look_again(session, mailbox_id, place.until)
        return False
    return True


def post(
    deps: Deps,
    workspace_id: WorkspaceId,
    pending_id: PendingId,
    access: Access,
    claimed: tuple[bytes, str | None],
) -> bool:
    """The one POST, and what it came to."""
    mime, thread_id = claimed
    try:
        sent = deps.google.send(access, mime, thread_id=thread_id)
    except SendUnknown as doubt:
        outcome.unknown(deps, workspace_id, pending_id, doubt)
        return True
    except SendRefused as refusal:
        deps.limits.release_send(access.mailbox_id, pending_id)
        return outcome.refused(deps, workspace_id, pending_id, refusal)
    except MailboxTrouble as error:
        deps.limits.release_send(access.mailbox_id, pending_id)
        outcome.hold_for_mailbox(deps, workspace_id, pending_id, error)
        return False
    outcome.sent(deps, workspace_id, pending_id, sent)
    deps.limits.release_send(access.mailbox_id, pending_id)  # the departure counts from here
    log.info("mail_sent", mailbox_id=access.mailbox_id, pending_id=str(pending_id))
    return True


def claim(
    deps: Deps, workspace_id: WorkspaceId, pending_id: PendingId
) -> tuple[bytes, str | None] | None:
    """Freeze the bytes and commit `sending`; None when somebody changed the row meanwhile."""
    with deps.store.begin(workspace_id) as session:
        row = locked(session, pending_id)
        if row.state != PendingState.SCHEDULED.value or row.not_before > deps.now():
            return None
        if row.mime is None:
            built = build(session, row)
            row.mime, row.thread_id = built.mime, built.thread_id
        row.state, row.reason = PendingState.SENDING.value, None
        row.attempts += 1
        row.attempted_at, row.lease_until = deps.now(), deps.now() + send_leases.LEASE
        row.before_cursor = outcome.cursor_of(session, row.mailbox_id)
        note_step(session, row, now=deps.now(), detail=f"attempt {row.attempts}")
        return row.mime, row.thread_id
