"""What is wrong with a mailbox, and what happens next, in words: from its columns alone."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from backend.domain.oauth.testing_mode import OF_A_MAILBOX, ended_as_in_testing
from backend.domain.policies import Capture, MailboxKind
from backend.domain.reasons import Reason
from backend.domain.summaries.mailbox import MailboxState, TakesIn
from backend.domain.sync.leases import Rest, rest_of
from backend.errors import MailboxDisconnected, ScopeMissing
from backend.store.models import ImportRun, Mailbox

QUIET = timedelta(minutes=45)
"""Three missed polls: a live mailbox that was not read for this long counts as delayed."""

EXPLANATIONS: Mapping[MailboxState, str] = {
    MailboxState.DISCONNECTED: (
        "Rapport no longer has access to this mailbox. Nothing is read or sent until it is "
        "connected again. What was synced before is still here."
    ),
    MailboxState.BLOCKED: (
        "Google refuses access for this account. Rapport asks again every hour, and continues once "
        "Google allows it."
    ),
    MailboxState.DELAYED: "New mail has not been read for a while. It is tried again by itself.",
    MailboxState.RESYNCING: (
        "Gmail no longer remembers where reading stopped, so the mailbox is compared again. "
        "Nothing is lost meanwhile."
    ),
}
OFTEN = 3
STILL_REFUSED = (
    "Gmail has refused this import {} times in a row. A rule of your Google Workspace usually "
    "causes that: ask its admin what keeps Rapport from reading earlier mail. It is retried at "
    "least every hour and continues once Gmail allows it; new mail is read apart from it."
)
SENDING_RESTS = {Reason.PROVIDER_TROUBLE, Reason.SENDING_REFUSED}
CURED_BY_CONNECTING = {ScopeMissing.__name__, MailboxDisconnected.__name__}


def takes_in(mailbox: Mailbox) -> TakesIn:
    """The admin's choice, from the columns that the capture rule reads."""
    if mailbox.kind != MailboxKind.SHARED:
        return TakesIn.OWN
    return TakesIn.EVERYTHING if mailbox.capture == Capture.ALL else TakesIn.SHARED


def state_of(mailbox: Mailbox, now: datetime) -> MailboxState:
    """The stored state, or "delayed" for a live mailbox that has not been read for long."""
    state = mailbox.state
    read = mailbox.last_success_at or mailbox.connected_at
    if state is MailboxState.LIVE and read is not None and now - read > QUIET:
        return MailboxState.DELAYED
    return state


def trouble_of(run: ImportRun, mailbox: Mailbox) -> str | None:
    """Why a run does not continue: the trouble of its last step, or that its mailbox does not
    work.
    """
    if run.finished_at is not None:
        return None
    return said_of_import(run.error, run.refusals) or (
        EXPLANATIONS[mailbox.state] if is_out(mailbox) else None
    )


def said_of_import(error: str | None, refusals: int) -> str:
    """What stops an import, with its cause and a way out once Gmail has refused it again and again.

    >>> said_of_import("Gmail does not answer.", 0)
    'Gmail does not answer.'
    """
    said = error or ""
    return f"{said} {STILL_REFUSED.format(refusals)}" if refusals >= OFTEN else said


def rest_of_reading(mailbox: Mailbox, lease_until: datetime | None, now: datetime) -> Rest | None:
    """Whether reading a connected mailbox is paused, or the process with this lease has stopped."""
    if is_out(mailbox):
        return None
    return rest_of(
        now,
        paused_until=mailbox.paused_until,
        paused_at=mailbox.last_error_at,
        lease_until=lease_until,
    )


def rest_of_sending(mailbox: Mailbox, now: datetime) -> Rest | None:
    """The same for sending from it. Since when it pauses is not stored."""
    if is_out(mailbox):
        return None
    return rest_of(
        now,
        paused_until=mailbox.send_paused_until,
        paused_at=None,
        lease_until=mailbox.send_lease_until,
    )


def is_out(mailbox: Mailbox) -> bool:
    """Whether Google refuses the mailbox."""
    return mailbox.state in {MailboxState.BLOCKED, MailboxState.DISCONNECTED}


def explanation_of(mailbox: Mailbox, state: MailboxState, now: datetime) -> str | None:
    """What is wrong, in the words of the error, and what happens next."""
    if mailbox.last_error is not None and state is not MailboxState.DISCONNECTED:
        return " ".join(one for one in (mailbox.last_error, next_step(mailbox, state)) if one)
    waits = mailbox.send_paused_until is not None and mailbox.send_paused_until > now
    if waits and mailbox.send_paused_because in SENDING_RESTS and not is_out(mailbox):
        return f"Pending mail waits and is tried again by itself: {mailbox.send_paused_answer}."
    if state is MailboxState.DISCONNECTED and was_ended_weekly(mailbox):
        return f"{EXPLANATIONS[state]} {OF_A_MAILBOX}"
    return EXPLANATIONS.get(state)


def was_ended_weekly(mailbox: Mailbox) -> bool:
    """Whether Google, and no person, ended the connection as it does for projects in testing."""
    by_google = mailbox.last_error is not None
    return by_google and ended_as_in_testing(mailbox.connected_at, mailbox.disconnected_at)


def next_step(mailbox: Mailbox, state: MailboxState) -> str:
    """What Rapport does about an error automatically."""
    if state is MailboxState.BLOCKED:
        return "Rapport asks again every hour, and continues once Google allows it."
    if mailbox.refused_at is not None:
        return "Rapport asks once more in a minute before it gives up."
    return EXPLANATIONS.get(state, "")


def reconnects(mailbox: Mailbox) -> bool:
    """Whether its owner can repair it by connecting again."""
    if mailbox.state == MailboxState.BLOCKED:
        return mailbox.refused_as == ScopeMissing.__name__
    ended = mailbox.state == MailboxState.DISCONNECTED
    return ended or (mailbox.refused_at is not None and mailbox.refused_as in CURED_BY_CONNECTING)
