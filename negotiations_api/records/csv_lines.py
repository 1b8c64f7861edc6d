"""CSV (RFC 4180) as lines of cells, each with the number of the line at which it begins.

Not the csv module, which bounds cells by a setting of the whole process, takes a quotation mark
in the middle of a cell, and tells neither where a line begins nor how to mend it.
"""

import re
from collections.abc import Iterator

MOST_CELLS = 1000

_NO_CSV = (
    "This line is no CSV (RFC 4180): put a cell that has a quotation mark, a comma or a line break "
    "between quotation marks, and write each mark within it twice."
)
_TOO_MANY = f"This line has more than {MOST_CELLS:,} cells."
_BREAKS = re.compile(r"[\r\n]*+")
_CELL = re.compile(r'(?:"([^"]*+(?:""[^"]*+)*+)"|([^",\r\n]*+))(,|\r?\n|\Z)')


def csv_lines(text: str) -> Iterator[tuple[int, list[str] | str]]:
    """The number (from 1) of each line that is not empty, with its cells, or what is wrong with it.

    Lines end with LF or CR LF. One that is no CSV ends at the next of these.
    """
    for _, _, line, cells in placed_lines(text):
        yield line, cells


def placed_lines(text: str) -> Iterator[tuple[int, int, int, list[str] | str]]:
    """The same, each after the places in `text` at which it begins and ends."""
    at, line = 0, 1
    while found := _BREAKS.match(text, at):
        start = found.end()
        line += text.count("\n", at, start)
        if start == len(text):
            return
        cells, at = _cells(text, start)
        yield start, at, line, cells
        line += text.count("\n", start, at)


def _cells(text: str, start: int) -> tuple[list[str] | str, int]:
    """The cells of the line that begins at `start`, or what is wrong with it; and its end."""
    feed = text.find("\n", start)
    end = len(text) if feed < 0 else feed
    plain = text[start:end].removesuffix("\r")
    if '"' in plain:
        return _quoted(text, start, end)
    cells = plain.split(",", MOST_CELLS)
    if "\r" in plain:
        return _NO_CSV, end
    return (_TOO_MANY if len(cells) > MOST_CELLS else cells), end


def _quoted(text: str, at: int, end: int) -> tuple[list[str] | str, int]:
    """The same where some cells stand between quotation marks; without these it ends at `end`."""
    cells: list[str] = []
    while found := _CELL.match(text, at):
        if len(cells) == MOST_CELLS:
            return _TOO_MANY, end
        quoted, plain, separator = found.groups()
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        if separator != ",":
            return cells, found.start(3)
        at = found.end()
    return _NO_CSV, end
