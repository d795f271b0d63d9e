"""What was typed in the form of a mail that cannot come back, so that it stands on the page that
says why.
"""

from flask import request
from werkzeug.exceptions import HTTPException

BESIDE = ("To", "Cc", "Bcc", "Reply-To", "Subject")


def written() -> str:
    """The text of the mail; nothing when none was sent, or more than is taken in."""
    return _typed("body_text")


def written_beside() -> list[tuple[str, str]]:
    """The other fields that hold something, with their labels."""
    typed = ((label, _typed(label.lower().replace("-", "_"))) for label in BESIDE)
    return [(label, words) for label, words in typed if words.strip()]


def _typed(name: str) -> str:
    try:
        return request.form.get(name, "")
    except HTTPException:
        return ""
