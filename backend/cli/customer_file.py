"""A CSV file as spreadsheets and other products write it: its encoding, its separator, its lines.

Separate from the command because it only reads, and reads the same file again when asked again.
"""

import csv
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from pathlib import Path

from backend.domain.people_columns import BadHeader, Header, read_header
from backend.domain.people_rows import BadLine, Line, read_line
from backend.errors import InputError

MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
SEPARATORS = ",;\t"
PIECE = 1 << 20
"""Bytes looked at in one go to tell UTF-8 from Windows-1252."""


class CustomerFile:
    """One file. `traits` are the names of the workspace's own columns. Raises InputError when the
    first line names no columns of ours.
    """

    def __init__(self, path: Path, traits: Iterable[str]) -> None:
        self._path = path
        self._encoding = encoding_of(path)
        with path.open(encoding=self._encoding, errors="replace", newline="") as file:
            first = file.readline()
        self._separator = max(SEPARATORS, key=first.count)
        cells = next(csv.reader([first], delimiter=self._separator), [])
        header = read_header(cells, traits)
        if isinstance(header, BadHeader):
            raise InputError(header.sentence)
        self.header: Header = header

    def lines(self) -> Iterator[Line | BadLine]:
        """Every line below the first, by its number; empty ones are left out."""
        with self._path.open(encoding=self._encoding, errors="replace", newline="") as file:
            reader = csv.reader(file, delimiter=self._separator)
            next(reader, None)
            while True:
                number = reader.line_num + 1
                try:
                    line = read_line(number, next(reader), self.header)
                except StopIteration:
                    return
                except csv.Error as error:
                    line = BadLine(number, (f"It cannot be read as CSV: {error}.",))
                if line is not None:
                    yield line


def encoding_of(path: Path) -> str:
    """UTF-8 or UTF-16 where the file says so or reads so, else what Windows writes."""
    decoder = getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        start = file.read(3)
        for mark, name in MARKS.items():
            if start.startswith(mark):
                return name
        try:
            decoder.decode(start)
            while piece := file.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"
