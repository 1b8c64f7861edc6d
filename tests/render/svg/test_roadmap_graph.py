"""Where the boxes and arrows of a roadmap have their places."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.render.svg.roadmap_graph import (
    BOX_WIDE,
    Places,
    columns_of,
    first_blocked,
    places_of,
    waits_of,
)
from tests.render.svg.answers import talks
from tests.render.svg.roadmaps import roadmap

HIGH = 46.0
SIZES = st.tuples(st.integers(1, 6), st.integers(1, 40))


def places(size: tuple[int, int]) -> Places:
    shown = roadmap(talks(*size))
    waits = waits_of(shown)
    return places_of(columns_of(shown, waits), first_blocked(shown), waits, HIGH)


@given(SIZES)
@settings(max_examples=30, deadline=None)
def test_no_box_stands_on_another(size: tuple[int, int]) -> None:
    corners = places(size).corners
    meeting = [
        (one, other)
        for one, other in combinations(sorted(corners), 2)
        if abs(corners[one][0] - corners[other][0]) < BOX_WIDE
        and abs(corners[one][1] - corners[other][1]) < HIGH
    ]
    assert meeting == []


@given(SIZES)
@settings(max_examples=30, deadline=None)
def test_no_arrow_passes_behind_a_box(size: tuple[int, int]) -> None:
    drawn = places(size)
    hidden = [
        (arrow, slug)
        for arrow, points in drawn.routes.items()
        for x, y in points
        for slug, (left, top) in drawn.corners.items()
        if left == x and top <= y <= top + HIGH
    ]
    assert hidden == []


@given(SIZES)
@settings(max_examples=30, deadline=None)
def test_a_step_stands_to_the_right_of_all_before_it(size: tuple[int, int]) -> None:
    drawn = places(size)
    lefts = {
        column: {drawn.corners[slug][0] for slug, c in drawn.column_of.items() if c == column}
        for column in drawn.column_of.values()
    }
    assert {len(xs) for xs in lefts.values()} <= {1}
    in_order = [min(lefts[column]) for column in sorted(lefts)]
    assert in_order == sorted(set(in_order))


@given(SIZES)
@settings(max_examples=30, deadline=None)
def test_blocked_demands_stand_right_of_the_last_step(size: tuple[int, int]) -> None:
    shown = roadmap(talks(*size))
    columns = columns_of(shown, waits_of(shown))
    blocked = {each.demand.slug for each in shown.blocked}
    assert {columns[slug] >= first_blocked(shown) for slug in blocked & columns.keys()} <= {True}
