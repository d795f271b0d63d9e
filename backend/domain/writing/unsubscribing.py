"""The offer to unsubscribe: whether a mail makes it, and what its link carries.

Separate from `suppression`, which says what an unsubscribe stops. A link has to work for years,
beyond any session key: it names the mail, and is vouched for by a keyed hash.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from backend.domain.ids import PendingId, WorkspaceId

MOST_PREFIX, MOST_LINK_TEXT = 200, 60
"""Characters of the text before the link, and of the link."""

PREFIX, LINK_TEXT = "Rather not hear from us?", "Unsubscribe"
"""The default text."""

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


@dataclass(frozen=True, slots=True)
class UnsubscribeLink:
    """The line at the end of a mail. `one_click` says that the link stands for one address, so
    that a mail program may press it (RFC 8058).
    """

    url: str
    prefix: str
    text: str
    one_click: bool = False


def sealed_text(pending_id: PendingId) -> str:
    """What the keyed hash of a link is made of. No address looks like it."""
    return f"unsubscribe:{pending_id}"


def link_at_the_end(
    workspace_id: WorkspaceId,
    pending_id: PendingId,
    line: tuple[str, str],
    *,
    hashed: Callable[[WorkspaceId, str], bytes],
    root: str,
    to: int,
) -> UnsubscribeLink:
    """The line of a mail that goes `to` so many addresses; `line` is its prefix and its text.
    `hashed` is the keyed hash of a workspace, and `root` the address of the installation.
    """
    prefix, text = line
    token = token_of(Named(workspace_id, pending_id, hashed(workspace_id, sealed_text(pending_id))))
    return UnsubscribeLink(f"{root}/u/{token}", prefix, text, one_click=to == 1)


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
