"""What each error answer of the Gmail API means for us."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from backend.errors import (
    InputError,
    MailboxBlocked,
    MessageGone,
    ProviderUnavailable,
    RateLimited,
    ScopeMissing,
    TryLater,
)
from backend.google.answers import Answer, meaning

NOW = datetime(2026, 1, 7, 8, 0, tzinfo=UTC)
PAGE = b"<html><title>Error</title><p>That's all we know.</html>"


def answer(status: int, reason: str = "", message: str = "", **headers: str) -> Answer:
    error = {"code": status, "message": message, "errors": [{"reason": reason}] if reason else []}
    return Answer(status, orjson.dumps({"error": error}), headers)


def newer(status: int, name: str, reason: str) -> Answer:
    """Google's newer form, where only the details have the reason."""
    error = {"code": status, "message": "No.", "status": name, "details": [{"reason": reason}]}
    return Answer(status, orjson.dumps({"error": error}))


PASSES = ProviderUnavailable


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (answer(400, "failedPrecondition", "Precondition check failed."), PASSES),
        (newer(400, "FAILED_PRECONDITION", ""), PASSES),
        (answer(400, "failedPrecondition", "Mail service not enabled"), MailboxBlocked),
        (answer(400, "invalidArgument"), InputError),
        (Answer(400, PAGE), PASSES),
        (Answer(400, b'{"error": "text"}'), PASSES),
        (Answer(400, b"[]"), PASSES),
        (Answer(400, b'{"error": {"errors": {"reason": "x"}}}'), InputError),
        (Answer(400, b'{"error": {"errors": ["x"]}}'), InputError),
        (answer(401, "authError"), MailboxBlocked),
        (Answer(401, PAGE), PASSES),
        (answer(403, "rateLimitExceeded"), RateLimited),
        (answer(403, "userRateLimitExceeded"), RateLimited),
        (newer(403, "PERMISSION_DENIED", "RATE_LIMIT_EXCEEDED"), RateLimited),
        (answer(403, "x", "Quota exceeded for quota metric 'Total Query Cost'"), RateLimited),
        (answer(403, "insufficientPermissions"), ScopeMissing),
        (newer(403, "PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"), ScopeMissing),
        (answer(403, "domainPolicy"), MailboxBlocked),
        (answer(403, "accessNotConfigured"), MailboxBlocked),
        (newer(403, "PERMISSION_DENIED", "SERVICE_DISABLED"), MailboxBlocked),
        (answer(403, "forbidden", "The caller does not have permission"), PASSES),
        (answer(403, "forbidden", "Delegation denied for a@b.example"), InputError),
        (answer(403), PASSES),
        (Answer(403, PAGE), PASSES),
        (Answer(403, b""), PASSES),
        (answer(404, "notFound"), MessageGone),
        (Answer(404, PAGE), PASSES),
        (Answer(404, b'{"error": {"mess'), PASSES),
        (Answer(407, PAGE), PASSES),
        (answer(408), PASSES),
        (answer(409, "aborted"), PASSES),
        (answer(412, "conditionNotMet"), PASSES),
        (answer(429, "rateLimitExceeded"), RateLimited),
        (answer(429, "x", "Retry after 2026-13-77T99:00:00Z"), RateLimited),
        (Answer(429, PAGE), RateLimited),
        (answer(500), PASSES),
        (answer(503), PASSES),
        (Answer(502, PAGE), PASSES),
        (Answer(511, PAGE), PASSES),
        (Answer(302, b""), PASSES),
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
    assert unnamed.after is None


@pytest.mark.parametrize(
    ("header", "after"),
    [
        ("120", NOW + timedelta(minutes=2)),
        ("Wed, 07 Jan 2026 08:10:00 GMT", NOW + timedelta(minutes=10)),
        ("Wednesday, 07-Jan-26 08:10:00 GMT", NOW + timedelta(minutes=10)),
        ("999999999", NOW + timedelta(hours=24)),
        ("Fri, 01 Jan 2999 00:00:00 GMT", NOW + timedelta(hours=24)),
        ("Tue, 06 Jan 2026 08:10:00 GMT", None),
        ("0", None),
        ("-5", None),
        ("soon", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed_within_bounds(
    status: int, header: str, after: datetime | None
) -> None:
    found = meaning(answer(status, **{"Retry-After": header}), NOW)
    assert isinstance(found, TryLater)
    longest = NOW + (timedelta(hours=24) if status == 429 else timedelta(hours=1))
    assert found.after == (after and min(after, longest))


def test_what_was_answered_is_told_in_one_short_line() -> None:
    policy = meaning(answer(403, "domainPolicy", "Gmail is off\r\nfor apps." + "x" * 999), NOW)
    assert str(policy).endswith("x…")
    assert "403: Gmail is off for apps." in str(policy)
    assert len(str(policy)) < 400
    assert "all we know" not in str(meaning(Answer(403, PAGE), NOW))


METRIC = "Quota exceeded for quota metric 'Total Query Cost' and limit 'Units per minute"


OF_ALL = [
    pytest.param(answer(403, "dailyLimitExceeded", "x"), id="the day of the project"),
    pytest.param(
        answer(403, "rateLimitExceeded", f"{METRIC}' of service 'gmail' for 'project:1'."),
        id="the minute of the project",
    ),
    pytest.param(
        answer(403, "quotaExceeded", f"{METRIC}' of service 'gmail' for 'project:1'."),
        id="the minute of the project by another code",
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
    assert found.after is not None
    of_a_day = "daily" in next(iter(told.reasons))
    assert found.after - NOW == timedelta(minutes=15 if of_a_day else 1)


@pytest.mark.parametrize("told", OF_ONE)
def test_a_limit_of_one_mailbox_rests_that_one(told: Answer) -> None:
    found = meaning(told, NOW)
    assert isinstance(found, RateLimited)
    assert not found.project_wide
