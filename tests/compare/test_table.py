"""Positions as a table of numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.compare.position import Demand, Scale, Stance
from negotiations_api.compare.table import STANCES, PositionTable, select, tabulate
from tests.compare.factories import demand

TONNES = demand("tonnes", scale=Scale(10, 50))
FREEZE = demand("freeze")
Row = tuple[str, str, Stance, float | None, float | None]


def same(one: PositionTable, other: PositionTable) -> bool:
    """Whether two tables say the same of the same."""
    arrays = ("acceptance", "scaled", "salience", "stances")
    return (one.parties, one.demands) == (other.parties, other.demands) and all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True) for name in arrays
    )


def test_parties_and_demands_are_in_the_order_of_their_slugs() -> None:
    table = tabulate(["usa", "prk"], [TONNES, FREEZE], [])
    assert (table.parties, table.demands) == (("prk", "usa"), ("freeze", "tonnes"))


def test_a_position_stands_in_the_row_of_its_party_and_the_column_of_its_demand() -> None:
    table = tabulate(
        ["prk", "usa"], [FREEZE, TONNES], [("usa", "freeze", Stance.CONDITIONAL, None, 80)]
    )
    assert table.acceptance[1, 0] == 0.5
    assert table.salience[1, 0] == 80
    assert STANCES[table.stances[1, 0]] is Stance.CONDITIONAL
    assert table.recorded.tolist() == [[False, False], [True, False]]


@pytest.mark.parametrize("stance", Stance)
def test_a_stance_counts_as_its_acceptance(stance: Stance) -> None:
    table = tabulate(["usa"], [FREEZE], [("usa", "freeze", stance, None, None)])
    assert table.acceptance[0, 0] == stance.acceptance
    assert STANCES[table.stances[0, 0]] is stance


def test_what_is_not_recorded_is_not_a_number() -> None:
    table = tabulate(["usa"], [FREEZE], [])
    assert np.isnan([table.acceptance, table.scaled, table.salience]).all()


@pytest.mark.parametrize(("value", "score"), [(10, -1), (20, -0.5), (30, 0), (50, 1)])
def test_a_value_is_placed_between_the_ends_of_its_scale(value: float, score: float) -> None:
    # (20 - 10) / (50 - 10) = 1/4 of the way from -1 to 1, which is -1/2.
    table = tabulate(["usa"], [TONNES], [("usa", "tonnes", Stance.ACCEPT, value, None)])
    assert table.scaled[0, 0] == score


@pytest.mark.parametrize(("about", "value"), [(TONNES, None), (FREEZE, 20.0)])
def test_without_a_value_or_a_scale_there_is_no_place_on_it(
    about: Demand, value: float | None
) -> None:
    table = tabulate(["usa"], [about], [("usa", about.slug, Stance.ACCEPT, value, None)])
    assert np.isnan(table.scaled[0, 0])


def test_a_later_row_replaces_an_earlier_one_in_everything() -> None:
    rows: list[Row] = [
        ("usa", "tonnes", Stance.ACCEPT, 20, 90),
        ("usa", "tonnes", Stance.REJECT, None, None),
    ]
    replaced, alone = (tabulate(["usa"], [TONNES], some) for some in (rows, rows[1:]))
    assert same(replaced, alone)


@pytest.mark.parametrize("row", [("chn", "freeze"), ("usa", "other")])
def test_rows_of_others_are_left_out(row: tuple[str, str]) -> None:
    table = tabulate(["usa"], [FREEZE], [(*row, Stance.ACCEPT, None, None)])
    assert not table.recorded.any()


@given(st.permutations(["a", "b", "c"]), st.permutations(range(6)))
@settings(max_examples=30)
def test_the_order_of_what_comes_in_changes_nothing(parties: list[str], order: list[int]) -> None:
    demands = [FREEZE, TONNES]
    rows: list[Row] = [
        (party, about.slug, stance, value, None)
        for party, stance in zip("abc", Stance, strict=False)
        for about, value in ((FREEZE, None), (TONNES, 35.0))
    ]
    shuffled = tabulate(parties, demands[::-1], [rows[index] for index in order])
    assert same(shuffled, tabulate(["a", "b", "c"], demands, rows))


def test_some_parties_of_a_table_are_the_table_of_those_parties() -> None:
    rows: list[Row] = [(party, "freeze", Stance.ACCEPT, None, 10) for party in "abc"]
    whole, some = (tabulate(parties, [FREEZE], rows) for parties in (["a", "b", "c"], ["a", "c"]))
    assert same(select(whole, ["c", "a"]), some)


def test_a_party_that_a_table_does_not_have_cannot_be_chosen() -> None:
    with pytest.raises(KeyError, match="chn"):
        select(tabulate(["usa"], [FREEZE], []), ["chn"])
