"""A comparison as text that reads like a diff."""

import re
from dataclasses import replace
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from negotiations_api.compare.change import Change, change
from negotiations_api.compare.comparison import Comparison
from negotiations_api.compare.position import (
    ConditionKind,
    Issue,
    Party,
    Position,
    Scale,
    Stance,
)
from negotiations_api.render.comparison import (
    comparison_page,
    comparison_table,
    comparison_text,
)
from negotiations_api.render.page import Table
from negotiations_api.render.style import Style
from tests.compare.factories import (
    NUCLEAR,
    PRK,
    USA,
    after,
    citation,
    comparison,
    conditional,
    demand,
    of_one_party,
    position,
    positions,
    together_with,
)

LONG_SLUG = "-".join(["democratic"] * 8)[:80]
TEXTS = st.one_of(
    st.text(max_size=20),
    st.text(st.sampled_from("ab \n\t\r\x1b[3m"), max_size=300),
    st.text(st.sampled_from("제재를 전면적으로해제a "), max_size=300),
    st.sampled_from(["x" * 250, "word " * 100, "one\n\ntwo\r\nthree"]),
)
STYLES = st.builds(Style, width=st.integers(40, 200))
ESCAPE = re.compile(r"\x1b\[[0-9]+m")


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    """Comparisons of anything that the record can hold, and texts that it cannot."""
    slugs = draw(st.lists(st.sampled_from(["cvid", "freeze", LONG_SLUG]), unique=True))
    issues = [Issue("a", draw(TEXTS)), Issue("b", draw(TEXTS))]
    demands = [demand(slug, draw(st.sampled_from(issues)), title=draw(TEXTS)) for slug in slugs]
    held = st.none() | positions(TEXTS)
    sides = [
        [replace(each, demand=slug) for slug in slugs if (each := draw(held)) is not None]
        for _ in range(2)
    ]
    party = Party(draw(st.sampled_from(["usa", LONG_SLUG])), draw(TEXTS))
    other = draw(st.sampled_from([party, PRK]))
    return comparison(demands, sides[0], sides[1], parties=(party, other))


def lines_of(
    left: Position | None, right: Position | None, width: int = 80, scale: Scale | None = None
) -> list[str]:
    """What stands below the heading of the only demand of a comparison."""
    lefts, rights = ([held] if held else [] for held in (left, right))
    compared = comparison([demand(scale=scale)], lefts, rights)
    return comparison_text(compared, Style(width)).split("\n\n")[2].split("\n")[1:]


def changed_lines_of(
    before: Position | None, now: Position | None, scale: Scale | None = None
) -> list[str]:
    """What stands below the heading of the only demand of a comparison of two dates."""
    befores, nows = ([held] if held else [] for held in (before, now))
    compared = of_one_party([demand(scale=scale)], befores, nows)
    return comparison_text(compared, Style(500)).split("\n\n")[2].split("\n")[1:]


@given(comparisons(), STYLES)
@settings(deadline=None)
def test_no_line_is_over_the_width(compared: Comparison, style: Style) -> None:
    lines = comparison_text(compared, style).split("\n")
    assert [line for line in lines if cell_len(line) > style.width] == []


@given(comparisons(), st.integers(40, 200))
@settings(deadline=None)
def test_in_colour_it_is_the_same_text(compared: Comparison, width: int) -> None:
    coloured = comparison_text(compared, Style(width, color=True))
    assert ESCAPE.sub("", coloured) == comparison_text(compared, Style(width))


@given(comparisons(), STYLES)
@settings(deadline=None)
def test_without_colour_no_control_character_but_the_line_feed_is_in_it(
    compared: Comparison, style: Style
) -> None:
    controls = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0))} - {"\n"}
    assert not controls & set(comparison_text(compared, style))


@given(comparisons(), STYLES)
@settings(deadline=None)
def test_it_ends_in_one_line_feed(compared: Comparison, style: Style) -> None:
    assert re.search(r"[^\n]\n\Z", comparison_text(compared, style))


@given(comparisons(), STYLES)
@settings(deadline=None)
def test_every_line_of_a_position_is_marked(compared: Comparison, style: Style) -> None:
    text = comparison_text(compared, style)
    beginnings = {line[:2] for line in text.split("\n") if line}
    totals = {f"{compared.totals.demands} ", "Di"}
    assert beginnings <= {"--", "++", "@@", "- ", "+ ", "  ", "-", "+"} | totals


