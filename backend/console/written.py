"""The typed text of a mail form that cannot be shown again, for the page that explains the
error.
"""

from flask import request
from werkzeug.exceptions import HTTPException

BESIDE = ("To", "Cc", "Bcc", "Reply-To", "Subject")


def written() -> str:
    """The text of the message; empty when none was sent, or the form was too large."""
    return _typed("body_text")


def written_beside() -> list[tuple[str, str]]:
    """The other filled fields, with their labels."""
    typed = ((label, _typed(label.lower().replace("-", "_"))) for label in BESIDE)
    return [(label, words) for label, words in typed if words.strip()]


def _typed(name: str) -> str:
    try:
        return request.form.get(name, "")
    except HTTPException:
        return ""
