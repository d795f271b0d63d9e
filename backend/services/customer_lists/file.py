"""Reads a CSV file as spreadsheets and other products write it: its encoding, its separator, its
lines.

For the command and the browser alike. It rereads the bytes when asked again: a list is never held
in memory as lines.
"""

import csv
import re
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import TextIOWrapper
from typing import BinaryIO, TextIO

from backend.domain.customers.columns import Column, Header
from backend.domain.customers.dates import DayOrder, order_shown
from backend.domain.customers.rows import BadLine, Line, read_line

MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
SEPARATORS = ",;\t"
PIECE = 1 << 20
"""Bytes read at a time to distinguish UTF-8 from Windows-1252."""

MOST_LINES = 1_000
"""Lines of the file that one record may span."""

MOST_CHARACTERS = 8_000_000
"""Length of one line. A longer one is skipped without being held in memory."""

LEAST_COLUMNS = 3
"""Minimum columns of a list in which a lone cell is not a record."""

DATES = (Column.KNOWN_SINCE, Column.RENEWS_ON)
IN_ONE_LINE = (
    *(Column.EMAIL, Column.ACCOUNT, Column.NAME, Column.FIRST_NAME, Column.LAST_NAME),
    Column.TITLE,
)
"""Columns in whose cells a line break and a separator mean that a quote was not closed."""

_TELLS_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
_NO_LINE = '"' + "x" * (csv.field_size_limit() + 1)
"""Replaces a skipped line: no record can contain it."""

TOO_LONG = f"A cell has more than {csv.field_size_limit():,} characters."
NOT_CLOSED = (
    "A quote is opened and never closed, or is inside a cell without being doubled, so it is"
    " unclear where the line ends."
)


UNREADABLE = (
    "A character of it cannot be read, and a \ufffd takes its place. Save the list as UTF-8, or"
    " correct it afterwards."
)
CUT = (
    "The file ends inside of this line, as one that was cut off does. Export the list again, or"
    " complete the line."
)
MIXED = (
    "From here on the list mixes UTF-8 with Windows-1252. Each cell is read as what it is;"
    " look at the accents in the names once more."
)
WINDOWS, LOSSLESS = "cp1252", "latin-1"
"""Windows's own encoding, and one that preserves bytes until each cell is decoded by itself."""

Opening = Callable[[], BinaryIO]
"""Opens the file's bytes from their start, as often as it is called."""


@dataclass(frozen=True, slots=True)
class Record:
    """Cells, with the number of their first line; no cells where they cannot be separated.
    `last` means that the file ends here without a line break.
    """

    number: int
    cells: list[str] | None
    wrong: str = ""
    mixed: bool = False
    last: bool = False

    def is_cut(self, names: Sequence[str]) -> bool:
        """Whether the file seems to end before the line does; `names` are those of the columns."""
        if not (self.last and self.cells):
            return False
        missing = "".join(names[len(self.cells) :]).strip()
        return missing != "" or self.cells[-1].endswith("\ufffd")


class CustomerFile:
    """One file. `names` are the cells of its first line; empty when that cannot be read, and then
    `wrong` says why.
    """

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self.encoding = encoding_of(opening)
        with self._open() as file:
            start = file.read(PIECE)
        self._told = _TELLS_SEPARATOR.fullmatch(_first_line(start))
        counted = max(SEPARATORS, key=_first_line(_QUOTED.sub("-", start)).count)
        self.separator = self._told[1] if self._told else counted
        first = next(self.records(), None)
        self.names: tuple[str, ...] = tuple(first.cells or ()) if first else ()
        self.wrong = first.wrong if first else ""

    def lines(self, header: Header) -> Iterator[Line | BadLine]:
        """Every line below the first, by its number, as this header reads it; blank ones are left
        out.
        """
        order = self._day_order(header)
        below = warned = False
        for one in self.below():
            line = self._line(one, header, order, below=below)
            below = line is None or (below and isinstance(line, Line) and line.left_out)
            if isinstance(line, Line):
                yield _with_doubts(line, one, mixed=one.mixed and not warned)
                warned = warned or one.mixed
            elif line is not None:
                yield line

    def below(self) -> Iterator[Record]:
        """The records below the first line."""
        records = self.records()
        next(records, None)
        return records

    def _day_order(self, header: Header) -> DayOrder | None:
        places = [place for one in DATES for place in header.places.get(one, ())]
        return order_shown(
            one.cells[place]
            for one in (self.below() if places else ())
            for place in places
            if one.cells and place < len(one.cells)
        )

    def _line(
        self, record: Record, header: Header, order: DayOrder | None, *, below: bool
    ) -> Line | BadLine | None:
        cells = record.cells
        if cells is None or self._runs_on(cells, header):
            return BadLine(record.number, (record.wrong or NOT_CLOSED,))
        if below and len(cells) == 1 and len(header.names) >= LEAST_COLUMNS:
            note = f'"{cells[0].strip()}" is alone below the list, as reports end; left out.'
            return Line(number=record.number, account=None, person=None, notes=(note,))
        if record.is_cut(header.names):
            return BadLine(record.number, (CUT,))
        return read_line(record.number, cells, header, order)

    def _runs_on(self, cells: list[str], header: Header) -> bool:
        """Whether a single-line cell continues on the next line with a separator."""
        places = [place for one in IN_ONE_LINE for place in header.places.get(one, ())]
        return any(
            self.separator in cells[place] and "\n" in cells[place].strip().replace("\r", "\n")
            for place in places
            if place < len(cells)
        )

    def records(self) -> Iterator[Record]:
        """The records of the file, the header first. After an unreadable one the next line of the
        file is tried, so that an unclosed quote costs only its own line.
        """
        with self._open() as file:
            lines = _Lines(file)
            above = 1 if self._told else 0
            begun = False
            while record := self._next(lines):
                begun = begun or record.cells != []
                if begun and not above:
                    yield record
                elif begun:
                    above, begun = 0, False

    def _next(self, lines: "_Lines") -> Record | None:
        number = lines.begin()
        reader = csv.reader(lines, delimiter=self.separator, strict=True, skipinitialspace=True)
        try:
            return self._read(number, next(reader), last=lines.last)
        except StopIteration:
            return None
        except csv.Error as error:
            long = lines.go_back() == 0 and "limit" in str(error)
            return Record(number, None, TOO_LONG if long else NOT_CLOSED)

    def _read(self, number: int, cells: list[str], *, last: bool) -> Record:
        """In a list that is not UTF-8 as a whole, some cells may still be."""
        if self.encoding != WINDOWS:
            return Record(number, cells, last=last)
        read = [read_cell(cell) for cell in cells]
        mixed = any(is_utf8 for _, is_utf8 in read)
        return Record(number, [text for text, _ in read], mixed=mixed, last=last)

    def _open(self) -> TextIO:
        name = LOSSLESS if self.encoding == WINDOWS else self.encoding
        return TextIOWrapper(self._opening(), encoding=name, errors="replace", newline="")


