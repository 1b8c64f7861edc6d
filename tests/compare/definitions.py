"""The measures of agreement, written out from their definitions for two parties: the slow way."""

import math
from collections.abc import Mapping, Sequence

from negotiations_api.compare.measure import Measure, Weights
from negotiations_api.compare.position import Demand, Position, Stance

ACCEPTANCE = {"demand": 1.0, "accept": 1.0, "conditional": 0.5, "reserve": 0.0, "reject": -1.0}

Held = Mapping[tuple[str, str], Position]


def score_pairs(
    positions: Held, left: str, right: str, demands: Sequence[Demand], weights: Weights
) -> list[tuple[float, float, float]]:
    """(x, y, w) for each demand that both are recorded on."""
    found = []
    for demand in demands:
        one, other = positions.get((left, demand.slug)), positions.get((right, demand.slug))
        if one is None or other is None:
            continue
        x, y = ACCEPTANCE[one.stance], ACCEPTANCE[other.stance]
        scale = demand.scale
        rejected = Stance.REJECT in {one.stance, other.stance}
        if scale and not rejected and one.value is not None and other.value is not None:
            middle, half = (scale.min + scale.max) / 2, (scale.max - scale.min) / 2
            x, y = (one.value - middle) / half, (other.value - middle) / half
        saliences = [50.0 if p.salience is None else p.salience for p in (one, other)]
        w = 1.0 if weights is Weights.EQUAL else sum(saliences) / 2 / 100
        found.append((x, y, w))
    return found


def measured(measure: Measure, pairs: Sequence[tuple[float, float, float]]) -> float | None:
    """The measure over (x, y, w), None where it is not defined."""
    weight = math.fsum(w for _, _, w in pairs)
    if weight == 0:
        return None
    manhattan = math.fsum(w * abs(x - y) for x, y, w in pairs) / (2 * weight)
    square = math.fsum(w * (x - y) ** 2 for x, y, w in pairs) / weight
    directional = (1 - math.fsum(w * x * y for x, y, w in pairs) / weight) / 2
    match measure:
        case Measure.SHARE:
            return 1 - manhattan
        case Measure.S:
            return 2 * (1 - manhattan) - 1
        case Measure.MANHATTAN:
            return manhattan
        case Measure.EUCLIDEAN:
            return math.sqrt(square / 4)
        case Measure.DIRECTIONAL:
            return directional
        case Measure.HYBRID:
            return (manhattan + directional) / 2
        case Measure.KAPPA:
            # Two independent draws, one from each party's own distribution.
            expected = math.fsum(v * w * (x - y) ** 2 for x, _, v in pairs for _, y, w in pairs)
        case Measure.PI:
            # Two independent draws from what both say, taken together.
            both = [(score, w) for x, y, w in pairs for score in (x, y)]
            expected = math.fsum(v * w * (x - y) ** 2 for x, v in both for y, w in both) / 4
    expected /= weight**2
    return None if expected < 1e-12 else 1 - square / expected
