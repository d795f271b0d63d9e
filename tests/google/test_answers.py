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
        (Answer(400, b'{"error": {"errors": {"reason": "x"}}}'), InputError),
        (Answer(400, b'{"error": {"errors": ["x"]}}'), InputError),
        (answer(429, "x", "Retry after 2026-13-77T99:00:00Z"), RateLimited),
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


METRIC = "Quota exceeded for quota metric 'Total Query Cost' and limit 'Units per minute"


OF_ALL = [
    pytest.param(answer(403, "dailyLimitExceeded", "x"), id="the day of the project"),
    pytest.param(
        answer(403, "rateLimitExceeded", f"{METRIC}' of service 'gmail' for 'project:1'."),
        id="the minute of the project",
    ),
]
OF_ONE = [
    pytest.param(
        answer(403, "rateLimitExceeded", f"{METRIC} per user' for 'project:1'."),
        id="the minute of one mailbox",
    ),
    pytest.param(answer(403, "userRateLimitExceeded", "x"), id="one mailbox by reason"),
    pytest.param(
        answer(429, "rateLimitExceeded", "Too many concurrent requests for user"),
        id="too many calls of one mailbox at once",
    ),
    pytest.param(answer(403, "rateLimitExceeded"), id="nobody is named"),
]


@pytest.mark.parametrize("told", OF_ALL)
def test_a_limit_of_all_mailboxes_rests_all(told: Answer) -> None:
    found = meaning(told, NOW)
    assert isinstance(found, RateLimited)
    assert found.project_wide


@pytest.mark.parametrize("told", OF_ONE)
def test_a_limit_of_one_mailbox_rests_that_one(told: Answer) -> None:
    found = meaning(told, NOW)
    assert isinstance(found, RateLimited)
    assert not found.project_wide
