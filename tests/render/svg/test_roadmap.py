"""A roadmap as a graph."""

import re
from itertools import pairwise

import pytest

from negotiations_api.compare.position import Demand, Position, Stance
from negotiations_api.compare.roadmap import Roadmap, roadmap
from negotiations_api.render.svg.roadmap import roadmap_svg
from negotiations_api.render.svg.roadmap_graph import waits_of
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


def arrow_styles(svg: str) -> list[str]:
    """How the arrows look, but for those of the legend."""
    return [
        path.attrib["style"]
        for path in root_of(svg).iter(f"{SVG}path")
        if "C" in path.attrib.get("d", "") and "fill: none" in path.attrib.get("style", "")
    ]


def arrows(svg: str) -> tuple[int, int]:
    """How many arrows are solid, and how many dashed, but for those of the legend."""
    curves = arrow_styles(svg)
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


def test_only_arrows_with_both_ends_in_the_deadlock_are_thick() -> None:
    demands = [asked("relief", "usa"), asked("disarm", "prk"), asked("outside", "usa")]
    shown = road(
        demands,
        stands("relief", "usa", after("disarm", "outside")),
        stands("disarm", "prk", after("relief")),
    )
    assert {(wait.on, wait.closing) for wait in waits_of(shown)} == {
        ("relief", ("disarm",)),
        ("disarm", ("relief",)),
    }
    thick = [style for style in arrow_styles(roadmap_svg(shown)) if CLOSES in style]
    assert (len(thick), arrows(roadmap_svg(shown))) == (2, (3, 0))


def lightness(style: str) -> float:
    """How light (0 to 100) the fill of a style is (CIE L*)."""
    [hexed] = re.findall(r"fill: #(\w{6})", style)
    parts = [int(hexed[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    y = sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return float(116 * y ** (1 / 3) - 16)


def test_the_states_differ_without_colour_too() -> None:
    edged = [
        style
        for style in styles_of(roadmap_svg(road([asked("one", "usa")])))
        if "stroke: #595959" in style and "dasharray" not in style and "fill: none" not in style
    ]
    found = sorted({lightness(style) for style in edged})
    assert len(found) == 7
    assert min(lighter - darker for darker, lighter in pairwise(found)) > 5


def package(size: int) -> str:
    """The picture of so many demands, all of which must be delivered together."""
    slugs = [f"part-{n}" for n in range(size)]
    others = {slug: [together_with(each) for each in slugs if each != slug] for slug in slugs}
    return roadmap_svg(
        road([asked(s, "usa") for s in slugs], *[stands(s, "usa", *others[s]) for s in slugs])
    )


def test_what_few_demands_of_a_step_wait_for_is_drawn() -> None:
    assert arrows(package(3)) == (0, 3)


def test_where_they_are_many_their_boxes_say_it() -> None:
    svg = package(4)
    assert arrows(svg) == (0, 0)
    said = " ".join(texts_of(svg))
    assert "together with 3 demands: part-1, part-2 and part-3" in said
    assert "the boxes say what is delivered together" in said


def test_no_two_arrows_within_a_step_take_the_same_way() -> None:
    demands = [asked(f"part-{n}", "usa") for n in range(5)]
    rest = [stands(f"part-{n}", "usa", together_with("part-0")) for n in range(1, 5)]
    svg = roadmap_svg(road(demands, stands("part-0", "usa"), *rest))
    curves = [
        re.findall(r"[\d.]+", path.attrib["d"])[::2]
        for path in root_of(svg).iter(f"{SVG}path")
        if "C" in path.attrib.get("d", "") and "stroke-dash" in path.attrib.get("style", "")
    ]
    furthest = {max(float(x) for x in xs) for xs in curves}
    assert (len(curves), len(furthest)) == (4, 4)


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
