"""What a measure of agreement is, in words."""

import pytest

from negotiations_api.compare.measure import Measure, Weights
from negotiations_api.render.measure import measure_sentences, measure_words


def test_a_sentence_says_what_it_is_how_far_it_goes_and_which_way() -> None:
    assert measure_sentences(Measure.EUCLIDEAN, Weights.SALIENCE) == (
        "Euclidean distance, from 0 to 1 (euclidean): less is closer.",
        "Demands count by their salience.",
    )
    assert measure_sentences(Measure.PI, Weights.EQUAL) == (
        "Pi with squared disagreement (Scott 1955), from -1 to 1 (pi): more is closer.",
        "Demands count equally.",
    )


@pytest.mark.parametrize("measure", Measure)
def test_pages_and_pictures_call_it_the_same(measure: Measure) -> None:
    on_a_page, _ = measure_sentences(measure, Weights.EQUAL)
    in_a_picture = measure_words(measure, Weights.EQUAL).removesuffix(", demands equal")
    assert on_a_page.lower().startswith(f"{in_a_picture.lower()}, from ")
