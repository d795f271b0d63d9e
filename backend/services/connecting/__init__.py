"""Connecting a member's Gmail mailbox, and ending the connection.

The web requests only keep the grant; a worker then takes the cursor, asks for push and imports. On
a disconnect everything that was synced stays, nothing new is read or sent.
"""

from backend.google.oauth import CONNECT, MOVE, Way
from backend.services.connecting.confirming import confirm, refuse, unconfirmed
from backend.services.connecting.disconnecting import disconnect
from backend.services.connecting.journey import begin, finish, is_away, needs_warning
from backend.services.connecting.keeping import is_connected
from backend.services.connecting.naming import rename
from backend.services.connecting.outcome import Connected, Unconfirmed
from backend.services.connecting.rights import may_connect

__all__ = [
    "CONNECT",
    "MOVE",
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
    "needs_warning",
    "refuse",
    "rename",
    "unconfirmed",
]
