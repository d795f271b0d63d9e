"""What an error answer of the Gmail API means for us: retry, pause, reconnect, resync or skip."""

import re
from datetime import UTC, datetime, timedelta

import orjson

from backend.errors import (
    InputError,
    MailboxBlocked,
    MailboxDisconnected,
    MessageGone,
    ProviderUnavailable,
    RapportError,
    RateLimited,
    ScopeMissing,
)

RETRY_AFTER = re.compile(r"[Rr]etry after (\d{4}-\d{2}-\d{2}T[\d:.]+Z)")
RATE_REASONS = frozenset(
    {
        *("rateLimitExceeded", "userRateLimitExceeded"),
        *("dailyLimitExceeded", "quotaExceeded", "RESOURCE_EXHAUSTED"),
    }
)
OF_THE_PROJECT = frozenset({"dailyLimitExceeded", "quotaExceeded"})
SCOPE_REASONS = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"})
BLOCKED_REASONS = frozenset({"domainPolicy", "accessNotConfigured", "failedPrecondition"})
DEFAULT_PAUSE = timedelta(seconds=20)
"""How long a mailbox rests after a rate answer that names no time."""

PROJECT_PAUSE = timedelta(seconds=60)
"""The same for all mailboxes: the project's rate is counted by the minute."""

DAY_PAUSE = timedelta(minutes=15)
"""How often a day's limit of the project that is used up is tried again."""


class Answer:
    """An error answer, read once: status, reason, message, and when to come back."""

    def __init__(self, status: int, content: bytes) -> None:
        self.status = status
        try:
            error = orjson.loads(content)["error"]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            error = {}
        if not isinstance(error, dict):
            error = {}
        self.message = str(error.get("message", ""))
        listed = error.get("errors")
        first = listed[0] if isinstance(listed, list) and listed else {}
        reason = first.get("reason") if isinstance(first, dict) else None
        self.reason = str(reason or error.get("status") or "")

    def retry_after(self, now: datetime) -> datetime:
        """The moment the answer names, else a short pause from now."""
        found = RETRY_AFTER.search(self.message)
        try:
            if found:
                return datetime.fromisoformat(found.group(1)).astimezone(UTC)
        except ValueError:  # written like a moment, and none
            pass
        if self.reason in OF_THE_PROJECT:
            return now + DAY_PAUSE
        return now + (PROJECT_PAUSE if self.is_project_wide else DEFAULT_PAUSE)

    @property
    def is_project_wide(self) -> bool:
        """Whether the limit that was met is that of all mailboxes together.

        The metric's name tells: "Units per minute per user" against "Units per minute". A mere
        `rateLimitExceeded` stands for either and rests only the mailbox that met it.
        """
        told = self.message.lower()
        named = "per user" not in told and ("quota exceeded" in told or "per project" in told)
        return self.is_rate and (named or self.reason in OF_THE_PROJECT)

    @property
    def is_rate(self) -> bool:
        """Whether a limit was the reason, rather than a refusal."""
        limited = self.reason in RATE_REASONS or "Quota exceeded" in self.message
        return self.status == 429 or (self.status == 403 and limited)


def meaning(answer: Answer, now: datetime) -> RapportError:
    """The error of ours for an answer to a read."""
    if answer.is_rate:
        return RateLimited(
            "Gmail asks us to slow down.",
            answer.retry_after(now),
            project_wide=answer.is_project_wide,
        )
    if answer.status == 403 or answer.reason in BLOCKED_REASONS:
        return forbidden(answer)
    if answer.status >= 500:
        return ProviderUnavailable("Gmail did not answer properly.")
    return refused(answer)


def forbidden(answer: Answer) -> RapportError:
    """A scope that was not granted, or an account or domain that forbids it."""
    if answer.reason in SCOPE_REASONS:
        return ScopeMissing("A permission for this mailbox is missing. Connect it again.")
    return MailboxBlocked(f"Google does not allow this: {answer.message or answer.reason}")


def refused(answer: Answer) -> RapportError:
    """Gone, no longer permitted, or a request that Gmail does not take."""
    if answer.status == 401:
        return MailboxDisconnected("Google no longer accepts this mailbox's permission.")
    if answer.status == 404:
        return MessageGone("It is no longer in Gmail.")
    return InputError(f"Gmail refused the request: {answer.message or answer.status}")
