"""A comparison of sides of two negotiations, rendered."""

from hypothesis import given, settings

from negotiations_api.compare.across import CrossComparison
from negotiations_api.render.across import cross_comparison_page, cross_comparison_text
from negotiations_api.render.comparison import comparison_page, comparison_text
from negotiations_api.render.style import Style
from tests.compare.factories import comparison, demand, position
from tests.render.hostile import TEXTS, WIDTHS, check_page

COMPARED = comparison([demand()], [position()], [position()])


def test_it_ends_with_the_issues_that_only_one_side_has() -> None:
    cross = CrossComparison(COMPARED, ("peace-treaty", "testing"), ("trade",))
    text = cross_comparison_text(cross, Style())
    sentences = [
        "Only the negotiation on the left has demands on peace-treaty and testing.",
        "Only the negotiation on the right has demands on trade.",
    ]
    assert text == comparison_text(COMPARED, Style()) + "\n".join(sentences) + "\n"
    assert list(cross_comparison_page(cross).sections[-1].paragraphs) == sentences


def test_where_both_have_all_issues_it_is_the_comparison() -> None:
    cross = CrossComparison(COMPARED, (), ())
    assert cross_comparison_text(cross, Style()) == comparison_text(COMPARED, Style())
    assert cross_comparison_page(cross) == comparison_page(COMPARED)


@given(TEXTS, WIDTHS)
@settings(deadline=None, max_examples=25)
def test_the_page_keeps_to_the_width_whatever_the_record_says(text: str, width: int) -> None:
    compared = comparison([demand(title=text)], [position()], [position()])
    check_page(cross_comparison_page(CrossComparison(compared, ("a" * 80,), ())), width)