def test_it_begins_with_the_sides() -> None:
    text = comparison_text(comparison([], dates=("2018-06-12", "2019-10-05")), Style())
    assert text.split("\n")[:2] == [
        "--- usa  2018-06-12  United States",
        "+++ prk  2019-10-05  North Korea",
    ]


def test_the_columns_of_the_sides_align() -> None:
    parties = (Party("kor", "South Korea"), Party("ifor", "Implementation Force"))
    text = comparison_text(comparison([], parties=parties), Style())
    assert text.split("\n")[:2] == [
        "--- kor   2019-10-05  South Korea",
        "+++ ifor  2019-10-05  Implementation Force",
    ]


def test_the_sides_are_dated_however_long_their_names() -> None:
    parties = (Party(LONG_SLUG, "x" * 500), Party("prk", "North Korea"))
    text = comparison_text(comparison([], parties=parties), Style(40))
    assert ["2019-10-05" in line for line in text.split("\n")[:2]] == [True, True]


def test_an_issue_is_a_heading() -> None:
    text = comparison_text(comparison([demand(issue=NUCLEAR)]), Style())
    assert text.split("\n")[2:4] == ["", "@@ Denuclearisation @@"]


@pytest.mark.parametrize(
    ("left", "right", "label"),
    [
        pytest.param(Stance.DEMAND, Stance.ACCEPT, "[agreed]", id="agreed"),
        pytest.param(Stance.REJECT, Stance.REJECT, "[both reject]", id="both reject"),
        pytest.param(None, None, "[not recorded]", id="not recorded"),
    ],
)
def test_a_demand_is_labelled_with_its_alignment(
    left: Stance | None, right: Stance | None, label: str
) -> None:
    lefts, rights = ([position(stance)] if stance else [] for stance in (left, right))
    heading = comparison_text(comparison([demand()], lefts, rights), Style()).split("\n")[5]
    assert heading.split("  ")[-1].strip() == label


def test_a_demand_of_one_party_is_labelled_with_its_change() -> None:
    compared = of_one_party([demand()], [position(Stance.REJECT)], [position(Stance.RESERVE)])
    assert comparison_text(compared, Style()).split("\n")[5].endswith(" [softened]")


def test_what_the_sides_do_not_share_is_marked_as_left_or_right() -> None:
    left, right = position(Stance.REJECT), position(Stance.DEMAND, date="2019")
    assert lines_of(left, right) == ["- reject, since 2018-06-12", "+ demand, since 2019"]


def test_a_stance_that_both_have_stands_once_unmarked() -> None:
    assert lines_of(position(), position()) == ["  demand, since 2018-06-12"]


def test_a_stance_that_both_have_says_since_when_the_one_and_the_other() -> None:
    left, right = position(), position(date="2019-02")
    assert lines_of(left, right) == ["  demand, since 2018-06-12 and 2019-02"]


def test_conditions_that_both_have_stand_once_unmarked() -> None:
    left = conditional(after("cvid"), after("freeze"))
    right = conditional(after("freeze"), together_with("inspections"))
    assert lines_of(left, right) == [
        "  conditional, since 2018-06-12",
        "    only after freeze",
        "-   only after cvid",
        "+   only together with inspections",
    ]


def test_sides_with_different_stances_share_nothing() -> None:
    left = position(Stance.ACCEPT, deadline="2019")
    right = position(Stance.DEMAND, deadline="2019")
    assert lines_of(left, right) == [
        "- accept, since 2018-06-12",
        "-   deadline 2019",
        "+ demand, since 2018-06-12",
        "+   deadline 2019",
    ]


def test_a_side_that_said_nothing_is_not_recorded() -> None:
    assert lines_of(None, position()) == ["- not recorded", "+ demand, since 2018-06-12"]


def test_a_demand_on_which_nobody_said_anything_is_not_recorded_once() -> None:
    assert lines_of(None, None) == ["  not recorded"]


