"""CSV downloads, streamed: RFC 4180, UTF-8 with a byte order mark for spreadsheets.

A cell that a spreadsheet would run as a formula gets an apostrophe in front, which our own import
removes.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from flask import Response

from backend.console.downloading import streamed

FORMULA = ("=", "+", "-", "@", "\t", "\r")
PIECE = 64_000
"""Characters sent in one go."""


def csv_file(name: str, rows: Iterable[Sequence[str]]) -> Response:
    """The response with these rows, the header first."""
    return streamed(name, "text/csv; charset=utf-8", csv_pieces(rows), place="attachment")


def csv_pieces(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The file's bytes, streamed."""
    held = io.StringIO()
    held.write("\ufeff")
    writer = csv.writer(held)
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
        if held.tell() > PIECE:
            yield held.getvalue().encode()
            held.seek(0)
            held.truncate()
    yield held.getvalue().encode()


def guarded(cell: str) -> str:
    """A cell that no spreadsheet runs.

    >>> guarded("=1+1"), guarded("Umbra")
    ("'=1+1", 'Umbra')
    """
    return f"'{cell}" if cell.startswith(FORMULA) else cell
