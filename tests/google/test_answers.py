"""What each error answer of the Gmail API means for us."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from backend.errors import (
    InputError,
    MailboxBlocked,
    MailboxDisconnected,
    MessageGone,
    ProviderUnavailable,
    RateLimited,
    ScopeMissing,
)
from backend.google.answers import Answer, meaning

NOW = datetime(2026, 1, 7, 8, 0, tzinfo=UTC)


def answer(status: int, reason: str = "", message: str = "") -> Answer:
    error = {"code": status, "message": message, "errors": [{"reason": reason}] if reason else []}
    return Answer(status, orjson.dumps({"error": error}))


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (answer(401, "authError"), MailboxDisconnected),
        (answer(403, "rateLimitExceeded"), RateLimited),
        (answer(403, "userRateLimitExceeded"), RateLimited),
        (answer(403, "x", "Quota exceeded for quota metric 'Total Query Cost'"), RateLimited),
        (answer(429, "rateLimitExceeded"), RateLimited),
        (answer(403, "insufficientPermissions"), ScopeMissing),
        (answer(403, "domainPolicy"), MailboxBlocked),
        (answer(403, "accessNotConfigured"), MailboxBlocked),
        (answer(400, "failedPrecondition", "Mail service not enabled"), MailboxBlocked),
        (answer(400, "invalidArgument"), InputError),
        (answer(404, "notFound"), MessageGone),
        (answer(500), ProviderUnavailable),
        (answer(503), ProviderUnavailable),
        (Answer(502, b"<html>Bad gateway</html>"), ProviderUnavailable),
        (Answer(400, b'{"error": "text"}'), InputError),
        (Answer(400, b"[]"), InputError),
    ],
)
def test_an_error_answer_has_one_meaning(told: Answer, kind: type[Exception]) -> None:
    assert type(meaning(told, NOW)) is kind


def test_the_moment_that_gmail_names_counts() -> None:
    text = "User-rate limit exceeded.  Retry after 2026-01-07T15:00:00.000Z (Mail sending)"
    found = meaning(answer(429, "rateLimitExceeded", text), NOW)
    assert isinstance(found, RateLimited)
    assert found.after == datetime(2026, 1, 7, 15, 0, tzinfo=UTC)
    unnamed = meaning(answer(429, "rateLimitExceeded"), NOW)
    assert isinstance(unnamed, RateLimited)
    assert unnamed.after is not None
    assert NOW < unnamed.after <= NOW + timedelta(minutes=1)


def test_a_limit_of_the_whole_project_is_told_apart() -> None:
    found = meaning(answer(403, "dailyLimitExceeded", "Quota exceeded"), NOW)
    assert isinstance(found, RateLimited)
    assert found.project_wide
