"""Classifies every error answer of the Gmail API.

Only an answer in Gmail's own form that names the cause says something lasting about a mailbox or a
message. A web page, an unreadable answer and a refusal without a cause count as transient: they
come from proxies, captive portals and Google's own front ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from backend.errors import (
    InputError,
    MailboxBlocked,
    MailboxTrouble,
    MessageGone,
    ProviderUnavailable,
    RapportError,
    RateLimited,
    ScopeMissing,
)
from backend.google.retry_after import named_moment

RATE_REASONS = frozenset(
    {
        *("rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"),
        *("dailyLimitExceeded", "quotaExceeded", "RESOURCE_EXHAUSTED"),
    }
)
OF_THE_PROJECT = frozenset({"dailyLimitExceeded", "quotaExceeded"})
BY_MINUTE = "per minute"
"""How a limit's name says that it is none of a day, whichever reason code comes with it."""

PRECONDITION = frozenset({"failedPrecondition", "FAILED_PRECONDITION"})
PASSING_STATUSES = frozenset({408, 409, 412, 425})
"""Below 500, yet transient: timeouts, conflicts, too early."""

PROJECT_PAUSE = timedelta(seconds=60)
"""How long all mailboxes rest when no time is named: the project's rate is counted by the minute.
"""

PASSING_PAUSE = timedelta(hours=1)
"""The longest pause accepted from a transient error: a daily limit may name more, but a failing
server that does is mistaken, and nothing may wait a day for it.
"""

DAY_PAUSE = timedelta(minutes=15)
"""The retry interval while the project's daily quota is used up."""

MOST_TOLD = 200
"""Characters of an answer's text that are shown: enough to look it up."""


@dataclass(frozen=True, kw_only=True)
class Cause:
    """A lasting cause, and how an answer names it: by status with a reason or words of its text."""

    status: int
    error: type[MailboxTrouble]
    sentence: str
    reasons: frozenset[str] = frozenset()
    words: str | None = None

    def is_named_by(self, answer: "Answer") -> bool:
        """Whether the answer names this cause."""
        if answer.status != self.status:
            return False
        by_words = self.words is not None and self.words in answer.message.lower()
        return by_words or not self.reasons.isdisjoint(answer.reasons)


CAUSES = (
    Cause(
        status=403,
        error=ScopeMissing,
        reasons=frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}),
        words="insufficient authentication scopes",
        sentence="A permission for this mailbox is missing. Connect it again.",
    ),
    Cause(
        status=403,
        error=MailboxBlocked,
        reasons=frozenset({"domainPolicy"}),
        words="domain administrators have disabled",
        sentence="The Google Workspace administrator does not allow Gmail for apps.",
    ),
    Cause(
        status=403,
        error=MailboxBlocked,
        reasons=frozenset({"accessNotConfigured", "SERVICE_DISABLED"}),
        sentence="The Gmail API is not switched on in Rapport's Google Cloud project.",
    ),
    Cause(
        status=400,
        error=MailboxBlocked,
        words="mail service not enabled",
        sentence="This Google account has no Gmail.",
    ),
    Cause(
        status=401,
        error=MailboxBlocked,
        reasons=frozenset({"authError", "UNAUTHENTICATED"}),
        sentence="Google does not accept Rapport's access to this mailbox.",
    ),
)


