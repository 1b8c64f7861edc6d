"""How close parties were over time, as a line plot."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from negotiations_api.compare.convergence import Convergence, ConvergencePoint
from negotiations_api.compare.measure import Measure, Weights
from negotiations_api.compare.period import ALWAYS, Period, parse_period
from negotiations_api.render.svg.convergence import convergence_svg
from tests.render.svg.answers import convergence, move, talks
from tests.render.svg.reading import SVG, overlaps, root_of, texts_of

TALKS = talks(2, 3)


def point(on: str, value: float | None, recorded: float | None = None) -> ConvergencePoint:
    return ConvergencePoint(on, value, recorded, 3, entered=(), left=())


def answer(
    *points: ConvergencePoint, measure: Measure = Measure.S, period: Period = ALWAYS
) -> Convergence:
    return Convergence(measure, Weights.EQUAL, period, TALKS.parties, TALKS.demands, points, ())


def line(svg: str, color: str) -> list[tuple[float, float]]:
    """The points of the first line in a colour, in the order that they are drawn in."""
    paths = [
        path
        for path in root_of(svg).iter(f"{SVG}path")
        if f"stroke: {color}" in path.attrib.get("style", "")
    ]
    numbers = [float(n) for n in re.findall(r"-?[0-9.]+", paths[0].attrib["d"])]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def test_a_value_holds_until_the_next_one() -> None:
    svg = convergence_svg(answer(point("2019-01-01", 0.0), point("2019-06-01", 1.0)))
    steps = line(svg, "#0072b2")
    assert steps[0][1] == steps[1][1]
    assert steps[1][0] == steps[2][0]
    assert steps[2][1] < steps[0][1]


def test_the_last_value_holds_to_the_end_of_the_period() -> None:
    points = (point("2019-01-01", 0.25), point("2019-02-01", 0.75))
    open_ended, ended = (
        line(convergence_svg(answer(*points, period=period)), "#0072b2")
        for period in (ALWAYS, parse_period("2019"))
    )
    first, second, end = (ended[0][0], ended[1][0], ended[-1][0])
    assert open_ended[-1][0] == open_ended[1][0]
    assert end - second > 5 * (second - first)


def test_where_nothing_is_measured_there_is_a_gap() -> None:
    points = [point("2019-01-01", 0.5), point("2019-03-01", None), point("2019-06-01", 0.5)]
    svg = convergence_svg(answer(*points))
    paths = [p.attrib.get("d", "") for p in root_of(svg).iter(f"{SVG}path")]
    assert any(d.count("M") == 2 for d in paths)


def test_what_is_recorded_on_the_day_is_dashed() -> None:
    points = (point("2019-01-01", 0.5, 0.25), point("2019-06-01", 0.5, 0.75))
    styles = [p.attrib.get("style", "") for p in root_of(convergence_svg(answer(*points))).iter()]
    assert sum("stroke: #e69f00" in style and "stroke-dasharray" in style for style in styles) >= 1


@pytest.mark.parametrize("measure", Measure)
def test_an_arrow_points_to_where_it_is_closer(measure: Measure) -> None:
    texts = texts_of(convergence_svg(answer(point("2019-01-01", 0.5), measure=measure)))
    assert ("↓ closer" if measure.is_distance else "↑ closer") in texts


def test_a_move_is_numbered_on_the_line_and_in_the_list() -> None:
    drawn = answer(point("2019-01-01", 0.5))
    moves = tuple(move(TALKS.parties[0], demand, "2019-01-01") for demand in TALKS.demands)
    before = Counter(texts_of(convergence_svg(drawn)))
    after = Counter(texts_of(convergence_svg(replace(drawn, moves=moves))))
    assert {number: (after - before)[number] for number in "123"} == {"1": 2, "2": 2, "3": 2}


def test_the_list_says_who_moved_on_what_and_what_that_did() -> None:
    moved = replace(
        answer(point("2019-01-01", 0.5)),
        moves=(move(TALKS.parties[1], TALKS.demands[2], "2019-01-01", effect=-0.125),),
    )
    texts = texts_of(convergence_svg(moved))
    who, what = TALKS.parties[1].name, TALKS.demands[2].title
    assert f"2019-01-01 {who}: {what} (reject to conditional)" in texts
    assert "softened, -0.125 (further apart)" in texts


def test_a_smaller_distance_is_closer() -> None:
    moved = replace(
        answer(point("2019-01-01", 0.5), measure=Measure.EUCLIDEAN),
        moves=(move(TALKS.parties[1], TALKS.demands[2], "2019-01-01", effect=-0.125),),
    )
    assert "softened, -0.125 (closer)" in texts_of(convergence_svg(moved))


def test_the_title_names_parties_and_measure() -> None:
    title = root_of(convergence_svg(answer(point("2019-01-01", 0.5))))[0].text or ""
    assert [party.name in title for party in TALKS.parties] == [True, True]
    assert "Signorino and Ritter" in title


def test_moves_on_one_day_do_not_hide_each_other() -> None:
    many = talks(2, 60)
    days = replace(
        convergence(many),
        points=(point("2019-01-01", 0.9),),
        moves=tuple(move(many.parties[0], demand, "2019-01-01") for demand in many.demands),
    )
    assert overlaps(convergence_svg(days)) == []


def test_years_a_day_apart_and_millennia_apart_have_an_axis() -> None:
    for first, last in (("0001-01-01", "9999-12-31"), ("2019-01-01", "2019-01-02")):
        svg = convergence_svg(answer(point(first, 0.5), point(last, 0.5)))
        assert overlaps(svg) == []
        assert sum(bool(re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", t)) for t in texts_of(svg)) >= 2