class _Lines:
    """The lines of a file, with a way back to the second line of a record."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._waiting: deque[str] = deque()
        self._taken: list[str] = []
        self._number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self._taken) == MOST_LINES:
            raise StopIteration
        line = self._waiting.popleft() if self._waiting else self._read()
        self._taken.append(line)
        self._number += 1
        return line

    def _read(self) -> str:
        line = piece = self._file.readline(MOST_CHARACTERS)
        if not line:
            raise StopIteration
        while len(piece) == MOST_CHARACTERS and not piece.endswith(("\r", "\n")):
            line, piece = _NO_LINE, self._file.readline(MOST_CHARACTERS)
        return line

    @property
    def last(self) -> bool:
        """Whether the file ends at this line without a line break."""
        return not self._taken[-1].endswith(("\r", "\n"))

    def begin(self) -> int:
        """Begin a record here. Returns its line number, from 1."""
        self._taken = []
        return self._number + 1

    def go_back(self) -> int:
        """Begin the next record at this one's second line. Returns this record's lines below the
        first.
        """
        below = self._taken[1:]
        self._waiting.extendleft(reversed(below))
        self._number -= len(below)
        return len(below)


def _with_doubts(line: Line, record: Record, *, mixed: bool) -> Line:
    """The line, with a note on doubtful characters."""
    lost = any("\ufffd" in cell for cell in record.cells or ())
    doubts = (*((MIXED,) if mixed else ()), *((UNREADABLE,) if lost else ()))
    return replace(line, notes=(*line.notes, *doubts)) if doubts else line


def read_cell(cell: str) -> tuple[str, bool]:
    """A cell of undecided bytes, as UTF-8 where its accents are valid UTF-8, else as Windows-1252;
    and whether it was UTF-8.

    >>> read_cell("ZoÃ«"), read_cell("Zoë"), read_cell("Zoe")
    (('Zoë', True), ('Zoë', False), ('Zoe', False))
    """
    if cell.isascii():
        return cell, False
    data = cell.encode(LOSSLESS, "replace")
    try:
        return data.decode(), True
    except UnicodeDecodeError:
        return data.decode(WINDOWS, "replace"), False


def _first_line(text: str) -> str:
    """The first line that is not blank."""
    return text.lstrip().replace("\r", "\n").partition("\n")[0]


def encoding_of(opening: Opening) -> str:
    """UTF-8 or UTF-16 by the byte order mark or the content, else Windows-1252. UTF-8 may end in
    the middle of a character, where the file was cut off.
    """
    accents = False
    decoder = getincrementaldecoder("utf-8")()
    with opening() as file:
        start = file.read(3)
        for mark, name in MARKS.items():
            if start.startswith(mark):
                return name
        try:
            accents = not decoder.decode(start).isascii()
            while piece := file.read(PIECE):
                accents = not decoder.decode(piece).isascii() or accents
        except UnicodeDecodeError:
            return WINDOWS
    cut = decoder.getstate()[0] != b""
    return WINDOWS if cut and not accents else "utf-8"
