"""How much of a matrix is drawn."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.compare.matrix import Matrix, MatrixRow
from negotiations_api.compare.position import Demand, Party, Stance
from negotiations_api.render.svg.matrix_part import (
    MOST_CELLS,
    MOST_PARTIES,
    MOST_ROWS,
    part_to_draw,
    what_is_drawn,
)
from tests.compare.factories import demand
from tests.render.svg.answers import ON, held


def sparse(parties: int, demands: int, recorded: range) -> Matrix:
    """A matrix in which the last party accepts the `recorded` demands, and nothing else is said."""
    everyone = tuple(Party(f"party-{n}", f"Party {n}") for n in range(parties))
    silent = (None,) * (parties - 1)

    def row(n: int) -> MatrixRow:
        asked: Demand = demand(f"demand-{n}")
        stands = held(everyone[-1], asked, Stance.ACCEPT) if n in recorded else None
        return MatrixRow(asked, (*silent, stands))

    return Matrix(ON, everyone, tuple(map(row, range(demands))), len(recorded))


def numbers(matrix: Matrix) -> list[int]:
    return [int(row.demand.slug.removeprefix("demand-")) for row in matrix.rows]


def test_what_there_is_room_for_is_drawn_whole_and_without_a_word() -> None:
    shown = sparse(100, 200, range(0))
    assert part_to_draw(shown) == shown
    assert what_is_drawn(shown, part_to_draw(shown)) == ""


def test_demands_without_a_position_are_left_out_first() -> None:
    shown = sparse(100, 300, range(0, 300, 2))
    drawn = part_to_draw(shown)
    assert numbers(drawn) == [*range(0, 300, 2)]
    said = "150 of 300 demands are drawn; 150 without a recorded position are left out."
    assert what_is_drawn(shown, drawn).startswith(said)


def test_of_the_others_the_first_are_drawn() -> None:
    shown = sparse(100, 900, range(100, 900))
    drawn = part_to_draw(shown)
    assert numbers(drawn) == [*range(100, 300)]
    said = "200 of 900 demands are drawn; 100 without a recorded position are left out."
    assert what_is_drawn(shown, drawn).startswith(said)


def test_where_nothing_is_recorded_the_first_are_drawn() -> None:
    shown = sparse(250, 300, range(0))
    drawn = part_to_draw(shown)
    assert numbers(drawn) == [*range(100)]
    said = "200 of 250 parties are drawn. 100 of 300 demands are drawn. Ask"
    assert what_is_drawn(shown, drawn).startswith(said)


def test_parties_without_a_position_are_left_out_first() -> None:
    shown = sparse(250, 3, range(3))
    drawn = part_to_draw(shown)
    assert [party.slug for party in drawn.parties] == ["party-249"]
    assert (drawn.recorded, numbers(drawn)) == (3, [0, 1, 2])
    said = "1 of 250 parties is drawn; 249 without a recorded position are left out. Ask"
    assert what_is_drawn(shown, drawn).startswith(said)


@pytest.mark.parametrize("parties", [1, 2])
def test_even_narrow_ones_come_to_an_end(parties: int) -> None:
    drawn = part_to_draw(sparse(parties, MOST_ROWS + 1, range(MOST_ROWS + 1)))
    assert numbers(drawn) == [*range(MOST_ROWS)]


@given(st.integers(1, 260), st.integers(1, 300), st.integers(0, 300))
@settings(max_examples=15, deadline=None)
def test_no_more_is_drawn_than_a_browser_shows(parties: int, demands: int, recorded: int) -> None:
    drawn = part_to_draw(sparse(parties, demands, range(min(recorded, demands))))
    assert len(drawn.rows) * len(drawn.parties) <= MOST_CELLS
    assert len(drawn.parties) <= MOST_PARTIES
    assert {len(row.positions) for row in drawn.rows} == {len(drawn.parties)}
