"""Receives mail: finds the owner of an address, and stores the message before LMTP confirms it.

The only decision here is whether the address works. A database outage raises StoreUnavailable,
which every path answers so that the mail is sent again.
"""

from dataclasses import dataclass
from typing import IO

import structlog

from backend.deps import Deps
from backend.domain.capture.smart_bcc import Road, token_of
from backend.domain.ids import WorkspaceId
from backend.errors import Conflict, NotFound
from backend.jobs import JobName
from backend.store import capture_addresses, inbound_mails
from backend.store.inbound_mails import Arrived

log = structlog.get_logger(__name__)

UNKNOWN = "There is no such address here"
ENDED = "This address was replaced and no longer works"


@dataclass(frozen=True)
class Destination:
    """A working address, in its workspace."""

    workspace_id: WorkspaceId
    address_id: int


def find_address(deps: Deps, recipient: str) -> Destination:
    """The owner of an address. Raises NotFound for an unknown one, Conflict for one that has
    ended.
    """
    token = token_of(recipient, deps.capture_domain) if deps.capture_domain else None
    if token is None:
        raise NotFound(UNKNOWN)
    with deps.store.begin_global() as session:
        address = capture_addresses.by_token(session, token)
        if address is None:
            raise NotFound(UNKNOWN)
        if address.ends_at is not None and address.ends_at <= deps.now():
            raise Conflict(ENDED)
        return Destination(address.workspace_id, address.id)


def is_replayed(deps: Deps, arrived: Arrived) -> bool:
    """Whether a signature that does not cover the message (Mailgun's) was used for another one."""
    if arrived.via is not Road.MAILGUN:
        return False
    with deps.store.begin_global() as session:
        return inbound_mails.used_for_another(session, arrived)


def take_mail(deps: Deps, arrived: Arrived, content: IO[bytes]) -> bool:
    """Store a message and have it filed. Returns whether it is new; a duplicate is no error."""
    new = inbound_mails.take(deps.store, arrived, content)
    log.info("inbound_mail", via=arrived.via, size=arrived.size, new=new)
    if new:
        deps.jobs.enqueue(JobName.FILE_INBOUND, arrived.workspace_id)
    return new
