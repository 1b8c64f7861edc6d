"""A matrix as a text table."""

import re
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from negotiations_api.compare.matrix import Matrix, matrix
from negotiations_api.compare.position import Demand, Issue, Party, Stance
from negotiations_api.render.matrix import matrix_page, matrix_table, matrix_text
from negotiations_api.render.page import Table
from negotiations_api.render.style import Style
from tests.compare.factories import NUCLEAR, PRK, USA, demand, position

DAY = "2019-10-05"
ESCAPE = re.compile(r"\x1b\[[0-9]+m")
SLUGS = st.lists(st.sampled_from([f"{n:02}" + "x" * n for n in range(0, 79, 6)]), unique=True)
SHORT_SLUGS = st.lists(st.sampled_from([f"p{n}" * (n % 3 + 1) for n in range(14)]), unique=True)
KOREAN = "한반도의 완전한 비핵화와 항구적인 평화 체제의 구축, 그리고 대북 제재의 전면적 해제"
TITLES = st.text(max_size=100) | st.text(st.sampled_from("제재 완화a"), max_size=100)
PLAIN_TITLES = st.sampled_from(["Peace", "Sanctions relief", "x" * 300])
WIDTHS = st.integers(40, 200)


@st.composite
def matrices(
    draw: st.DrawFn,
    slugs: st.SearchStrategy[list[str]] = SLUGS,
    titles: st.SearchStrategy[str] = TITLES,
) -> Matrix:
    """Matrices of up to a dozen parties, with some cells not recorded."""
    issues = [Issue("a", draw(titles)), Issue("b", draw(titles))]
    parties = [Party(slug, slug) for slug in draw(slugs)]
    demands = [demand(slug, draw(st.sampled_from(issues))) for slug in draw(SLUGS)[:4]]
    stances = st.none() | st.sampled_from(Stance)
    held = [
        position(stance, party=party.slug, demand=on.slug)
        for on in demands
        for party in parties
        if (stance := draw(stances)) is not None
    ]
    return matrix(DAY, parties, demands, held)


def blocks_of(text: str) -> list[list[str]]:
    """The blocks between the heading and the totals, each the lines of a table."""
    return [block.split("\n") for block in text.split("\n\n")[1:-1]]


def columns_of(text: str) -> list[str]:
    """The parties that have a column, from the first block to the last."""
    return [slug for header, *_ in blocks_of(text) for slug in header.split()]


def silent_of(text: str) -> list[str]:
    """The parties that the last sentence names."""
    last = " ".join(text.rsplit("\n\n", maxsplit=1)[-1].split())
    _, said, named = last.partition(" No position recorded of: ")
    return named.removesuffix(".").split(", ") if said else []


def voices(shown: Matrix) -> list[bool]:
    """Which parties of a matrix have a position at all."""
    return [
        any(row.positions[column] is not None for row in shown.rows)
        for column in range(len(shown.parties))
    ]


@given(matrices(), WIDTHS)
@settings(deadline=None)
def test_no_line_is_over_the_width(shown: Matrix, width: int) -> None:
    lines = matrix_text(shown, Style(width)).split("\n")
    assert [line for line in lines if cell_len(line) > width] == []


@given(matrices(), WIDTHS)
@settings(deadline=None)
def test_in_colour_it_is_the_same_text(shown: Matrix, width: int) -> None:
    coloured = matrix_text(shown, Style(width, color=True))
    assert ESCAPE.sub("", coloured) == matrix_text(shown, Style(width))


@given(matrices(), WIDTHS)
@settings(deadline=None)
def test_it_ends_in_one_line_feed(shown: Matrix, width: int) -> None:
    assert re.search(r"[^\n]\n\Z", matrix_text(shown, Style(width)))


@given(matrices(titles=PLAIN_TITLES), WIDTHS)
@settings(deadline=None)
def test_every_cell_stands_below_its_party(shown: Matrix, width: int) -> None:
    for header, *lines in blocks_of(matrix_text(shown, Style(width))):
        columns = [word.start() for word in re.finditer(r"\S+", header)]
        for line in lines:
            words = [word.start() for word in re.finditer(r"\S+", line)]
            assert not line.startswith("  ") or words[1:] == columns


@given(matrices(SHORT_SLUGS, PLAIN_TITLES), WIDTHS)
@settings(deadline=None)
def test_the_blocks_together_have_every_party_with_a_position_once_and_in_order(
    shown: Matrix, width: int
) -> None:
    parties = zip(shown.parties, voices(shown), strict=True)
    assert columns_of(matrix_text(shown, Style(width))) == [
        party.slug for party, has_spoken in parties if has_spoken
    ]


