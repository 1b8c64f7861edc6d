"""What a measure of agreement is, in a sentence."""

from negotiations_api.compare.measure import LEAST, Measure, Weights
from negotiations_api.render.words import number

_FORMULAS = {
    Measure.SHARE: "Share of the greatest agreement that there could be",
    Measure.S: "S (Signorino and Ritter 1999)",
    Measure.KAPPA: "Kappa with squared disagreement (Cohen 1968)",
    Measure.PI: "Pi with squared disagreement (Scott 1955)",
    Measure.MANHATTAN: "City block distance",
    Measure.EUCLIDEAN: "Euclidean distance",
    Measure.DIRECTIONAL: "Directional distance (Rabinowitz and Macdonald 1989)",
    Measure.HYBRID: "Mean of city block and directional distance (Mendez 2012)",
}


def measure_sentences(measure: Measure, weights: Weights) -> tuple[str, str]:
    """The formula's name, its range, which way is closer, and how demands are weighed."""
    least = number(LEAST.get(measure, 0.0))
    closer = "less" if measure.is_distance else "more"
    weighed = "equally" if weights is Weights.EQUAL else "by their salience"
    return (
        f"{_FORMULAS[measure]}, from {least} to 1 ({measure}): {closer} is closer.",
        f"Demands count {weighed}.",
    )
