"""What a measure of agreement is, in words."""

from negotiations_api.compare.measure import Measure, Weights
from negotiations_api.render.words import number


def measure_sentences(measure: Measure, weights: Weights) -> tuple[str, str]:
    """The formula's name, its range, which way is closer, and how demands are weighed."""
    defined = measure.definition
    name = _with_source(measure)
    span = f"from {number(defined.least)} to {number(defined.greatest)}"
    closer = "less" if measure.is_distance else "more"
    weighed = "equally" if weights is Weights.EQUAL else "by their salience"
    return (
        f"{name[0].upper()}{name[1:]}, {span} ({measure}): {closer} is closer.",
        f"Demands count {weighed}.",
    )


def measure_words(measure: Measure, weights: Weights) -> str:
    """The formula's name, and how demands are weighed, to stand within a sentence."""
    weighed = "demands weighed by salience" if weights is Weights.SALIENCE else "demands equal"
    return f"{_with_source(measure)}, {weighed}"


def _with_source(measure: Measure) -> str:
    name, source = measure.definition.name, measure.definition.source
    return f"{name} ({source})" if source else name
