"""Connecting a member's Gmail mailbox, and disconnecting it.

The web requests only store the grant; a worker then takes the cursor, asks for push and imports
(`importing/opening`, `importing/runs`). After a disconnect everything synced stays; nothing new is
read or sent.

authorizing  the OAuth flow, confirmed by the mailbox's owner
checks       who may connect which address
grants       refresh tokens: stored, revoked
sharing      connects a mailbox that belongs to no member
moving       moves a member to another address (H-22)
"""

from backend.google.oauth import CONNECT, MOVE, SHARE, Way
from backend.services.connecting.authorizing import (
    Connected,
    Unconfirmed,
    begin,
    confirm,
    finish,
    is_away,
    needs_warning,
    refuse,
    unconfirmed,
)
from backend.services.connecting.checks import may_connect, rename
from backend.services.connecting.grants import disconnect, is_connected
from backend.services.connecting.sharing import may_connect_shared, may_set_up_shared

__all__ = [
    "CONNECT",
    "MOVE",
    "SHARE",
    "Connected",
    "Unconfirmed",
    "Way",
    "begin",
    "confirm",
    "disconnect",
    "finish",
    "is_away",
    "is_connected",
    "may_connect",
    "may_connect_shared",
    "may_set_up_shared",
    "needs_warning",
    "refuse",
    "rename",
    "unconfirmed",
]
