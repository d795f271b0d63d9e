"""Detects grants that Google ended after a week because Rapport's Cloud project is in testing;
Google says only that the grant is over.
"""

from datetime import datetime, timedelta

LASTS = timedelta(days=7)
NOTICED_WITHIN = timedelta(hours=6)
"""An access token outlives its grant by up to an hour, and a mailbox may be paused as well."""

OF_A_MAILBOX = (
    "Google ended the permission a week after it was given, which it does while Rapport's Google "
    "project is in testing: ask the person who runs Rapport, or it happens again next week."
)
FOR_THE_OPERATOR = (
    "Google ended permissions a week after they were given, which it does while the project's "
    "audience is External and its status Testing. Google Auth Platform, Audience: set it to "
    "Internal, then let people connect again."
)


def ended_as_in_testing(given_at: datetime | None, ended_at: datetime | None) -> bool:
    """Whether a grant that Google ended lasted as long as one of a project in testing.

    >>> from datetime import UTC
    >>> given = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
    >>> ended_as_in_testing(given, given + timedelta(days=7, minutes=40))
    True
    >>> ended_as_in_testing(given, given + timedelta(days=9))
    False
    """
    if given_at is None or ended_at is None:
        return False
    return LASTS <= ended_at - given_at <= LASTS + NOTICED_WITHIN