@pytest.mark.parametrize(
    ("held", "line"),
    [
        pytest.param(position(deadline="2019-12-31"), "deadline 2019-12-31", id="deadline"),
        pytest.param(position(until="2019"), "until 2019", id="until"),
        pytest.param(position(value=0.0), "value 0", id="a value of zero"),
        pytest.param(position(value=2.5), "value 2.5", id="a fraction"),
        pytest.param(position(value=-40.0), "value -40", id="a negative value"),
        pytest.param(
            position(value=10.0, reservation_value=50.0), "value 10, at the furthest 50", id="both"
        ),
        pytest.param(
            position(reservation_value=50.0), "at the furthest 50", id="a reservation value alone"
        ),
        pytest.param(position(value=1234567.0), "value 1234567", id="millions"),
        pytest.param(position(value=20000000.5), "value 20000000.5", id="more than six digits"),
        pytest.param(conditional(after("cvid")), "only after cvid", id="a precondition"),
        pytest.param(
            conditional(together_with("cvid", "freeze")),
            "only together with cvid or freeze",
            id="alternatives",
        ),
        pytest.param(
            conditional(after(text="the policy\nis  withdrawn")),
            "only after the policy is withdrawn",
            id="a text",
        ),
        pytest.param(
            conditional(after("cvid", text="verified")),
            "only after cvid: verified",
            id="a demand and a text",
        ),
        pytest.param(
            position(citations=(citation("No deal.", quoted="Kim Kye Gwan"),)),
            '"No deal." Kim Kye Gwan [wire]',
            id="a quotation of somebody",
        ),
        pytest.param(
            position(citations=(citation("No deal."),)),
            '"No deal." A wire report [wire]',
            id="a quotation of nobody in particular",
        ),
        pytest.param(
            position(citations=(citation(), citation("No deal."), citation("No."))),
            '"No deal." A wire report [wire]',
            id="the first quotation there is",
        ),
        pytest.param(
            position(
                citations=(
                    citation(source="yonhap"),
                    citation("No deal.", quoted="Kim Kye Gwan"),
                    citation("No.", source="kcna"),
                    citation(source="yonhap"),
                )
            ),
            '"No deal." Kim Kye Gwan [yonhap, wire, kcna]',
            id="a quotation, and each source once",
        ),
        pytest.param(
            position(citations=(citation(), citation(source="kcna"))),
            "[wire, kcna]",
            id="sources without a quotation",
        ),
        pytest.param(
            position(summary="All sanctions\n\nmust  go."), "All sanctions must go.", id="a summary"
        ),
    ],
)
def test_a_position_says_more_than_its_stance(held: Position, line: str) -> None:
    assert lines_of(held, None) == [
        f"- {held.stance}, since 2018-06-12",
        f"-   {line}",
        "+ not recorded",
    ]


PERCENT = Scale(0, 100, "percent")


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ({"value": 10.0}, "value 10 (percent)"),
        ({"reservation_value": 50.0}, "at the furthest 50 (percent)"),
        ({"value": 10.0, "reservation_value": 50.0}, "value 10, at the furthest 50 (percent)"),
    ],
)
def test_values_have_the_unit_of_the_scale(said: dict[str, Any], line: str) -> None:
    held = position(**said)
    assert lines_of(held, None, scale=PERCENT)[1:-1] == [f"-   {line}"]
    assert changed_lines_of(None, held, scale=PERCENT)[-1] == f"+   {line}"


def test_a_scale_without_a_unit_adds_nothing_to_the_value() -> None:
    assert lines_of(position(value=10.0), None, scale=Scale(0, 100))[1:-1] == ["-   value 10"]


def test_a_position_without_values_does_not_say_the_unit() -> None:
    assert lines_of(position(), None, scale=PERCENT)[1:-1] == []


def test_all_that_a_position_says_stands_in_one_order() -> None:
    held = conditional(
        after("cvid"),
        together_with("freeze"),
        value=10.0,
        reservation_value=50.0,
        deadline="2019-12",
        until="2020",
        summary="Most must go.",
        citations=(citation("No deal.", quoted="Kim Kye Gwan"), citation(source="kcna")),
    )
    assert lines_of(held, None, scale=PERCENT) == [
        "- conditional, since 2018-06-12",
        "-   only after cvid",
        "-   only together with freeze",
        "-   value 10, at the furthest 50 (percent)",
        "-   deadline 2019-12",
        "-   until 2020",
        "-   Most must go.",
        '-   "No deal." Kim Kye Gwan [wire, kcna]',
        "+ not recorded",
    ]


