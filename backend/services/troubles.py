"""What an error of Google's means for a mailbox, whether it was read, sent from or checked.

After a temporary failure the mailbox backs off, longer each time. A refusal that names its cause
counts once it is repeated after a pause: then the mailbox is blocked, and checked again every hour,
or its connection has ended. Everything is shown on the mailbox in the words of the answer.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog

from backend.deps import Deps
from backend.domain.backoff import pause
from backend.domain.ids import MailboxKey
from backend.domain.summaries.mailbox import MailboxState
from backend.errors import (
    Interrupted,
    MailboxDisconnected,
    MailboxTrouble,
    RapportError,
    RateLimited,
)
from backend.rate_limit import pause_project
from backend.services.client_check import ask_soon
from backend.services.planning import replan
from backend.store import mailboxes
from backend.store.mailboxes import SECOND_LOOK_AFTER
from backend.store.models import Mailbox

log = structlog.get_logger(__name__)

LONGEST_REST = timedelta(minutes=15)
"""A mailbox is polled at least this often, so its backoff need not be longer."""

BLOCKED_LOOK = timedelta(hours=1)
"""How often a blocked mailbox is checked again."""

UNEXPECTED = (
    "Something went wrong here that nobody expected. It is retried automatically, and the details "
    "are in the log of the worker."
)
MOST_COUNTED = 1000


@contextmanager
def troubles_noted(
    deps: Deps, key: MailboxKey, tell: Callable[[RapportError], None] = lambda _: None
) -> Iterator[None]:
    """Record on the mailbox what stops a job, and `tell` it; the job itself ends quietly."""
    try:
        yield
    except Interrupted:
        log.info("interrupted", mailbox_id=key[1])
    except MailboxTrouble as error:
        note_refusal(deps, key, error)
        tell(error)
    except RapportError as error:
        rest(deps, key, error)
        if not isinstance(error, RateLimited):  # a limit is no trouble: work continues under it
            tell(error)
    except Exception:  # what nobody expected is shown all the same, and does not spin
        log.exception("job_failed", mailbox_id=key[1])
        rest(deps, key, RapportError(UNEXPECTED))
        tell(RapportError(UNEXPECTED))


def rest(deps: Deps, key: MailboxKey, error: RapportError) -> None:
    """Back off: until the time the error names, or longer after each failure."""
    if isinstance(error, RateLimited):
        pause_project(deps, error)
    ask_soon(deps, error)
    now = deps.now()
    with deps.store.begin(key[0]) as session:
        mailbox = mailboxes.lock(session, key[1])
        until: datetime | None = getattr(error, "after", None)
        if until is None:
            mailbox.troubles = min(mailbox.troubles + 1, MOST_COUNTED)
            until = now + pause(mailbox.troubles, chance(deps), longest=LONGEST_REST)
        mailbox.paused_until = until
        mailbox.last_error, mailbox.last_error_at = error.sentence, now
    log.info("mailbox_paused", mailbox_id=key[1], until=until.isoformat(), why=type(error).__name__)


def chance(deps: Deps) -> int:
    """One random byte, so that mailboxes that failed together do not retry together."""
    return deps.random_bytes(1)[0]


def note_refusal(deps: Deps, key: MailboxKey, error: MailboxTrouble) -> bool:
    """A refusal that names its cause. Returns whether somebody must act now: the first one only
    pauses the mailbox, and the same again after a pause ends what it was doing.
    """
    deps.google.cache.forget(key[1])
    now, kind = deps.now(), type(error).__name__
    with deps.store.begin(key[0]) as session:
        mailbox = mailboxes.lock(session, key[1])
        if mailbox.sealed_token is None:
            return True  # a job that was asked for before the connection ended
        mailbox.last_error, mailbox.last_error_at = error.sentence, now
        again = mailbox.refused_as == kind
        seen = mailbox.refused_at if again else None
        known = again and mailbox.state == MailboxState.BLOCKED
        if known or (seen is not None and now - seen >= SECOND_LOOK_AFTER):
            end(mailbox, error, now)
        else:
            mailbox.refused_at, mailbox.refused_as = seen or now, kind
            mailbox.paused_until = mailbox.refused_at + SECOND_LOOK_AFTER
        ended = mailbox.state not in mailboxes.WORKING
    if ended:
        with deps.store.begin(key[0]) as session:
            replan(session, key[1], now)
    return ended


def end(mailbox: Mailbox, error: MailboxTrouble, now: datetime) -> None:
    """Stop working on a mailbox until its owner or an administrator acts. Cursor and history stay;
    one that is only blocked keeps its token, and is checked again automatically.
    """
    mailbox.refused_at = None
    if isinstance(error, MailboxDisconnected):
        mailbox.state = MailboxState.DISCONNECTED
        mailbox.disconnected_at = now
        mailbox.sealed_token = mailbox.watch_expires_at = mailbox.paused_until = None
    else:
        mailbox.state = MailboxState.BLOCKED
        if mailbox.paused_until is None or mailbox.paused_until <= now:
            mailbox.paused_until = now + BLOCKED_LOOK
    log.warning("mailbox_ended", mailbox_id=mailbox.id, state=mailbox.state)
