"""How united a set of parties is: on one demand, and over all of them."""

from collections.abc import Mapping

import numpy as np

from negotiations_api.compare.pairwise import NO_VARIATION
from negotiations_api.compare.position import Stance
from negotiations_api.compare.table import PositionTable


def rice(stances: Mapping[Stance, int]) -> float | None:
    """Rice's index of cohesion, 0 (split in halves) to 1 (Rice 1925).

    |Y - N| / (Y + N), where Y demand or accept and N reject. None where nobody does either.
    """
    yes, no, _ = _sides(stances)
    return abs(yes - no) / (yes + no) if yes + no else None


def agreement_index(stances: Mapping[Stance, int]) -> float | None:
    """The agreement index, 0 (split in thirds) to 1 (Hix, Noury and Roland 2005).

    (M - (T - M) / 2) / T, where M of T are on the largest of three sides: those that demand or
    accept, those that reject, and the rest (conditional, reserve), who say neither clearly. None
    without a position.
    """
    sides = _sides(stances)
    total, largest = sum(sides), max(sides)
    return (largest - (total - largest) / 2) / total if total else None


def alpha(table: PositionTable) -> tuple[float | None, int, int]:
    """Krippendorff's alpha with squared differences (his interval metric; Krippendorff 2004).

    And on how many demands it rests, of how many positions: those that at least two parties are
    recorded on. On each, values are compared where all those recorded have one, else acceptance.
    Every demand weighs the same. None without such a demand, and where nothing varies.
    """
    recorded = table.recorded
    shared = recorded.sum(axis=0) >= 2
    recorded = recorded[:, shared]
    scaled = table.scaled[:, shared]
    on_scale = (~np.isnan(scaled) | ~recorded).all(axis=0)
    scores = np.where(on_scale, scaled, table.acceptance[:, shared])
    counts = recorded.sum(axis=0)
    demands, positions = len(counts), int(counts.sum())
    if not demands:
        return None, 0, 0
    # The squared differences of all pairs of m numbers sum up to m times those from their mean.
    within = np.square(scores - np.nanmean(scores, axis=0))
    observed = (np.nansum(within, axis=0) * counts / (counts - 1)).sum() / positions
    expected = np.nansum(np.square(scores - np.nanmean(scores))) / (positions - 1)
    if 2 * expected < NO_VARIATION:
        return None, demands, positions
    return float(1 - observed / expected), demands, positions


def _sides(stances: Mapping[Stance, int]) -> tuple[int, int, int]:
    """How many are for it, against it, and neither."""
    yes = stances.get(Stance.DEMAND, 0) + stances.get(Stance.ACCEPT, 0)
    no = stances.get(Stance.REJECT, 0)
    return yes, no, sum(stances.values()) - yes - no
