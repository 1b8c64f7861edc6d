"""The names of the measures of agreement, and how they weigh demands."""

from enum import StrEnum


class Measure(StrEnum):
    """How the closeness of two parties is measured."""

    SHARE = "share"
    S = "s"
    KAPPA = "kappa"
    PI = "pi"
    MANHATTAN = "manhattan"
    EUCLIDEAN = "euclidean"
    DIRECTIONAL = "directional"
    HYBRID = "hybrid"

    @property
    def is_distance(self) -> bool:
        """Whether less is closer; of the others, more is."""
        return self in _DISTANCES


_DISTANCES = {Measure.MANHATTAN, Measure.EUCLIDEAN, Measure.DIRECTIONAL, Measure.HYBRID}

LEAST = {Measure.S: -1.0, Measure.KAPPA: -1.0, Measure.PI: -1.0}
"""The least value of the measures that may be negative; that of the others is 0, the greatest 1."""


class Weights(StrEnum):
    """How much each demand counts."""

    EQUAL = "equal"
    SALIENCE = "salience"
