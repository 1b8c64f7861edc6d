"""How two parties' positions on one demand relate."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.compare.alignment import Alignment, align
from negotiations_api.compare.position import Position, Stance
from tests.compare.factories import position, positions

TABLE = """
              demand       accept       conditional  reserve      reject       (none)
demand        agreed       agreed       conditional  open         opposed      one_sided
accept        agreed       agreed       conditional  open         opposed      one_sided
conditional   conditional  conditional  conditional  open         opposed      one_sided
reserve       open         open         open         open         open         one_sided
reject        opposed      opposed      opposed      open         both_reject  one_sided
(none)        one_sided    one_sided    one_sided    one_sided    one_sided    not_recorded
"""
HEADING, *ROWS = (line.split() for line in TABLE.strip().splitlines())
CELLS = [
    (left, right, expected)
    for left, *alignments in ROWS
    for right, expected in zip(HEADING, alignments, strict=True)
]


def _standing(stance: str) -> Position | None:
    return None if stance == "(none)" else position(Stance(stance))


@pytest.mark.parametrize(("left", "right", "expected"), CELLS)
def test_two_positions_align_as_the_table_says(left: str, right: str, expected: str) -> None:
    assert align(_standing(left), _standing(right)) == expected


def test_the_table_covers_every_pair_of_stances() -> None:
    stances = [*Stance, "(none)"]
    assert [(left, right) for left, right, _ in CELLS] == list(itertools.product(stances, stances))


def test_every_alignment_occurs() -> None:
    assert {expected for *_, expected in CELLS} == set(Alignment)


PERHAPS = st.none() | positions(st.text(max_size=5))


@given(PERHAPS, PERHAPS)
@settings(deadline=None)
def test_alignment_does_not_ask_who_stands_on_the_left(
    one: Position | None, other: Position | None
) -> None:
    assert align(one, other) is align(other, one)


@given(positions(st.text(max_size=5)), positions(st.text(max_size=5)))
@settings(deadline=None)
def test_alignment_rests_on_the_stances_alone(left: Position, right: Position) -> None:
    assert align(left, right) is align(position(left.stance), position(right.stance))
