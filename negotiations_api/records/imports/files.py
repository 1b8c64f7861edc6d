"""Files on their way in: CSV and NDJSON, plain or gzip, read piece by piece."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from negotiations_api.records.csv_lines import placed_lines
from negotiations_api.records.rows import LONGEST_ROW
from negotiations_api.records.text import Malformed

_BLOCK = 1024 * 1024
_BEGINNING = 1024
_GZIP = b"\x1f\x8b"


def unpacked(file: BinaryIO) -> BinaryIO:
    """`file`, or what it holds where it is gzip, which its first bytes tell."""
    buffered = io.BufferedReader(cast("io.RawIOBase", file))
    if buffered.peek(2)[:2] == _GZIP:
        return cast("BinaryIO", gzip.GzipFile(fileobj=buffered))
    return cast("BinaryIO", buffered)


def looks_like_json(file: BinaryIO) -> bool:
    """Whether what `unpacked` gave begins with an object of JSON, which no line of CSV does."""
    peeked: bytes = file.peek(_BEGINNING)  # type: ignore[attr-defined]  # both that it may be can
    return peeked.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"{"


def read_block(file: BinaryIO, size: int) -> bytes:
    """The next bytes of `file`; none at its end. Raises Malformed for a gzip that is not whole."""
    try:
        return file.read(size)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise Malformed("The file is not whole, or no gzip: get it again.") from None


def csv_file_lines(file: BinaryIO, size: int = _BLOCK) -> Iterator[tuple[int, list[str] | str]]:
    """The lines of a CSV file as `csv_lines` gives them, from `size` bytes of it at a time.

    A mark that is never closed would keep everything after it: a line that is no CSV although more
    has been read than a row may be, is none. Raises Malformed for what is not UTF-8.
    """
    rest, before = "", 0
    for text in _texts(file, size):
        rest += text
        decided = 0
        for start, end, line, cells in placed_lines(rest):
            # Another line may come to be of it, with what has not been read yet.
            may_go_on = isinstance(cells, str) and len(rest) - start <= 2 * LONGEST_ROW
            if text and (may_go_on or end == len(rest)):
                break
            yield before + line, cells
            decided = end
        before += rest.count("\n", 0, decided)
        rest = rest[decided:]


def _texts(file: BinaryIO, size: int) -> Iterator[str]:
    """The text of a file in pieces, of which the last is empty."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    place = 0
    while True:
        block = read_block(file, size)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            raise Malformed(f"The text is not UTF-8, near byte {place + error.start}.") from None
        is_first = place == 0
        place += len(block)
        if text or not block:
            yield text.removeprefix("\ufeff") if is_first else text
        if not block:
            return


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