@given(matrices(SHORT_SLUGS, PLAIN_TITLES), WIDTHS)
@settings(deadline=None)
def test_the_last_sentence_names_every_party_without_a_position_once_and_in_order(
    shown: Matrix, width: int
) -> None:
    parties = zip(shown.parties, voices(shown), strict=True)
    assert silent_of(matrix_text(shown, Style(width))) == [
        party.slug for party, has_spoken in parties if not has_spoken
    ]


@given(matrices(SHORT_SLUGS, PLAIN_TITLES), WIDTHS)
@settings(deadline=None)
def test_every_position_is_in_the_cell_of_its_demand_and_party(shown: Matrix, width: int) -> None:
    cells: list[list[str]] = [[] for _ in shown.rows]
    for _, *lines in blocks_of(matrix_text(shown, Style(width))):
        rows = [line.split()[1:] for line in lines if line.startswith("  ")]
        cells = [known + new for known, new in zip(cells, rows, strict=True)]
    assert cells == [
        [
            held.stance.value if held else "-"
            for held, has_spoken in zip(row.positions, voices(shown), strict=True)
            if has_spoken
        ]
        for row in shown.rows
    ]


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_party_with_the_longest_slug_fits_the_width(width: int) -> None:
    held = [position(Stance.CONDITIONAL, party="x" * 80, demand="y" * 80)]
    text = matrix_text(matrix(DAY, [Party("x" * 80, "X")], [demand("y" * 80)], held), Style(width))
    assert "conditional" in text
    assert max(cell_len(line) for line in text.split("\n")) <= width


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_party_with_the_longest_slug_that_said_nothing_fits_the_width(width: int) -> None:
    shown = matrix(DAY, [USA, Party("x" * 80, "X")], [demand()], [position()])
    text = matrix_text(shown, Style(width))
    assert "".join(text.split()).endswith(f"Nopositionrecordedof:{'x' * 80}.")
    assert max(cell_len(line) for line in text.split("\n")) <= width


@pytest.mark.parametrize(
    ("width", "blocks"),
    [
        pytest.param(40, [["p0", "p1"], ["p2", "p3"], ["p4"]], id="two columns a block"),
        pytest.param(70, [["p0", "p1", "p2", "p3"], ["p4"]], id="four columns a block"),
        pytest.param(71, [["p0", "p1", "p2", "p3", "p4"]], id="just wide enough"),
    ],
)
def test_parties_that_are_too_many_for_the_width_stand_in_further_blocks(
    width: int, blocks: list[list[str]]
) -> None:
    parties = [Party(f"p{number}", "") for number in range(5)]
    held = [
        position(Stance.CONDITIONAL, party=party.slug, demand="cvid")
        for party in [*parties, Party("elsewhere", "")]
    ]
    shown = matrix(DAY, [*parties, USA], [demand("cvid")], held)
    assert [header.split() for header, *_ in blocks_of(matrix_text(shown, Style(width)))] == blocks


@pytest.mark.parametrize(
    ("parties", "demands", "lines"),
    [
        pytest.param(
            [],
            [],
            ["0 demands, 0 parties: 0 of 0 positions recorded; - is not recorded."],
            id="nothing",
        ),
        pytest.param(
            [USA],
            [demand()],
            ["1 demand, 1 party: 1 of 1 position recorded; - is not recorded."],
            id="one",
        ),
        pytest.param(
            [USA, PRK],
            [demand(), demand("cvid")],
            ["2 demands, 2 parties: 2 of 4 positions recorded; - is not recorded."],
            id="several",
        ),
        pytest.param(
            [Party("chn", "China"), USA, Party("kor", "South Korea")],
            [demand(), demand("cvid")],
            [
                "2 demands, 3 parties: 1 of 6 positions recorded; - is not recorded.",
                "No position recorded of: chn, kor.",
            ],
            id="some of whom there is no position",
        ),
        pytest.param(
            [USA, PRK],
            [demand("peace")],
            [
                "1 demand, 2 parties: 0 of 2 positions recorded; - is not recorded.",
                "No position recorded of: usa, prk.",
            ],
            id="no position at all",
        ),
        pytest.param(
            [USA],
            [],
            [
                "0 demands, 1 party: 0 of 0 positions recorded; - is not recorded.",
                "No position recorded of: usa.",
            ],
            id="no demand",
        ),
    ],
)
def test_the_last_lines_count_and_name_who_said_nothing(
    parties: list[Party], demands: list[Demand], lines: list[str]
) -> None:
    held = [position(), position(party="prk", demand="cvid")]
    text = matrix_text(matrix(DAY, parties, demands, held), Style())
    assert text.split("\n\n")[-1].split("\n") == [*lines, ""]


