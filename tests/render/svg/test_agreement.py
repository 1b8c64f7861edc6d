"""The agreement of every pair as a heat map."""

import re
from base64 import b64decode
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from negotiations_api.compare.agreement import Agreement, PairAgreement
from negotiations_api.compare.measure import Measure, Weights
from negotiations_api.compare.period import parse_period
from negotiations_api.compare.position import Party
from negotiations_api.render.svg.agreement import agreement_svg
from tests.render.svg.answers import DEFINED, NOBODY, ON, agreement, talks
from tests.render.svg.reading import HREF, SVG, labels_of, overlaps, root_of, texts_of

PARTIES = (Party("usa", "United States"), Party("prk", "North Korea"), Party("swe", "Sweden"))
NUMBER = re.compile(r"-?[0-9]\.[0-9]{2}")


def of_three(*values: float | None, measure: Measure = Measure.KAPPA) -> Agreement:
    """The agreement of usa and prk, usa and swe, prk and swe."""
    slugs = [("usa", "prk"), ("usa", "swe"), ("prk", "swe")]
    pairs = tuple(
        PairAgreement(*pair, value, n=3, coverage=1.0)
        for pair, value in zip(slugs, values, strict=True)
    )
    return Agreement(ON, None, measure, Weights.EQUAL, PARTIES, (), pairs, DEFINED)


def numbers(svg: str) -> list[str]:
    return [text for text in texts_of(svg) if NUMBER.fullmatch(text)]


def test_each_pair_has_its_number_both_ways() -> None:
    assert sorted(numbers(agreement_svg(of_three(0.25, -0.5, 1.0)))) == sorted(
        ["0.25", "-0.50", "1.00"] * 2
    )


def test_a_pair_stands_in_the_row_of_the_one_and_the_column_of_the_other() -> None:
    labels = labels_of(agreement_svg(of_three(0.25, None, None)))
    [row] = [x for x in labels if x.text == "United States" and x.corners[0][1] == x.corners[1][1]]
    levels = [label.corners[2][1] for label in labels if label.text == "0.25"]
    assert min(levels) == pytest.approx(row.corners[2][1], abs=2)


def test_what_is_not_defined_is_hatched_and_has_no_number() -> None:
    defined, undefined = (agreement_svg(of_three(0.25, value, 1.0)) for value in (0.5, None))
    cells = [
        sum(path.attrib["d"].count("M") for path in paths)
        for paths in (
            [p for p in root_of(svg).iter(f"{SVG}path") if "url(#" in p.attrib.get("style", "")]
            for svg in (defined, undefined)
        )
    ]
    assert cells[1] - cells[0] == 2
    assert sorted(numbers(undefined)) == ["0.25", "0.25", "1.00", "1.00"]


@pytest.mark.parametrize("measure", Measure)
def test_the_colour_bar_says_which_end_is_close(measure: Measure) -> None:
    texts = texts_of(agreement_svg(of_three(0.25, 0.5, 1.0, measure=measure)))
    ends = {text for text in texts if text.endswith(("(closest)", "(furthest)"))}
    least = "-1" if measure in {Measure.S, Measure.KAPPA, Measure.PI} else "0"
    close, far = ("0", "1") if measure.is_distance else ("1", least)
    assert ends == {f"{close} (closest)", f"{far} (furthest)"}


def brightness(svg: str) -> dict[tuple[int, int], int]:
    """How bright each cell of the heat map is, 0 to 255, by column and row."""
    element = next(iter(root_of(svg).iter(f"{SVG}image")))
    with Image.open(BytesIO(b64decode(element.attrib[HREF].partition(",")[2]))) as image:
        grey = image.convert("L")
        places = [(column, row) for column in range(grey.width) for row in range(grey.height)]
        return {place: int(str(grey.getpixel(place))) for place in places}


@pytest.mark.parametrize("measure", Measure)
def test_the_closer_the_lighter(measure: Measure) -> None:
    cells = brightness(agreement_svg(of_three(0.25, 0.5, 1.0, measure=measure)))
    shades = [cells[0, 1], cells[0, 2], cells[1, 2]]
    assert shades == sorted(shades, reverse=measure.is_distance)
    assert len(set(shades)) == 3
    assert [cells[1, 0], cells[2, 0], cells[2, 1]] == shades


def test_the_closest_and_the_furthest_pair_are_named() -> None:
    said = root_of(agreement_svg(of_three(0.25, -0.5, 1.0)))[1].text or ""
    assert "Closest: North Korea and Sweden (1.00" in said
    assert "furthest: United States and Sweden (-0.50" in said


def test_of_a_distance_the_least_is_the_closest() -> None:
    said = root_of(agreement_svg(of_three(0.25, 0.5, 1.0, measure=Measure.MANHATTAN)))[1].text or ""
    assert "Closest: United States and North Korea" in said


def test_many_parties_are_all_named_but_there_are_no_numbers() -> None:
    drawn = talks(200, 3)
    svg = agreement_svg(agreement(drawn))
    assert {party.name for party in drawn.parties} <= set(texts_of(svg))
    assert numbers(svg) == []
    assert overlaps(svg) == []


def test_a_period_is_named_where_there_is_no_day() -> None:
    answer = replace(of_three(0.25, 0.5, 1.0), on=None, period=parse_period("2018/2019"))
    assert "How close every pair of parties is, 2018/2019" in texts_of(agreement_svg(answer))


def test_one_party_has_nobody_to_agree_with() -> None:
    answer = Agreement(ON, None, Measure.S, Weights.EQUAL, PARTIES[:1], (), (), NOBODY)
    svg = agreement_svg(answer)
    assert "United States" in texts_of(svg)
    assert numbers(svg) == []
