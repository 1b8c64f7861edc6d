"""Who stands where."""

from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.compare.matrix import matrix
from negotiations_api.compare.position import Position, Stance
from tests.compare.factories import NUCLEAR, PRK, SANCTIONS, USA, demand, position

DAY = "2019-10-05"
DEMANDS = [demand("a"), demand("b"), demand("c", NUCLEAR)]
PARTIES = [USA, PRK]
POSITIONS = st.lists(
    st.builds(
        position,
        st.sampled_from(Stance),
        party=st.sampled_from(["usa", "prk"]),
        demand=st.sampled_from(["a", "b", "c"]),
    ),
    unique_by=lambda held: (held.party, held.demand),
)


def test_rows_are_the_demands_by_issue_and_a_part_after_its_whole() -> None:
    demands = [
        demand("a", SANCTIONS, part_of="z"),
        demand("z", SANCTIONS),
        demand("c", NUCLEAR),
    ]
    rows = matrix(DAY, PARTIES, demands, []).rows
    assert [row.demand.slug for row in rows] == ["c", "z", "a"]


def test_the_cells_of_a_row_follow_the_order_of_the_parties() -> None:
    asks, refuses = position(party="prk"), position(Stance.REJECT, party="usa")
    rows = matrix(DAY, [PRK, USA], [demand()], [refuses, asks]).rows
    assert [row.positions for row in rows] == [(asks, refuses)]


def test_the_parties_stand_in_the_order_in_which_they_came() -> None:
    assert matrix(DAY, [USA, PRK], [], []).parties == (USA, PRK)


def test_a_party_that_said_nothing_is_not_recorded() -> None:
    rows = matrix(DAY, PARTIES, [demand()], []).rows
    assert [row.positions for row in rows] == [(None, None)]


def test_a_position_of_a_party_that_is_not_there_has_no_cell() -> None:
    shown = matrix(DAY, PARTIES, [demand()], [position(party="kor")])
    assert shown.recorded == 0


def test_a_position_on_a_demand_that_is_not_there_has_no_cell() -> None:
    shown = matrix(DAY, PARTIES, [demand("a")], [position(demand="b")])
    assert shown.recorded == 0


def test_the_matrix_says_of_which_day_it_is() -> None:
    assert matrix(DAY, PARTIES, DEMANDS, []).on == DAY


@given(POSITIONS)
@settings(deadline=None)
def test_every_position_has_its_cell_and_every_other_cell_is_not_recorded(
    held: list[Position],
) -> None:
    shown = matrix(DAY, PARTIES, DEMANDS, held)
    cells = {
        (party.slug, row.demand.slug): cell
        for row in shown.rows
        for party, cell in zip(shown.parties, row.positions, strict=True)
    }
    recorded = {(each.party, each.demand): each for each in held}
    assert cells == {cell: recorded.get(cell) for cell in cells}


@given(POSITIONS)
@settings(deadline=None)
def test_recorded_counts_the_positions(held: list[Position]) -> None:
    assert matrix(DAY, PARTIES, DEMANDS, held).recorded == len(held)


@given(POSITIONS, st.data())
@settings(deadline=None)
def test_the_order_of_demands_and_positions_changes_nothing(
    held: list[Position], data: st.DataObject
) -> None:
    demands, shuffled = data.draw(st.permutations(DEMANDS)), data.draw(st.permutations(held))
    assert matrix(DAY, PARTIES, demands, shuffled) == matrix(DAY, PARTIES, DEMANDS, held)