QUOTED = citation("No deal.", quoted="Kim Kye Gwan")


def test_a_position_that_is_quoted_is_summed_up_as_well() -> None:
    held = position(summary="They want no deal.", citations=(QUOTED,))
    assert lines_of(held, None)[1:] == [
        "-   They want no deal.",
        '-   "No deal." Kim Kye Gwan [wire]',
        "+ not recorded",
    ]


def test_a_summary_that_both_have_stands_once_unmarked() -> None:
    held = position(summary="All sanctions must go.")
    assert lines_of(held, held)[1:] == ["    All sanctions must go."]


def test_positions_of_two_parties_that_read_differently_show_both_summaries() -> None:
    left = position(summary="Most must go.", citations=(QUOTED,))
    right = position(summary="All must go.", citations=(QUOTED,))
    assert lines_of(left, right)[1:] == [
        '    "No deal." Kim Kye Gwan [wire]',
        "-   Most must go.",
        "+   All must go.",
    ]


def test_the_same_quotation_from_other_sources_is_not_what_both_say() -> None:
    left = position(citations=(QUOTED,))
    right = position(citations=(QUOTED, citation(source="kcna")))
    assert lines_of(left, right)[1:] == [
        '-   "No deal." Kim Kye Gwan [wire]',
        '+   "No deal." Kim Kye Gwan [wire, kcna]',
    ]


def test_a_reworded_position_shows_its_summary_and_its_quotation() -> None:
    before = position(summary="Most must go.", citations=(QUOTED,))
    now = position(date="2019", summary="All must go.", citations=(citation("Go."),))
    assert changed_lines_of(before, now) == [
        "  demand, since 2018-06-12 and 2019",
        "-   Most must go.",
        '-   "No deal." Kim Kye Gwan [wire]',
        "+   All must go.",
        '+   "Go." A wire report [wire]',
    ]


def test_a_reworded_summary_shows_under_the_same_quotation() -> None:
    before = position(summary="Most must go.", citations=(QUOTED,))
    now = position(summary="All must go.", citations=(QUOTED,))
    assert changed_lines_of(before, now) == [
        "  demand, since 2018-06-12",
        '    "No deal." Kim Kye Gwan [wire]',
        "-   Most must go.",
        "+   All must go.",
    ]


def test_a_reworded_position_without_a_quotation_shows_its_summary() -> None:
    before, now = position(), position(summary="All must go.")
    assert changed_lines_of(before, now) == ["  demand, since 2018-06-12", "+   All must go."]


@pytest.mark.parametrize("stance", [Stance.ACCEPT, Stance.REJECT])
def test_a_position_that_softened_or_hardened_shows_all_that_it_said_and_says(
    stance: Stance,
) -> None:
    before = position(summary="Most must go.", citations=(QUOTED,))
    now = replace(before, stance=stance, summary="All must go.")
    assert changed_lines_of(before, now) == [
        "- demand, since 2018-06-12",
        "-   Most must go.",
        '-   "No deal." Kim Kye Gwan [wire]',
        f"+ {stance}, since 2018-06-12",
        "+   All must go.",
        '+   "No deal." Kim Kye Gwan [wire]',
    ]


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        pytest.param(
            {"salience": 90.0},
            ["    until 2020", "    Most must go.", '    "No deal." Kim Kye Gwan [wire]'],
            id="another salience",
        ),
        pytest.param(
            {"citations": (citation("Go."),)},
            ["    until 2020", "    Most must go."],
            id="another citation",
        ),
        pytest.param(
            {"citations": ()}, ["    until 2020", "    Most must go."], id="no citation any more"
        ),
        pytest.param(
            {"until": "2021"},
            ["    Most must go.", '    "No deal." Kim Kye Gwan [wire]'],
            id="another end",
        ),
        pytest.param({"until": None, "citations": ()}, ["    Most must go."], id="both"),
    ],
)
def test_an_unchanged_position_shows_what_it_said_and_says(
    now: dict[str, Any], shown: list[str]
) -> None:
    before = position(summary="Most must go.", until="2020", citations=(QUOTED,))
    after_it = replace(before, date="2019", **now)
    first = "  demand, since 2018-06-12 and 2019"
    assert changed_lines_of(before, after_it) == [first, *shown]
    assert len(changed_lines_of(after_it, before)) == len(shown) + 1


