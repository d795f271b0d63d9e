"""How often a mailbox is asked for news beside Gmail's notifications, and why as often as that.

A poll reads the history from the stored place and costs 2 units, so a minute is cheap; but as long
as notifications come, it would be for nothing.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

POLL_AFTER = timedelta(minutes=15)
"""A mailbox whose notifications come is polled all the same: one may be lost."""

POLL_CLOSELY = timedelta(minutes=1)
"""The same while there is a reason not to rely on notifications."""

PUSH_TAKES = timedelta(seconds=30)
"""News without a notification this long after they were read will get none. Most come within 2
seconds.
"""

WATCH_ANEW_AFTER = timedelta(hours=1)
"""While notifications are missing, Gmail is asked for them again this often."""


class PollReason(StrEnum):
    """Why a mailbox is polled every minute. It ends when a notification arrives."""

    NO_PUSH = "no_push"
    PUSH_REFUSED = "push_refused"
    PUSH_LOST = "push_lost"


BECAUSE: Mapping[PollReason, str] = {
    PollReason.NO_PUSH: "This installation has no topic for Gmail's notifications.",
    PollReason.PUSH_REFUSED: "Gmail refused to send notifications.",
    PollReason.PUSH_LOST: (
        "Gmail sent no notification of some mail. Notifications were requested again."
    ),
}
