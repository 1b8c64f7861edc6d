"""Files on their way in: CSV and NDJSON, plain or gzip, read piece by piece."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from negotiations_api.records.csv_lines import csv_lines
from negotiations_api.records.rows import LONGEST_ROW
from negotiations_api.records.text import Malformed

_BLOCK = 1024 * 1024
_GZIP = b"\x1f\x8b"


def unpacked(file: BinaryIO) -> BinaryIO:
    """`file`, or what it holds where it is gzip, which its first bytes tell."""
    buffered = io.BufferedReader(cast("io.RawIOBase", file))
    if buffered.peek(2)[:2] == _GZIP:
        return cast("BinaryIO", gzip.GzipFile(fileobj=buffered))
    return cast("BinaryIO", buffered)


def read_block(file: BinaryIO, size: int) -> bytes:
    """The next bytes of `file`; none at its end. Raises Malformed for a gzip that is not whole."""
    try:
        return file.read(size)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise Malformed("The file is not whole, or no gzip: get it again.") from None


def csv_file_lines(file: BinaryIO, size: int = _BLOCK) -> Iterator[tuple[int, list[str] | str]]:
    """The lines of a CSV file as `csv_lines` gives them, from `size` bytes of it at a time.

    Raises Malformed for what is not UTF-8.
    """
    before = 0
    for text in _texts(file, size):
        for line, cells in csv_lines(text):
            yield before + line, cells
        before += text.count("\n")


def _texts(file: BinaryIO, size: int) -> Iterator[str]:
    """The text of a file in pieces, each of which ends with the end of a line of CSV."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    rest, place = "", 0
    while True:
        block = read_block(file, size)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            raise Malformed(f"The text is not UTF-8, near byte {place + error.start}.") from None
        rest += text.removeprefix("\ufeff") if place == 0 else text
        place += len(block)
        if not block:
            yield rest
            return
        cut = _line_end(rest)
        yield rest[:cut]
        rest = rest[cut:]


def _line_end(text: str) -> int:
    """Where the last line of `text` that is whole ends: outside of quotation marks.

    A mark that is never closed would keep everything after it, so that what is longer than a row
    may be ends anywhere: its lines are found fault with one by one.
    """
    open_marks = text.count('"') % 2
    at = len(text)
    while (feed := text.rfind("\n", 0, at)) >= 0:
        open_marks = (open_marks - text.count('"', feed, at)) % 2
        if not open_marks:
            return feed + 1
        at = feed
    return text.rfind("\n") + 1 if len(text) > 2 * LONGEST_ROW else 0


def ndjson_file_lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines of an NDJSON file that are not empty, with their numbers from 1.

    Of one that is longer than a row may be only the beginning is given, which is too long too.
    """
    number = 0
    while line := _line(file):
        number += 1
        whole = line
        while not line.endswith(b"\n") and (line := _line(file)):
            pass
        if number == 1:
            whole = whole.removeprefix(codecs.BOM_UTF8)
        if whole.strip():
            yield number, whole


def _line(file: BinaryIO) -> bytes:
    try:
        return file.readline(LONGEST_ROW + 2)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise Malformed("The file is not whole, or no gzip: get it again.") from None