def test_a_demand_on_which_one_party_said_nothing_on_either_date_is_not_recorded_once() -> None:
    assert changed_lines_of(None, None) == ["  not recorded"]


# What should be there, told in another way: which part of a position says what.

WORDS = st.sampled_from(["one", "two", "one two", "three"])
HELD = st.none() | positions(WORDS)
SCALES = st.none() | st.builds(Scale, st.just(0.0), st.just(30.0), st.none() | WORDS)


def sayings(held: Position | None, scale: Scale | None) -> list[str]:
    """What a position of `WORDS` says, its stance aside, as the documentation has it."""
    if held is None:
        return []
    lines = []
    for each in held.conditions:
        kinds = {ConditionKind.PRECONDITION: "after", ConditionKind.RECIPROCAL: "together with"}
        parts = [part for part in (" or ".join(each.demands), each.text) if part]
        lines.append(f"only {kinds[each.kind]} {': '.join(parts)}".rstrip())
    unit = f" ({scale.unit})" if scale is not None and scale.unit else ""
    match held.value, held.reservation_value:
        case None, None:
            pass
        case value, None:
            lines.append(f"value {value:.0f}{unit}")
        case None, furthest:
            lines.append(f"at the furthest {furthest:.0f}{unit}")
        case value, furthest:
            lines.append(f"value {value:.0f}, at the furthest {furthest:.0f}{unit}")
    lines += [f"deadline {held.deadline}"] * (held.deadline is not None)
    lines += [f"until {held.until}"] * (held.until is not None)
    lines += [held.summary or ""] * (held.summary is not None)
    if held.citations:
        quotations = [
            f'"{each.quotation}" {each.title if each.quoted is None else each.quoted} '
            for each in held.citations
            if each.quotation is not None
        ]
        lines.append(f"{quotations[0] if quotations else ''}[wire]")
    return lines


def said_under(mark: str, lines: list[str]) -> list[str]:
    """What stands under a mark, the stances aside."""
    return [line[4:] for line in lines if line.startswith(f"{mark}   ")]


def stances_in(lines: list[str]) -> list[str]:
    """The lines that tell a stance, or that there is none."""
    return [line for line in lines if line[2] != " "]


def told(held: Position | None) -> str:
    """The stance of one side."""
    return f"{held.stance}, since {held.date}" if held else "not recorded"


@given(HELD, HELD, SCALES, st.booleans())
@settings(deadline=None)
def test_each_side_says_all_that_it_says_and_what_both_say_stands_once(
    left: Position | None, right: Position | None, scale: Scale | None, of_one: bool
) -> None:
    lines = (
        changed_lines_of(left, right, scale)
        if of_one
        else lines_of(left, right, width=500, scale=scale)
    )
    lefts, rights = sayings(left, scale), sayings(right, scale)
    if (left and left.stance) != (right and right.stance):
        assert stances_in(lines) == [f"- {told(left)}", f"+ {told(right)}"]
        assert said_under(" ", lines) == []
        assert said_under("-", lines) == lefts
        assert said_under("+", lines) == rights
        return
    dates = dict.fromkeys(held.date for held in (left, right) if held)
    both = f"{left.stance}, since {' and '.join(dates)}" if left else "not recorded"
    assert stances_in(lines) == [f"  {both}"]
    assert said_under(" ", lines) == [said for said in lefts if said in rights]
    if of_one and change(left, right) is Change.UNCHANGED:
        assert not said_under("-", lines) + said_under("+", lines)
    else:
        assert said_under("-", lines) == [said for said in lefts if said not in rights]
        assert said_under("+", lines) == [said for said in rights if said not in lefts]


@given(positions(WORDS), positions(WORDS))
@settings(deadline=None)
def test_an_unchanged_position_has_no_line_of_one_side(before: Position, other: Position) -> None:
    now = replace(before, date=other.date, until=other.until, citations=other.citations)
    lines = changed_lines_of(before, now)
    assert {line[0] for line in lines} == {" "}
    says = sayings(now, None)
    assert said_under(" ", lines) == [said for said in sayings(before, None) if said in says]


