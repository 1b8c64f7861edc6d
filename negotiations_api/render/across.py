"""A comparison of sides of two negotiations: the comparison, and what has nothing to compare."""

from collections.abc import Iterator
from dataclasses import replace

from negotiations_api.compare.across import CrossComparison
from negotiations_api.render.comparison import comparison_page, comparison_text
from negotiations_api.render.page import Page, Section
from negotiations_api.render.style import Style
from negotiations_api.render.words import listed


def cross_comparison_text(cross: CrossComparison, style: Style) -> str:
    """The comparison as a diff, and the issues that only one of the two negotiations has."""
    lines = [line for sentence in _sentences(cross) for line in style.wrap(sentence, "", "  ")]
    return comparison_text(cross.comparison, style) + "".join(f"{line}\n" for line in lines)


def cross_comparison_page(cross: CrossComparison) -> Page:
    """The page of the comparison, and the issues that only one of the two negotiations has."""
    page = comparison_page(cross.comparison)
    sentences = tuple(_sentences(cross))
    return replace(page, sections=(*page.sections, Section(None, sentences))) if sentences else page


def _sentences(cross: CrossComparison) -> Iterator[str]:
    for side, slugs in (("left", cross.only_left), ("right", cross.only_right)):
        if slugs:
            yield f"Only the negotiation on the {side} has demands on {listed(slugs)}."