def test_without_any_position_there_is_no_table() -> None:
    shown = matrix(DAY, [USA, PRK], [demand()], [])
    assert blocks_of(matrix_text(shown, Style())) == []


def test_the_parties_that_said_nothing_go_on_further_in_below() -> None:
    silent = [Party(slug, "") for slug in ("chn", "jpn", "kor", "mongolia", "rus")]
    shown = matrix(DAY, [USA, *silent], [demand()], [position()])
    assert matrix_text(shown, Style(40)).split("\n")[-3:] == [
        "No position recorded of: chn, jpn, kor,",
        "  mongolia, rus.",
        "",
    ]


def test_an_escape_sequence_in_a_title_is_not_obeyed() -> None:
    asked = demand(issue=Issue("a", "Peace\x1b[2J\x9b2J"))
    text = matrix_text(matrix(DAY, [USA], [asked], [position()]), Style())
    assert "Peace\ufffd[2J\ufffd2J" in text
    assert not {"\x1b", "\x9b"} & set(text)


@pytest.mark.parametrize("width", [40, 41, 59, 60, 80, 120])
def test_a_matrix_with_korean_titles_keeps_to_the_width(width: int) -> None:
    demands = [demand(), demand("cvid", Issue("nuclear", KOREAN))]
    held = [position(), position(party="prk", demand="cvid")]
    lines = matrix_text(matrix(DAY, [USA, PRK], demands, held), Style(width)).split("\n")
    (title,) = (line for line in lines if line.startswith("한반도의"))
    assert title == KOREAN or width - 4 <= cell_len(title) <= width
    assert max(cell_len(line) for line in lines) <= width


def test_a_korean_title_that_is_too_long_is_cut_by_columns() -> None:
    shown = matrix(DAY, [USA], [demand(issue=Issue("a", KOREAN))], [position()])
    assert blocks_of(matrix_text(shown, Style(40))) == [
        [
            "                    usa",
            "한반도의 완전한 비핵화와 항구적인 평...",
            "  sanctions-relief  demand",
        ]
    ]


def test_a_whole_matrix() -> None:
    demands = [demand(), demand("yongbyon", NUCLEAR, part_of="cvid"), demand("cvid", NUCLEAR)]
    parties = [USA, PRK, Party("kor", "South Korea")]
    held = [
        position(Stance.CONDITIONAL),
        position(party="prk"),
        position(demand="cvid"),
        position(Stance.REJECT, party="prk", demand="cvid"),
        position(Stance.RESERVE, party="kor", demand="yongbyon"),
    ]
    parties[1:1] = [Party("chn", "China"), Party("rus", "Russia")]
    text = matrix_text(matrix(DAY, parties, demands, held), Style(60))
    assert text == dedent(
        """\
        Who stands where on 2019-10-05

                            usa          prk          kor
        Denuclearisation
          cvid              demand       reject       -
          yongbyon          -            -            reserve
        Sanctions relief
          sanctions-relief  conditional  demand       -

        3 demands, 5 parties: 5 of 15 positions recorded; - is not
        recorded.
        No position recorded of: chn, rus.
        """
    )


def test_the_page_has_a_table_for_each_issue_without_the_parties_that_said_nothing() -> None:
    demands = [demand(title="Lift"), demand("cvid", NUCLEAR, title="All of it")]
    parties = [USA, Party("chn", "China"), PRK]
    held = [position(), position(Stance.REJECT, party="prk", demand="cvid")]
    page = matrix_page(matrix(DAY, parties, demands, held))
    header = ("demand", "usa", "prk")
    assert page.title == "Who stands where on 2019-10-05"
    assert [(section.title, section.table) for section in page.sections[:-1]] == [
        ("Denuclearisation", Table(header, (("cvid: All of it", "-", "reject"),))),
        ("Sanctions relief", Table(header, (("sanctions-relief: Lift", "demand", "-"),))),
    ]


def test_the_page_ends_with_the_sentences_of_the_text() -> None:
    shown = matrix(DAY, [USA, PRK], [demand()], [position()])
    last = matrix_text(shown, Style()).split("\n\n")[-1].split("\n")[:-1]
    assert list(matrix_page(shown).sections[-1].paragraphs) == last


def test_the_table_has_a_column_for_each_party() -> None:
    shown = matrix(
        DAY, [USA, PRK], [demand("cvid", NUCLEAR, title="All")], [position(demand="cvid")]
    )
    assert matrix_table(shown) == Table(
        ("issue", "demand", "title", "usa", "prk"),
        (("denuclearisation", "cvid", "All", "demand", None),),
    )
