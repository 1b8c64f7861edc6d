"""How much of a matrix is drawn: no more than a browser shows and a reader follows."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from negotiations_api.compare.matrix import Matrix

MOST_PARTIES, MOST_ROWS, MOST_CELLS = 200, 2_000, 20_000

_Line = TypeVar("_Line")


def part_to_draw(matrix: Matrix) -> Matrix:
    """The first parties and demands that there is room for.

    Where there is no room for all, those without any recorded position are left out first.
    """
    columns = _first(
        range(len(matrix.parties)),
        lambda column: any(row.positions[column] for row in matrix.rows),
        MOST_PARTIES,
    )
    narrow = [
        replace(row, positions=tuple(row.positions[column] for column in columns))
        for row in matrix.rows
    ]
    room = min(MOST_CELLS // max(len(columns), 1), MOST_ROWS)
    rows = tuple(_first(narrow, lambda row: any(row.positions), room))
    parties = tuple(matrix.parties[column] for column in columns)
    recorded = sum(position is not None for row in rows for position in row.positions)
    return replace(matrix, parties=parties, rows=rows, recorded=recorded)


def _first(
    lines: Sequence[_Line], is_recorded: Callable[[_Line], bool], most: int
) -> Sequence[_Line]:
    if len(lines) <= most:
        return lines
    return ([line for line in lines if is_recorded(line)] or lines)[:most]


def what_is_drawn(matrix: Matrix, drawn: Matrix) -> str:
    """How much of `matrix` is `drawn`, in sentences; nothing where all of it is."""
    slugs = {party.slug for party in drawn.parties}
    columns = [place for place, party in enumerate(matrix.parties) if party.slug in slugs]
    silent = sum(
        not any(row.positions[column] for row in matrix.rows)
        for column in range(len(matrix.parties))
    )
    empty = sum(not any(row.positions[column] for column in columns) for row in matrix.rows)
    said = [
        *_left_out(len(drawn.parties), len(matrix.parties), "parties", silent),
        *_left_out(len(drawn.rows), len(matrix.rows), "demands", empty),
    ]
    advice = ["Ask for an issue, or for fewer parties, to see the others."] if said else []
    return " ".join([*said, *advice])


def _left_out(drawn: int, of: int, noun: str, without: int) -> list[str]:
    """The sentence on how many are drawn, unless all are."""
    if drawn == of:
        return []
    text = f"{drawn} of {of} {noun} {_are(drawn)} drawn"
    if 0 < without < of:
        text += f"; {without} without a recorded position {_are(without)} left out"
    return [f"{text}."]


def _are(many: int) -> str:
    return "is" if many == 1 else "are"
