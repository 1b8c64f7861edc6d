"""The measures of agreement, what they are called and who made them, and how they weigh demands."""

from collections.abc import Mapping
from dataclasses import dataclass
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
    def definition(self) -> "Definition":
        """What it is called, where it comes from, and how far it goes."""
        return _DEFINITIONS[self]

    @property
    def is_distance(self) -> bool:
        """Whether less is closer; of the others, more is."""
        return self.definition.is_distance


@dataclass(frozen=True, slots=True)
class Definition:
    """What a measure is called within a sentence, who made it and when, and how far it goes."""

    name: str
    source: str | None = None
    least: float = 0.0
    greatest: float = 1.0
    is_distance: bool = False


_DEFINITIONS: Mapping[Measure, Definition] = {
    Measure.SHARE: Definition("share of the greatest agreement that there could be"),
    Measure.S: Definition("S", "Signorino and Ritter 1999", -1.0),
    Measure.KAPPA: Definition("kappa with squared disagreement", "Cohen 1968", -1.0),
    Measure.PI: Definition("pi with squared disagreement", "Scott 1955", -1.0),
    Measure.MANHATTAN: Definition("Manhattan distance", is_distance=True),
    Measure.EUCLIDEAN: Definition("Euclidean distance", is_distance=True),
    Measure.DIRECTIONAL: Definition(
        "directional distance", "Rabinowitz and Macdonald 1989", is_distance=True
    ),
    Measure.HYBRID: Definition(
        "mean of Manhattan and directional distance", "Mendez 2017", is_distance=True
    ),
}


class Weights(StrEnum):
    """How much each demand counts."""

    EQUAL = "equal"
    SALIENCE = "salience"
