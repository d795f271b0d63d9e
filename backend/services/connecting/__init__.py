"""Connecting a member's Gmail mailbox, and ending the connection.

The web requests only keep the grant; a worker then takes the cursor, asks for push and imports. On
a disconnect everything that was synced stays, nothing new is read or sent.
"""

from backend.google.oauth import CONNECT, MOVE, Way
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