def test_a_text_that_is_too_long_goes_on_further_in_under_the_same_mark() -> None:
    held = conditional(after(text="the hostile policy has been withdrawn for good and for all"))
    assert lines_of(held, None, width=60)[1:-1] == [
        "-   only after the hostile policy has been withdrawn for",
        "-     good and for all",
    ]


def test_a_title_that_is_too_long_goes_on_below_and_the_label_stays_on_the_first_line() -> None:
    compared = comparison(
        [demand("cvid", title="Complete, verifiable, irreversible dismantlement")]
    )
    assert comparison_text(compared, Style(50)).split("\n")[5:8] == [
        "  cvid: Complete, verifiable,     [not recorded]",
        "    irreversible dismantlement",
        "  not recorded",
    ]


@pytest.mark.parametrize(
    ("compared", "line"),
    [
        pytest.param(
            comparison([]), "0 demands, 0 recorded on both sides.", id="nothing to compare"
        ),
        pytest.param(
            comparison([demand()], [position()], [position()]),
            "1 demand, 1 recorded on both sides: 1 agreed.",
            id="one demand",
        ),
        pytest.param(
            comparison([demand("a"), demand("b")], [position(demand="a")]),
            "2 demands, 0 recorded on both sides: 1 one sided, 1 not recorded.",
            id="two of them",
        ),
        pytest.param(
            comparison([demand()], [position()], [position()], differences_only=True),
            "1 demand, 1 recorded on both sides: 1 agreed.",
            id="also what is not shown",
        ),
        pytest.param(
            of_one_party([demand("a"), demand("b")], [position(demand="a")], []),
            "2 demands, 0 recorded on both sides: 1 ended, 1 unchanged.",
            id="changes",
        ),
    ],
)
def test_the_totals_count(compared: Comparison, line: str) -> None:
    assert totals_of(compared)[0] == line


def totals_of(compared: Comparison) -> list[str]:
    """The last lines, that tell what all comes to."""
    return comparison_text(compared, Style(500)).split("\n\n")[-1].split("\n")[:-1]


def test_the_last_line_says_how_far_apart_the_sides_are_and_over_how_much() -> None:
    demands = [demand("a"), demand("b"), demand("c"), demand("d")]
    usa = [position(Stance.DEMAND, demand="a", salience=100), position(demand="b", salience=0)]
    prk = [
        position(Stance.REJECT, demand="a", salience=100),
        position(demand="b", salience=100),
        position(demand="c"),
    ]
    assert totals_of(comparison(demands, usa, prk))[1:] == [
        "Distance 0.5 over 2 demands (coverage 0.67), 0.67 weighted by salience."
    ]


def test_a_distance_that_nothing_weighs_is_not_said_to_be_weighted() -> None:
    held = position(salience=0)
    assert totals_of(comparison([demand()], [held], [held]))[1:] == [
        "Distance 0 over 1 demand (coverage 1)."
    ]


def test_sides_that_are_not_recorded_on_one_demand_have_no_distance() -> None:
    assert len(totals_of(comparison([demand()], [position()], []))) == 1


def test_a_whole_comparison() -> None:
    demands = [
        demand(title="Lift the sanctions"),
        demand("yongbyon", NUCLEAR, title="Dismantle Yongbyon", part_of="cvid"),
        demand("cvid", NUCLEAR, title="Complete denuclearisation"),
    ]
    usa = [
        conditional(
            after("cvid"),
            citations=(citation("Not until the job is done.", quoted="Mike Pompeo"),),
        ),
        position(demand="cvid", deadline="2021-01"),
        position(Stance.DEMAND, demand="yongbyon"),
    ]
    prk = [
        position(Stance.DEMAND, party="prk", date="2019-02-28"),
        position(Stance.REJECT, party="prk", demand="cvid", date="2019", until="2020"),
        conditional(
            together_with("sanctions-relief"), party="prk", demand="yongbyon", date="2018-09-19"
        ),
    ]
    text = comparison_text(comparison(demands, usa, prk), Style(60))
    assert text == dedent(
        """\
        --- usa  2019-10-05  United States
        +++ prk  2019-10-05  North Korea

        @@ Denuclearisation @@

          cvid: Complete denuclearisation                [opposed]
        - demand, since 2018-06-12
        -   deadline 2021-01
        + reject, since 2019
        +   until 2020

          yongbyon: Dismantle Yongbyon               [conditional]
        - demand, since 2018-06-12
        + conditional, since 2018-09-19
        +   only together with sanctions-relief

        @@ Sanctions relief @@

          sanctions-relief: Lift the sanctions       [conditional]
        - conditional, since 2018-06-12
        -   only after cvid
        -   "Not until the job is done." Mike Pompeo [wire]
        + demand, since 2019-02-28

        3 demands, 3 recorded on both sides: 2 conditional, 1
          opposed.
        Distance 0.5 over 3 demands (coverage 1), 0.5 weighted by
          salience.
        """
    )


