"""The offer to unsubscribe: whether a mail makes it, and what its link carries.

Separate from `suppression`, which says what an unsubscribe stops. A link has to work for years,
whatever becomes of the keys of a session: it names the mail, and is vouched for by a keyed hash.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from backend.domain.ids import PendingId, WorkspaceId

MOST_PREFIX, MOST_LINK_TEXT = 200, 60
"""Characters of what stands before the link, and of the link."""

PREFIX, LINK_TEXT = "Rather not hear from us?", "Unsubscribe"
"""What stands there until an admin writes something else."""

_ID_BYTES = 8
_HEAD = _ID_BYTES + 16
_SEAL = 16
_TOKEN_CHARS = 54


class Offer(StrEnum):
    """Whether a conversation was started with "Allow unsubscribes" (VC-30). An answer has none."""

    OFFERED = "offered"
    WITHHELD = "withheld"


@dataclass(frozen=True)
class Named:
    """The mail that a link is for, and the seal that has to be right."""

    workspace_id: WorkspaceId
    pending_id: PendingId
    seal: bytes


def sealed_text(pending_id: PendingId) -> str:
    """What the keyed hash of a link is made of. No address looks like it."""
    return f"unsubscribe:{pending_id}"


def token_of(named: Named) -> str:
    """The link's last part.

    >>> here = Named(WorkspaceId(7), PendingId(UUID(int=5)), bytes(16))
    >>> read_token(token_of(here)) == here
    True
    """
    head = named.workspace_id.to_bytes(_ID_BYTES) + named.pending_id.bytes
    return urlsafe_b64encode(head + named.seal).decode().rstrip("=")


def read_token(token: str) -> Named | None:
    """What a link names, or nothing when it is cut or was never one of ours.

    >>> read_token("half-of-it") is None
    True
    """
    if len(token) != _TOKEN_CHARS or not token.isascii():
        return None
    try:
        found = urlsafe_b64decode(token + "==")
    except binascii.Error:
        return None
    if len(found) != _HEAD + _SEAL:
        return None
    workspace_id = int.from_bytes(found[:_ID_BYTES])
    pending_id = PendingId(UUID(bytes=found[_ID_BYTES:_HEAD]))
    return Named(WorkspaceId(workspace_id), pending_id, found[_HEAD:])
