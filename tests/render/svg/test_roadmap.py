"""A roadmap as a graph."""

import pytest

from negotiations_api.compare.position import Demand, Position, Stance
from negotiations_api.compare.roadmap import Roadmap, roadmap
from negotiations_api.render.svg.roadmap import roadmap_svg
from tests.compare.factories import PRK, USA, after, position, together_with
from tests.compare.roads import asked, done, stands
from tests.render.svg.answers import ON, talks
from tests.render.svg.reading import SVG, labels_of, root_of, styles_of, texts_of
from tests.render.svg.roadmaps import roadmap as any_roadmap

CLOSES = "stroke: #d55e00; stroke-width: 2"


def road(demands: list[Demand], *positions: Position, delivered: tuple[str, ...] = ()) -> Roadmap:
    done_by = [done(slug, "usa") for slug in delivered]
    return roadmap(ON, (USA, PRK), demands, positions, done_by)


def left_of(svg: str, text: str) -> float:
    return next(label.corners[0][0] for label in labels_of(svg) if label.text == text)


def test_every_demand_is_there_by_slug_and_title() -> None:
    drawn = talks(7, 21)
    shown = any_roadmap(drawn)
    texts = texts_of(roadmap_svg(shown))
    assert [d.slug for d in drawn.demands if d.slug not in texts] == []


def test_it_runs_from_what_is_delivered_to_what_is_blocked() -> None:
    demands = [asked(slug, "usa") for slug in ("done", "first", "second", "never", "waits")]
    svg = roadmap_svg(
        road(
            demands,
            stands("first", "usa"),
            stands("second", "usa", after("first")),
            stands("waits", "usa", after("never")),
            delivered=("done",),
        )
    )
    lefts = [left_of(svg, slug) for slug in ("done", "first", "second", "never", "waits")]
    assert lefts == sorted(set(lefts))


def test_a_demand_says_its_state() -> None:
    demands = [asked(slug, "usa") for slug in ("done", "first", "refused", "silent")]
    refusal = position(demand="refused", party="usa", stance=Stance.REJECT)
    texts = texts_of(
        roadmap_svg(road(demands, stands("first", "usa"), refusal, delivered=("done",)))
    )
    assert {"delivered", "step 1", "rejected: usa", "not recorded: usa"} <= set(texts)


def test_blocked_demands_without_a_condition_stand_below_the_graph() -> None:
    demands = [asked(slug, "usa") for slug in ("first", "silent")]
    svg = roadmap_svg(road(demands, stands("first", "usa")))
    levels = {label.text: label.corners[0][1] for label in labels_of(svg)}
    heading = "Blocked, without waiting for another demand or being waited for"
    assert levels["first"] < levels[heading] < levels["silent"]


def arrows(svg: str) -> tuple[int, int]:
    """How many arrows are solid, and how many dashed, but for those of the legend."""
    curves = [
        path.attrib["style"]
        for path in root_of(svg).iter(f"{SVG}path")
        if "C" in path.attrib.get("d", "") and "fill: none" in path.attrib.get("style", "")
    ]
    dashed = sum("stroke-dasharray" in style for style in curves)
    return len(curves) - dashed, dashed


def test_a_precondition_is_solid_and_a_reciprocal_one_dashed() -> None:
    demands = [asked(slug, "usa") for slug in ("first", "second", "also")]
    svg = roadmap_svg(
        road(
            demands,
            stands("first", "usa"),
            stands("second", "usa", after("first")),
            stands("also", "usa", together_with("second")),
        )
    )
    assert arrows(svg) == (1, 1)


def test_demands_that_wait_for_each_other_share_an_arrow_with_two_heads() -> None:
    demands = [asked("one", "usa"), asked("two", "usa")]
    svg = roadmap_svg(
        road(
            demands,
            stands("one", "usa", together_with("two")),
            stands("two", "usa", together_with("one")),
        )
    )
    assert arrows(svg) == (0, 1)


def test_where_any_demand_will_do_the_arrows_meet_in_an_or() -> None:
    demands = [asked(slug, "usa") for slug in ("one", "two", "waits")]
    texts = [
        texts_of(roadmap_svg(road(demands, stands("waits", "usa", *conditions))))
        for conditions in ([after("one"), after("two")], [after("one", "two")])
    ]
    assert [each.count("or") for each in texts] == [1, 2]


def deadlocked() -> Roadmap:
    demands = [asked("relief", "usa"), asked("disarm", "prk")]
    return road(
        demands,
        stands("relief", "usa", after("disarm")),
        stands("disarm", "prk", after("relief")),
    )


def test_a_deadlock_is_outlined_and_its_arrows_are_thick() -> None:
    drawn = styles_of(roadmap_svg(deadlocked()))
    legend = styles_of(roadmap_svg(road([asked("relief", "usa")])))
    thick = [sum(CLOSES in style for style in styles) for styles in (drawn, legend)]
    assert thick[0] - thick[1] == 4


def test_a_deadlock_says_who_is_in_it_and_what_opens_it() -> None:
    said = " ".join(texts_of(roadmap_svg(deadlocked())))
    assert "Deadlock 1: North Korea and United States over disarm and relief." in said
    assert "made reciprocal" in said
    assert "dropped" in said
    assert texts_of(roadmap_svg(deadlocked())).count("deadlock 1") == 2


def test_a_demand_that_waits_for_itself_is_drawn() -> None:
    svg = roadmap_svg(road([asked("one", "usa")], stands("one", "usa", after("one"))))
    assert arrows(svg) == (1, 0)


def test_what_waits_for_a_text_says_so() -> None:
    svg = roadmap_svg(road([asked("one", "usa")], stands("one", "usa", after(text="a letter"))))
    assert "text only: usa" in texts_of(svg)


def test_a_condition_on_a_demand_that_is_not_there_draws_nothing() -> None:
    svg = roadmap_svg(road([asked("one", "usa")], stands("one", "usa", after("elsewhere"))))
    assert "one" in texts_of(svg)
    assert arrows(svg) == (0, 0)


@pytest.mark.parametrize("size", [(2, 5), (7, 21), (30, 60)])
def test_it_counts(size: tuple[int, int]) -> None:
    shown = any_roadmap(talks(*size))
    said = root_of(roadmap_svg(shown))[1].text or ""
    assert f"{len(shown.blocked)} blocked" in said
