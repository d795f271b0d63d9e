"""How much an account may send in any 24 hours: the cap of Gmail itself, not the rate of its API.

Separate from the quota because it counts mails, and because it stops for hours and not for seconds.
(Google Workspace Admin help, article 166852; a free account has less.)
"""

from datetime import timedelta

from backend.simulator.clock import epoch_ms, from_epoch_ms
from backend.simulator.config import QuotaMode
from backend.simulator.gmail.context import Context
from backend.simulator.gmail.errors import MAIL_SENDING, over_sending_limit

PERIOD = timedelta(hours=24)
OF_WORKSPACE, OF_FREE_ACCOUNT = 2000, 500
FREE_DOMAINS = ("@gmail.com", "@googlemail.com")


def check_sending_limit(context: Context) -> None:
    """Refuse what goes beyond the cap, until the oldest mail of the period is old enough."""
    if context.world.quota.mode is QuotaMode.OFF:
        return
    most = OF_FREE_ACCOUNT if context.mailbox.endswith(FREE_DOMAINS) else OF_WORKSPACE
    since = epoch_ms(context.world.clock.now() - PERIOD)
    oldest_that_counts = context.db.execute(
        "SELECT sent_at FROM accepted_send WHERE mailbox = ? AND sent_at > ?"
        " ORDER BY sent_at DESC LIMIT 1 OFFSET ?",
        (context.mailbox, since, most - 1),
    ).fetchone()
    if oldest_that_counts is not None:
        free_at = from_epoch_ms(oldest_that_counts["sent_at"]) + PERIOD
        raise over_sending_limit(free_at, purpose=MAIL_SENDING)
