"""The pause of a mailbox after a failure: how long, and the reason shown on its messages
meanwhile.
"""

from datetime import datetime, timedelta

from backend.domain.backoff import pause
from backend.domain.reasons import Reason
from backend.services.sending.send_lease import SendLease, Stop
from backend.services.troubles import MOST_COUNTED, chance
from backend.store import mailboxes, send_leases

FIRST = timedelta(minutes=1)
"""The first pause of sending: as long as the gap between two departures anyway."""

LONGEST = timedelta(minutes=10)
"""The longest pause for a temporary failure: a single message must not wait much longer than the
failure lasts, and one attempt in ten minutes costs Google nothing.
"""


def rest(
    lease: SendLease,
    because: Reason,
    answer: str,
    *,
    until: datetime | None = None,
    first: timedelta = FIRST,
    longest: timedelta = LONGEST,
) -> Stop:
    """Let nothing leave until then, or back off for longer after each failure in a row."""
    with lease.begin() as session:
        mailbox = mailboxes.lock(session, lease.mailbox_id)
        mailbox.send_troubles = min(mailbox.send_troubles + 1, MOST_COUNTED)
        session.flush()
        ends = until or lease.deps.now() + growing(lease, mailbox.send_troubles, first, longest)
    return wait(lease, because, answer, until=ends)


def wait(lease: SendLease, because: Reason, answer: str, *, until: datetime) -> Stop:
    """Let nothing leave until then, without counting a failure."""
    with lease.begin() as session:
        told = answer.rstrip(".")
        send_leases.pause(session, lease.mailbox_id, until, because=because, answer=told)
    return Stop(until)


def growing(
    lease: SendLease, failures: int, first: timedelta = FIRST, longest: timedelta = LONGEST
) -> timedelta:
    """The pause after so many failures."""
    return pause(failures, chance(lease.deps), first=first, longest=longest)


def is_repeated(lease: SendLease, answer: str) -> bool:
    """Whether the last pause was for the same answer, and nothing has left since."""
    with lease.begin() as session:
        mailbox = mailboxes.get(session, lease.mailbox_id)
        return mailbox.send_troubles > 0 and mailbox.send_paused_answer == answer.rstrip(".")
