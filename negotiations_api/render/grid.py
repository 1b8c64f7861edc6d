"""Columns that are too many for a width, in blocks below each other."""

from collections.abc import Sequence

GAP = 2
"""The spaces between two columns."""


def in_blocks(widths: Sequence[int], room: int) -> list[range]:
    """Which columns stand side by side: as many in a block as `room` takes, one at least.

    `widths` are those of all columns that go into blocks, each with the gap before it; `room` is
    what the columns that every block repeats leave.
    """
    blocks: list[range] = []
    start, taken = 0, 0
    for column, wide in enumerate(widths):
        if column > start and taken + wide > room:
            blocks.append(range(start, column))
            start, taken = column, 0
        taken += wide
    return [*blocks, range(start, len(widths))] if widths else blocks