KOREAN = comparison(
    [
        demand(title="대북 제재의 전면적이고 즉각적인 해제와 남북 경제 협력의 재개"),
        demand("cvid", Issue("nuclear", "한반도의 완전한 비핵화"), title="영변 핵시설 폐기"),
    ],
    [
        position(
            summary="모든제재를조건없이즉시해제하고다시는어떤명목으로도제재를가하지않아야한다는입장",
            date="2019",
        ),
        conditional(
            after(text="미국이 적대시 정책을 완전히 철회하고 상응 조치를 취한 다음"),
            demand="cvid",
            deadline="2019-12",
        ),
    ],
    [
        position(Stance.REJECT, party="kor"),
        position(
            party="kor",
            demand="cvid",
            citations=(citation("핵 없는 한반도는 우리 모두의 목표입니다.", quoted="문재인"),),
        ),
    ],
    parties=(Party("prk", "조선민주주의인민공화국"), Party("kor", "대한민국")),
)


@pytest.mark.parametrize("width", [40, 41, 59, 60, 80, 120, 200])
def test_a_korean_comparison_keeps_to_the_width_and_loses_nothing_below_the_sides(
    width: int,
) -> None:
    lines = comparison_text(KOREAN, Style(width)).split("\n")
    widest = comparison_text(KOREAN, Style(500)).split("\n")
    assert max(cell_len(line) for line in lines) <= width
    assert hangul_of(lines[2:]) == hangul_of(widest[2:])


def test_a_korean_name_that_is_too_long_is_cut_by_columns() -> None:
    assert comparison_text(KOREAN, Style(40)).split("\n")[:2] == [
        "--- prk  2019-10-05  조선민주주의인민...",
        "+++ kor  2019-10-05  대한민국",
    ]


def hangul_of(lines: list[str]) -> str:
    """The Korean letters, in their order."""
    return "".join(letter for line in lines for letter in line if "가" <= letter <= "힣")


@pytest.mark.parametrize("width", [40, 41, 59, 60, 80, 120, 200])
def test_the_labels_of_a_korean_comparison_end_in_one_column(width: int) -> None:
    lines = comparison_text(KOREAN, Style(width)).split("\n")
    labelled = [line for line in lines if line.endswith(("[conditional]", "[opposed]"))]
    assert [cell_len(line) for line in labelled] == [width - 2] * 2


def test_a_whole_korean_comparison() -> None:
    assert comparison_text(KOREAN, Style(60)) == dedent(
        """\
        --- prk  2019-10-05  조선민주주의인민공화국
        +++ kor  2019-10-05  대한민국

        @@ 한반도의 완전한 비핵화 @@

          cvid: 영변 핵시설 폐기                     [conditional]
        - conditional, since 2018-06-12
        -   only after 미국이 적대시 정책을 완전히 철회하고 상응
        -     조치를 취한 다음
        -   deadline 2019-12
        + demand, since 2018-06-12
        +   "핵 없는 한반도는 우리 모두의 목표입니다." 문재인 [wire]

        @@ Sanctions relief @@

          sanctions-relief: 대북 제재의 전면적이고       [opposed]
            즉각적인 해제와 남북 경제 협력의 재개
        - demand, since 2019
        -   모든제재를조건없이즉시해제하고다시는어떤명목으로도제재
        -     를가하지않아야한다는입장
        + reject, since 2018-06-12

        2 demands, 2 recorded on both sides: 1 conditional, 1
          opposed.
        Distance 0.62 over 2 demands (coverage 1), 0.62 weighted by
          salience.
        """
    )


