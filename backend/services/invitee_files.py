"""Reads the CSV file of an invitation list, in whatever encoding a spreadsheet wrote it."""

from collections.abc import Sequence
from io import BytesIO
from itertools import islice

from backend.domain.people.invitations import MOST_AT_ONCE
from backend.errors import InputError
from backend.services.customer_lists.file import CustomerFile

MOST_BYTES = 200_000
"""Of a list of people: 200 lines with room to spare."""

NO_LIST = "This file is no list of people. Save it as CSV UTF-8, with at most 200 lines."


def rows_of(file: bytes) -> Sequence[Sequence[str]]:
    """The cells of each line; none without a file. Raises InputError."""
    if not file:
        return ()
    if len(file) > MOST_BYTES or file[:2] == b"PK":
        raise InputError(NO_LIST, {"email": NO_LIST})
    records = islice(CustomerFile(lambda: BytesIO(file)).records(), MOST_AT_ONCE + 2)
    return [one.cells or [] for one in records]
