"""A matrix as a heat map."""

from collections import Counter

import pytest

from negotiations_api.compare.matrix import Matrix, MatrixRow
from negotiations_api.compare.position import Stance
from negotiations_api.render.svg.matrix import matrix_svg
from tests.render.svg.answers import ON, held, matrix, talks
from tests.render.svg.reading import labels_of, styles_of, texts_of

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


def test_a_very_large_one_has_colours_only() -> None:
    drawn = talks(210, 50)
    texts = Counter(texts_of(matrix_svg(matrix(drawn))))
    assert {texts[sign] for sign in SIGNS.values()} == {1}
