"""From mail that is kept to rows, however often it is repeated.

The same message from another mailbox only adds a copy; the same copy again changes nothing. A lock
per workspace makes filing one at a time, so that two mailboxes cannot start one conversation
twice.
"""

from backend.store.filing.batch import plan
from backend.store.filing.item import Filed, Filing
from backend.store.filing.known import wait_for_filing

__all__ = ["Filed", "Filing", "plan", "wait_for_filing"]