class Answer:
    """An error answer, read once: status, reasons, text, and when to come back."""

    def __init__(
        self, status: int, content: bytes, headers: Mapping[str, str] | None = None
    ) -> None:
        self.status = status
        named = {name.lower(): value for name, value in (headers or {}).items()}
        self._retry_after = str(named.get("retry-after", ""))
        error = error_in(content)
        self.is_gmails = error is not None
        self.message = str((error or {}).get("message", ""))
        self.reasons = reasons_in(error or {})

    def names_moment(self, now: datetime) -> datetime | None:
        """When to retry, if the answer says so. At most a day ahead."""
        return named_moment(self.message, self._retry_after, now)

    def passes_at(self, now: datetime) -> datetime | None:
        """When to retry after a transient error, if the answer says so. At most in an hour."""
        named = self.names_moment(now)
        return named and min(named, now + PASSING_PAUSE)

    def rests_until(self, now: datetime) -> datetime | None:
        """How long a limit lasts: as named, else by the project's clock; None when unknown."""
        named = self.names_moment(now)
        if named is not None or not self.is_project_wide:
            return named
        by_day = not self.reasons.isdisjoint(OF_THE_PROJECT) and BY_MINUTE not in self.message
        return now + (DAY_PAUSE if by_day else PROJECT_PAUSE)

    @property
    def is_project_wide(self) -> bool:
        """Whether the limit is that of all mailboxes together.

        The metric's name decides: "Units per minute per user" or "Units per minute". A bare
        `rateLimitExceeded` may be either and pauses only the mailbox that got it.
        """
        message = self.message.lower()
        named = "per user" not in message and (
            "quota exceeded" in message or "per project" in message
        )
        return self.is_rate and (named or not self.reasons.isdisjoint(OF_THE_PROJECT))

    @property
    def is_rate(self) -> bool:
        """Whether a limit was the reason, rather than a refusal."""
        limited = not self.reasons.isdisjoint(RATE_REASONS) or "Quota exceeded" in self.message
        return self.status == 429 or (self.status == 403 and limited)

    @property
    def is_passing(self) -> bool:
        """Whether the error is transient. A 403 without a cause counts like a 503."""
        return (
            not self.is_gmails
            or not 400 <= self.status < 500
            or self.status in PASSING_STATUSES
            or not self.reasons.isdisjoint(PRECONDITION)
            or (self.status == 403 and not self.message.startswith("Delegation denied"))
            or self.status == 401
        )

    @property
    def summary(self) -> str:
        """The answer in one short line: Gmail's own words, never the text of a page.

        >>> Answer(403, b"<html>Sorry</html>").summary
        '403 with a web page'
        >>> Answer(400, b'{"error": {"message": "Precondition check failed."}}').summary
        '400: Precondition check failed.'
        """
        if not self.is_gmails:
            return f"{self.status} with a web page"
        words = " ".join("".join(one if one.isprintable() else " " for one in self.message).split())
        words = words if len(words) <= MOST_TOLD else f"{words[:MOST_TOLD]}…"
        return f"{self.status}: {words}" if words else f"{self.status} without a reason"


def error_in(content: bytes) -> Mapping[str, Any] | None:
    """The error of an answer in Gmail's own form, else None."""
    try:
        error = orjson.loads(content)["error"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    return error if isinstance(error, dict) else None


def reasons_in(error: Mapping[str, Any]) -> frozenset[str]:
    """Every reason code of the error, in its older and its newer form."""
    named = {str(error.get("status", ""))}
    for place in ("errors", "details"):
        listed = error.get(place)
        for one in listed if isinstance(listed, list) else ():
            if isinstance(one, dict):
                named.add(str(one.get("reason", "")))
    return frozenset(named - {""})


def cause_of(answer: Answer) -> MailboxTrouble | None:
    """The lasting cause that an answer names, if any."""
    for cause in CAUSES if answer.is_gmails else ():
        if cause.is_named_by(answer):
            return cause.error(f"{cause.sentence} Gmail answered {answer.summary}")
    return None


def limit_of(answer: Answer, now: datetime) -> RateLimited:
    """The limit that an answer reports."""
    return RateLimited(
        "Gmail asks us to slow down.",
        answer.rests_until(now),
        project_wide=answer.is_project_wide,
    )


def meaning(answer: Answer, now: datetime) -> RapportError:
    """Our error for an answer to a read."""
    if answer.is_rate:
        return limit_of(answer, now)
    cause = cause_of(answer)
    if cause is not None:
        return cause
    if answer.is_passing:
        return ProviderUnavailable(
            f"Gmail did not answer properly ({answer.summary}).", answer.passes_at(now)
        )
    if answer.status in {404, 410}:
        return MessageGone("It is no longer in Gmail.")
    return InputError(f"Gmail refused the request ({answer.summary}).")
