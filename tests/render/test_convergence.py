"""Whether parties come closer, rendered."""

import pytest
from hypothesis import given, settings

from negotiations_api.compare.change import Change
from negotiations_api.compare.convergence import Convergence, ConvergencePoint, Move
from negotiations_api.compare.measure import Measure, Weights
from negotiations_api.compare.period import parse_period
from negotiations_api.compare.position import Stance
from negotiations_api.render.convergence import convergence_page, convergence_table
from negotiations_api.render.page import Table
from tests.compare.factories import PRK, USA, demand, position
from tests.render.hostile import TEXTS, WIDTHS, check_page, check_table


def convergence(
    values: list[float | None], measure: Measure = Measure.S, slug: str = "sanctions-relief"
) -> Convergence:
    """A convergence with these values, a day each, that one move explains."""
    return Convergence(
        measure=measure,
        weights=Weights.SALIENCE,
        period=parse_period("2018/2019"),
        parties=(USA, PRK),
        demands=(demand(slug),),
        points=tuple(
            ConvergencePoint(f"2018-06-{day:02}", value, 0.5, 2, ("freeze", "cvid"), ())
            for day, value in enumerate(values, start=1)
        ),
        moves=(
            Move(
                "2018-06-02",
                position(Stance.REJECT, demand=slug),
                position(Stance.RESERVE, demand=slug),
                Change.SOFTENED,
                0.25,
            ),
        ),
    )


@pytest.mark.parametrize(
    ("values", "measure", "sentence"),
    [
        (
            [0.25, 0.5],
            Measure.S,
            "From 2018-06-01 (0.25) to 2018-06-02 (0.5): came closer by 0.25.",
        ),
        (
            [0.5, 0.25],
            Measure.S,
            "From 2018-06-01 (0.5) to 2018-06-02 (0.25): moved apart by 0.25.",
        ),
        (
            [0.5, 0.25],
            Measure.MANHATTAN,
            "From 2018-06-01 (0.5) to 2018-06-02 (0.25): came closer by 0.25.",
        ),
        (
            [0.25, 0.5],
            Measure.HYBRID,
            "From 2018-06-01 (0.25) to 2018-06-02 (0.5): moved apart by 0.25.",
        ),
        ([0.5, 0.1, 0.5], Measure.S, "From 2018-06-01 (0.5) to 2018-06-03 (0.5): no change."),
        ([None, 0.5, None], Measure.S, "On 2018-06-02, the only day measured: 0.5."),
        ([None], Measure.S, "There is no day on which they can be measured."),
        ([], Measure.S, "There is no day on which they can be measured."),
    ],
)
def test_a_sentence_says_how_it_went(
    values: list[float | None], measure: Measure, sentence: str
) -> None:
    assert convergence_page(convergence(values, measure)).sections[0].paragraphs[-1] == sentence


def test_it_names_the_parties_the_period_and_the_fixed_demands() -> None:
    page = convergence_page(convergence([0.5]))
    assert page.title == "Convergence of usa and prk in 2018/2019"
    assert page.sections[0].paragraphs[2] == (
        "Fixed, since all parties are recorded on them throughout: sanctions-relief."
    )


def test_the_points_and_the_moves_are_tables() -> None:
    points, moves = convergence_page(convergence([0.5])).sections[1:]
    assert points.table is not None
    assert points.table.rows == (("2018-06-01", 0.5, 0.5, 2, "freeze, cvid", ""),)
    assert moves.table is not None
    assert moves.table.rows == (
        ("2018-06-02", "usa", "sanctions-relief", "reject", "reserve", "softened", 0.25),
    )


def test_the_table_has_a_row_for_each_point() -> None:
    assert convergence_table(convergence([None])) == Table(
        ("on", "value", "recorded_value", "recorded", "entered", "left"),
        (("2018-06-01", None, 0.5, 2, "freeze cvid", None),),
    )


@given(TEXTS, WIDTHS)
@settings(deadline=None, max_examples=25)
def test_it_keeps_to_the_width_whatever_the_record_says(text: str, width: int) -> None:
    shown = convergence([0.5, None, 0.25], slug=text)
    check_page(convergence_page(shown), width)
    check_table(convergence_table(shown))
