"""How the measures of agreement are called, and which way they run."""

from negotiations_api.compare.measure import LEAST, Measure, Weights

NAMES = {
    Measure.SHARE: "share of agreement",
    Measure.S: "S (Signorino and Ritter)",
    Measure.KAPPA: "Cohen's kappa",
    Measure.PI: "Scott's pi",
    Measure.MANHATTAN: "Manhattan distance",
    Measure.EUCLIDEAN: "Euclidean distance",
    Measure.DIRECTIONAL: "directional distance",
    Measure.HYBRID: "hybrid distance",
}


def name_of(measure: Measure, weights: Weights) -> str:
    """The measure in words, and how it weighs the demands."""
    weighed = "demands weighed by salience" if weights is Weights.SALIENCE else "demands equal"
    return f"{NAMES[measure]}, {weighed}"


def range_of(measure: Measure) -> tuple[float, float]:
    """The least and the greatest value of a measure."""
    return LEAST.get(measure, 0.0), 1.0
