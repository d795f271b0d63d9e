"""Names that people type for things and persons: one line that can be shown anywhere."""

from backend.domain.mail.address import clean_name

MAX_NAME = 200


def wrong_name(typed: str, whose: str) -> str:
    """Why a typed name cannot be used; empty if it can.

    >>> wrong_name("Lumen Works", "the workspace"), wrong_name(" ", "the workspace")
    ('', 'Write the name of the workspace.')
    """
    text = " ".join(typed.split()) if len(typed) <= 2 * MAX_NAME else typed
    if not text:
        return f"Write the name of {whose}."
    if len(text) > MAX_NAME:
        return f"Shorten the name to {MAX_NAME} characters."
    if clean_name(text) != text or "\ufffd" in text:
        return "Write the name without control characters."
    return ""