def test_the_sides_of_a_comparison_are_painted() -> None:
    coloured = comparison_text(comparison([]), Style(color=True))
    assert coloured.split("\n")[:2] == [
        "\x1b[31m--- usa  2019-10-05  United States\x1b[0m",
        "\x1b[32m+++ prk  2019-10-05  North Korea\x1b[0m",
    ]


def test_an_escape_sequence_in_a_name_is_not_obeyed() -> None:
    parties = (Party("usa", "United\x1b[2J States"), PRK)
    assert "\x1b" not in comparison_text(comparison([], parties=parties), Style())


def test_a_line_break_in_a_name_does_not_begin_a_line() -> None:
    parties = (USA, Party("prk", "North\nKorea"))
    text = comparison_text(comparison([], parties=parties), Style())
    assert text.split("\n")[1] == "+++ prk  2019-10-05  North Korea"


def test_the_page_has_a_table_for_each_issue() -> None:
    demands = [demand(title="Lift the sanctions"), demand("cvid", NUCLEAR, title="All of it")]
    held = conditional(after("cvid"), value=10.0)
    page = comparison_page(comparison(demands, [held], [position(Stance.REJECT)]))
    assert [section.title for section in page.sections] == [
        None,
        "Denuclearisation",
        "Sanctions relief",
        None,
    ]
    assert page.sections[2].table == Table(
        ("demand", "usa", "prk", "alignment", "distance"),
        (
            (
                "sanctions-relief: Lift the sanctions",
                "conditional, since 2018-06-12: only after cvid; value 10",
                "reject, since 2018-06-12",
                "opposed",
                0.75,
            ),
        ),
    )


def test_what_is_not_recorded_is_said_to_be_so_on_the_page() -> None:
    page = comparison_page(comparison([demand()]))
    assert page.sections[1].table is not None
    assert page.sections[1].table.rows[0][1:] == (
        "not recorded",
        "not recorded",
        "not recorded",
        None,
    )


@pytest.mark.parametrize(
    ("compared", "title", "columns"),
    [
        pytest.param(
            comparison([demand()]), "usa and prk on 2019-10-05", ("usa", "prk"), id="one day"
        ),
        pytest.param(
            comparison([demand()], dates=("2018-06-12", "2019-10-05")),
            "usa on 2018-06-12 and prk on 2019-10-05",
            ("usa", "prk"),
            id="two days",
        ),
        pytest.param(
            of_one_party([demand()], [], []),
            "prk from 2018-06-12 to 2019-10-05",
            ("2018-06-12", "2019-10-05"),
            id="one party",
        ),
    ],
)
def test_the_page_names_the_sides_by_what_tells_them_apart(
    compared: Comparison, title: str, columns: tuple[str, str]
) -> None:
    page = comparison_page(compared)
    table = page.sections[1].table
    assert (page.title, table and table.header[1:3]) == (title, columns)


def test_the_page_ends_with_the_totals_of_the_text() -> None:
    compared = comparison([demand()], [position()], [position()])
    assert list(comparison_page(compared).sections[-1].paragraphs) == totals_of(compared)


def test_the_table_has_a_row_for_each_demand_with_both_positions() -> None:
    held = conditional(after("cvid"), value=10.0, citations=(citation(), citation(source="kcna")))
    table = comparison_table(comparison([demand(title="Lift")], [held], []))
    assert dict(zip(table.header, table.rows[0], strict=True)) == {
        "issue": "sanctions-relief",
        "demand": "sanctions-relief",
        "title": "Lift",
        "alignment": "one_sided",
        "change": None,
        "distance": None,
        "left_stance": "conditional",
        "left_date": "2018-06-12",
        "left_value": 10.0,
        "left_conditions": "only after cvid",
        "left_sources": "wire kcna",
        "right_stance": None,
        "right_date": None,
        "right_value": None,
        "right_conditions": None,
        "right_sources": None,
    }


def test_the_table_of_two_dates_has_changes() -> None:
    table = comparison_table(of_one_party([demand()], [], [position()]))
    row = dict(zip(table.header, table.rows[0], strict=True))
    assert (row["alignment"], row["change"]) == (None, "new")
