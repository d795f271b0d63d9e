"""The name recipients see beside the address mail comes from (K-12)."""

from backend.errors import InputError

MAX_NAME = 100


def checked_name(name: str) -> str:
    """The cleaned name. Raises InputError for one that is not allowed in a header."""
    text = name.strip()
    if not text or len(text) > MAX_NAME or not text.isprintable():
        wrong = f"Write the name recipients shall see, up to {MAX_NAME} characters."
        raise InputError(f"The name was not saved. {wrong}", {"display_name": wrong})
    return text
