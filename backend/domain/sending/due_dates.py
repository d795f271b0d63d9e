"""Which dates a person may give a mail: asked while it is written, and again when it is queued."""

from datetime import datetime, timedelta

FURTHEST = timedelta(days=366)
"""Nobody plans mail further ahead; a date beyond it is a slip of the keyboard."""

ONE_MINUTE = timedelta(minutes=1)


def date_wrong(due_at: datetime, now: datetime) -> dict[str, str]:
    """What is wrong with a date. The present minute, which is all a browser can name, is right."""
    if due_at > now + FURTHEST:
        return {"due_at": "Choose a date within the next twelve months."}
    if due_at < now - ONE_MINUTE:
        return {"due_at": "This moment has passed. Choose a later one."}
    return {}
