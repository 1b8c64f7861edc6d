"""A matrix as a heat map."""

from collections import Counter

import pytest

from negotiations_api.compare.matrix import Matrix, MatrixRow
from negotiations_api.compare.position import Stance
from negotiations_api.render.svg.matrix import matrix_svg
from negotiations_api.render.svg.matrix_part import part_to_draw
from tests.render.svg.answers import ON, held, matrix, talks
from tests.render.svg.reading import labels_of, root_of, styles_of, texts_of

SIGNS = {
    Stance.DEMAND: "D",
    Stance.ACCEPT: "A",
    Stance.CONDITIONAL: "C",
    Stance.RESERVE: "?",
    Stance.REJECT: "\N{MULTIPLICATION SIGN}",
}


def test_all_parties_demands_and_issues_are_named() -> None:
    drawn = talks(7, 21)
    texts = set(texts_of(matrix_svg(matrix(drawn))))
    names = {party.name for party in drawn.parties}
    names |= {name for demand in drawn.demands for name in (demand.title, demand.issue.title)}
    assert names <= texts


def test_each_issue_is_named_once() -> None:
    drawn = talks(7, 21)
    texts = Counter(texts_of(matrix_svg(matrix(drawn))))
    assert {texts[demand.issue.title] for demand in drawn.demands} == {1}


def test_every_position_has_the_sign_of_its_stance_and_so_has_the_legend() -> None:
    shown = matrix(talks(7, 21))
    stances = Counter(p.stance for row in shown.rows for p in row.positions if p is not None)
    texts = Counter(texts_of(matrix_svg(shown)))
    assert {stance: texts[sign] - 1 for stance, sign in SIGNS.items()} == stances


def test_a_position_stands_in_the_row_of_its_demand() -> None:
    drawn = talks(2, 2)
    rows = (
        MatrixRow(drawn.demands[0], (None, None)),
        MatrixRow(
            drawn.demands[1], (None, held(drawn.parties[1], drawn.demands[1], Stance.DEMAND))
        ),
    )
    labels = labels_of(matrix_svg(Matrix(ON, drawn.parties, rows, 1)))
    [title] = [label for label in labels if label.text == drawn.demands[1].title]
    sign = next(label for label in labels if label.text == "D")
    assert sign.corners[2][1] == pytest.approx(title.corners[2][1], abs=2)


@pytest.mark.parametrize("stance", Stance)
def test_a_stance_has_a_colour_in_the_cell_that_the_legend_has(stance: Stance) -> None:
    drawn = talks(1, 1)
    cells = (None, held(drawn.parties[0], drawn.demands[0], stance))
    plain, with_it = (
        Counter(
            styles_of(
                matrix_svg(Matrix(ON, drawn.parties, (MatrixRow(drawn.demands[0], (c,)),), 1))
            )
        )
        for c in cells
    )
    [color] = with_it - plain
    assert plain[color] == 1


def test_it_counts_what_is_recorded() -> None:
    shown = matrix(talks(7, 21))
    assert f"{shown.recorded} of 147 positions recorded" in matrix_svg(shown)


def test_without_parties_it_says_what_is_missing() -> None:
    drawn = talks(1, 1)
    svg = matrix_svg(Matrix(ON, (), (MatrixRow(drawn.demands[0], ()),), 0))
    assert "There is nothing to show: no party is recorded." in texts_of(svg)


def test_a_long_matrix_names_the_parties_below_too() -> None:
    drawn = talks(3, 40)
    texts = Counter(texts_of(matrix_svg(matrix(drawn))))
    assert [texts[party.name] for party in drawn.parties] == [2, 2, 2]


def test_titles_that_begin_alike_are_told_apart_by_the_slugs_of_their_demands() -> None:
    drawn = talks(2, 6, lambda name: f"{'Adopt a new constitution with guarantees ' * 4}{name}")
    texts = Counter(texts_of(matrix_svg(matrix(drawn))))
    assert [texts[demand.slug] for demand in drawn.demands] == [1] * 6


def test_a_row_of_few_recorded_positions_is_drawn_before_many_of_none() -> None:
    drawn = talks(200, 150)
    told = {3: Stance.ACCEPT, 149: Stance.REJECT}
    rows = tuple(
        MatrixRow(
            demand,
            (held(drawn.parties[0], demand, told[n]) if n in told else None, *[None] * 199),
        )
        for n, demand in enumerate(drawn.demands)
    )
    svg = matrix_svg(Matrix(ON, drawn.parties, rows, 2))
    titles = {demand.title for demand in drawn.demands} & set(texts_of(svg))
    assert titles == {drawn.demands[3].title, drawn.demands[149].title}
    said = "2 of 150 demands are drawn; 148 without a recorded position are left out."
    assert said in (root_of(svg)[1].text or "")


def test_what_is_drawn_has_letters_whatever_its_size() -> None:
    shown = matrix(talks(250, 2))
    drawn = part_to_draw(shown)
    texts = Counter(texts_of(matrix_svg(shown)))
    assert sum(texts[sign] - 1 for sign in SIGNS.values()) == drawn.recorded
