"""How wide the columns of a table are, and which of them stand side by side."""

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len, chop_cells

from negotiations_api.render.grid import GAP, in_blocks

_ENOUGH = 12
"""How wide a column has to be, unless what can't be broken in it is shorter."""

_LEAST = 2
"""One Chinese or Korean character."""

_BREAK = re.compile(r"\s+|(?<=[^\W\d_]-)(?=\w)")


def blocks_of(
    columns: Sequence[Sequence[str]], right: Sequence[bool], keys: int, width: int
) -> Iterator[tuple[list[int], list[int]]]:
    """The columns (by number) of each block of a table in `width`, and how wide each of them is.

    `columns` are the texts of each, its header first; those that are aligned `right` hold numbers,
    which do not break. Every block has the first `keys` columns.
    """
    parts = [
        _longest_word(column) if numeric else _longest_part(column)
        for column, numeric in zip(columns, right, strict=True)
    ]
    least = [
        part if numeric else min(part, _ENOUGH) for part, numeric in zip(parts, right, strict=True)
    ]
    for block in _blocks(least, keys, width):
        room = width - GAP * (len(block) - 1)
        widths = _shrunk([least[column] for column in block], room)
        for wanted in (parts, [_longest(column) for column in columns]):
            widths = _widened(widths, [wanted[column] for column in block], room)
        yield block, widths


def _blocks(least: Sequence[int], keys: int, width: int) -> list[list[int]]:
    """The columns of each block: all of them if they fit, else the keys and some others."""
    if sum(least) + GAP * (len(least) - 1) <= width or len(least) <= keys + 1:
        return [list(range(len(least)))]
    room = width - sum(least[:keys]) - GAP * (keys - 1)
    others = in_blocks([wide + GAP for wide in least[keys:]], room)
    return [[*range(keys), *(keys + column for column in block)] for block in others]


def _shrunk(widths: Sequence[int], room: int) -> list[int]:
    """The widths, the greatest made less until all fit."""
    fitting = list(widths)
    while sum(fitting) > room and max(fitting) > _LEAST:
        fitting[fitting.index(max(fitting))] -= 1
    return fitting


def _widened(widths: Sequence[int], wanted: Sequence[int], room: int) -> list[int]:
    """The widths, made greater by turns where a cell takes most lines, until nothing is wanted."""
    wide = list(widths)
    for _ in range(room - sum(wide)):
        wanting = [column for column, each in enumerate(wide) if each < wanted[column]]
        if not wanting:
            break
        wide[max(wanting, key=lambda column: wanted[column] / wide[column])] += 1
    return wide


def _longest_word(column: Sequence[str]) -> int:
    return max((cell_len(word) for cell in column for word in cell.split()), default=1)


def _longest_part(column: Sequence[str]) -> int:
    return max((cell_len(part) for cell in column for part in _parts(cell)), default=1)


def _parts(text: str) -> list[str]:
    """What a text can be broken into: words, and these after hyphens, as in slugs; not dates."""
    return _BREAK.split(text)


def breakable(text: str, wide: int) -> str:
    """`text` with spaces in the words that are too long, where alone they would not fit a line.

    No two pieces of a word fit a line together, so that there is a line break at each such space.
    """
    return " ".join(_pieces(word, wide) if cell_len(word) > wide else word for word in text.split())


def _pieces(word: str, wide: int) -> str:
    pieces = [""]
    for piece in (piece for part in _parts(word) for piece in chop_cells(part, wide)):
        if cell_len(pieces[-1] + piece) <= wide:
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return " ".join(piece for piece in pieces if piece)


def _longest(column: Sequence[str]) -> int:
    return max(cell_len(cell) for cell in column)
