"""Atomic reservation in Redis, shared by all processes: API units and places to send.

It fails closed: without Redis nothing is taken and LimiterUnavailable is raised. Losing what Redis
holds costs speed and never correctness, because departures are counted from Postgres.
"""

from backend.limits.limits import (
    MAILBOX_BURST,
    MAILBOX_UNITS,
    PATIENCE,
    PROJECT_UNITS,
    Limits,
    Reserved,
    Wait,
)

__all__ = [
    "MAILBOX_BURST",
    "MAILBOX_UNITS",
    "PATIENCE",
    "PROJECT_UNITS",
    "Limits",
    "Reserved",
    "Wait",
]
