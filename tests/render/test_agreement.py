"""How close every pair is, rendered."""

from itertools import combinations

import pytest
from hypothesis import given, settings

from negotiations_api.compare.agreement import (
    Agreement,
    DemandAgreement,
    PairAgreement,
    SetAgreement,
)
from negotiations_api.compare.measure import Measure, Weights
from negotiations_api.compare.period import Period, parse_period
from negotiations_api.compare.position import Party, Stance
from negotiations_api.render.agreement import agreement_page, agreement_table
from negotiations_api.render.page import Page, Section, Table, page_text
from negotiations_api.render.style import Style
from tests.compare.factories import demand
from tests.render.hostile import TEXTS, WIDTHS, check_page, check_table


def agreement(
    slugs: list[str],
    values: list[float | None],
    measure: Measure = Measure.S,
    period: Period | None = None,
    title: str = "Lift",
) -> Agreement:
    """An agreement of pairs with `values`, in the order of `combinations`, over 12 demands."""
    pairs = zip(combinations(slugs, 2), values, strict=True)
    counts = dict.fromkeys(Stance, 0) | {Stance.DEMAND: 2, Stance.REJECT: 1}
    return Agreement(
        on=None if period else "2019-10-05",
        period=period,
        measure=measure,
        weights=Weights.EQUAL,
        parties=tuple(Party(slug, title) for slug in slugs),
        demands=(DemandAgreement(demand(title=title), 3, counts, 1 / 3, 0.5),),
        pairs=tuple(
            PairAgreement(left, right, value, 12 if value is not None else 0, 0.75)
            for (left, right), value in pairs
        ),
        together=SetAgreement(0.4321, 4, 9),
    )


def section(page: Page, title: str | None) -> Section | None:
    """The section with that title."""
    return next((each for each in page.sections if each.title == title), None)


def rows(page: Page, title: str) -> list[tuple[object, ...]]:
    """The rows of the table of a section."""
    found = section(page, title)
    assert found is not None
    assert found.table is not None
    return list(found.table.rows)


THREE = agreement(["usa", "prk", "kor"], [0.8333, None, -0.5])
FOUR = ["a", "b", "c", "d"]


def test_it_is_titled_with_the_day_or_the_period() -> None:
    taken = agreement(["usa"], [], period=parse_period("2018/2019"))
    assert agreement_page(THREE).title == "Agreement on 2019-10-05"
    assert agreement_page(taken).title == "Agreement in positions taken in 2018/2019"


@pytest.mark.parametrize("measure", Measure)
def test_it_says_whether_more_or_less_is_closer(measure: Measure) -> None:
    first = agreement_page(agreement(["usa"], [], measure)).sections[0].paragraphs[0]
    least = "-1" if measure in {Measure.S, Measure.KAPPA, Measure.PI} else "0"
    closer = "less" if measure.is_distance else "more"
    assert first.endswith(f"from {least} to 1 ({measure}): {closer} is closer.")


def test_every_pair_is_in_the_grid_twice_and_no_party_with_itself() -> None:
    assert rows(agreement_page(THREE), "Every pair") == [
        ("usa", "", 0.83, None),
        ("prk", 0.83, "", -0.5),
        ("kor", None, -0.5, ""),
    ]


def test_a_pair_that_is_not_defined_is_explained() -> None:
    explained = section(agreement_page(THREE), "Every pair")
    assert explained is not None
    assert explained.paragraphs[0].startswith("A dash (-) is not defined:")
    assert not agreement_page(agreement(["a", "b", "c"], [1.0] * 3)).sections[1].paragraphs


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (0.8333, "usa and prk: 0.833 over 12 demands (coverage 0.75)."),
        (None, "usa and prk have no recorded demand in common."),
    ],
)
def test_the_only_pair_is_said_in_a_sentence(value: float | None, sentence: str) -> None:
    page = agreement_page(agreement(["usa", "prk"], [value]))
    assert page.sections[0].paragraphs[-1] == sentence
    assert section(page, "Every pair") is None


def test_a_party_alone_makes_no_pair() -> None:
    said = agreement_page(agreement(["usa"], [])).sections[0].paragraphs[-1]
    assert said == "There is no pair: it takes two parties."


def test_few_pairs_are_listed_by_closeness_with_what_they_rest_on() -> None:
    page = agreement_page(agreement(FOUR, [0.1, 0.9, None, 0.5, 0.3, -0.2]))
    listed = rows(page, "The pairs, the closest first")
    assert [row[:3] for row in listed] == [
        ("a", "c", 0.9),
        ("b", "c", 0.5),
        ("b", "d", 0.3),
        ("a", "b", 0.1),
        ("c", "d", -0.2),
    ]
    assert {row[3:] for row in listed} == {(12, 0.75)}


def test_of_a_distance_the_least_is_closest() -> None:
    values = [0.1, 0.9, 0.4, 0.5, 0.3, 0.2]
    page = agreement_page(agreement(FOUR, [*values], Measure.MANHATTAN))
    listed = rows(page, "The pairs, the closest first")
    assert (listed[0][:3], listed[-1][:3]) == (("a", "b", 0.1), ("a", "c", 0.9))


def test_of_many_pairs_five_are_listed_from_either_end() -> None:
    slugs = [f"p{number}" for number in range(8)]
    page = agreement_page(agreement(slugs, [number / 28 for number in range(28)]))
    closest, farthest = rows(page, "The closest pairs"), rows(page, "The farthest pairs")
    assert [row[2] for row in closest] == [number / 28 for number in range(27, 22, -1)]
    assert [row[2] for row in farthest] == [number / 28 for number in range(5)]


def test_without_a_defined_pair_none_is_listed() -> None:
    page = agreement_page(agreement(["a", "b", "c"], [None] * 3))
    assert section(page, "The pairs, the closest first") is None


def test_each_demand_says_how_many_take_which_stance() -> None:
    assert rows(agreement_page(THREE), "Demand by demand, where two or more are recorded") == [
        ("sanctions-relief", 3, "2 demand, 1 reject", 1 / 3, 0.5)
    ]


def test_the_parties_together_have_an_alpha() -> None:
    together = section(agreement_page(THREE), "All together")
    assert together is not None
    assert together.paragraphs[0].startswith("Krippendorff's alpha (2004): 0.432, over 9 positions")


def test_the_table_has_a_row_for_each_pair() -> None:
    assert agreement_table(agreement(["usa", "prk"], [1 / 3])) == Table(
        ("left", "right", "measure", "weights", "value", "n", "coverage"),
        (("usa", "prk", "s", "equal", 1 / 3, 12, 0.75),),
        keys=2,
    )


def test_a_grid_of_many_parties_stands_in_blocks() -> None:
    slugs = [f"party-{number}" for number in range(9)]
    text = page_text(agreement_page(agreement(slugs, [0.5] * 36)), Style(40))
    grid = text.split("Every pair\n")[1].split("\n\nThe closest")[0].split("\n\n")
    assert [slug for block in grid for slug in block.split("\n")[0].split()] == slugs


@given(TEXTS, WIDTHS)
@settings(deadline=None, max_examples=25)
def test_it_keeps_to_the_width_whatever_the_record_says(text: str, width: int) -> None:
    slugs = ["usa", "x" * 80, "democratic-" * 7, "kor"]
    shown = agreement(slugs, [0.1, None, 0.3, 0.4, 0.5, 0.6], title=text)
    check_page(agreement_page(shown), width)
    check_table(agreement_table(shown))
