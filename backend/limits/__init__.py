"""Atomic reservation in Redis, shared by all processes: API quota units and send slots.

It fails closed: without Redis nothing is reserved and LimiterUnavailable is raised. Losing Redis
data costs speed and never correctness, because departures are counted from Postgres.

limits  quota units and send slots
visits  rate limits by client address
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
