"""How two stances relate, as the Python peers compute it: a table, and totals; without scales."""

from collections import Counter
from typing import Any, Protocol

ACCEPTANCE = {"demand": 1.0, "accept": 1.0, "conditional": 0.5, "reserve": 0.0, "reject": -1.0}
KINDS = (*("agreed", "conditional", "open", "opposed", "both_reject", "one_sided", "not_recorded"),)


def _align(left: str, right: str) -> str:
    stances = {left, right}
    if "reserve" in stances:
        return "open"
    if stances == {"reject"}:
        return "both_reject"
    if "reject" in stances:
        return "opposed"
    return "conditional" if "conditional" in stances else "agreed"


_TABLE = {
    (left, right): (_align(left, right), abs(ACCEPTANCE[left] - ACCEPTANCE[right]) / 2)
    for left in ACCEPTANCE
    for right in ACCEPTANCE
}


class Stated(Protocol):
    """A position, as far as it is measured."""

    stance: Any
    salience: Any


def relate(left: Stated | None, right: Stated | None) -> tuple[str, float | None]:
    """Alignment and distance of two positions."""
    if left is not None and right is not None:
        return _TABLE[left.stance, right.stance]
    return ("not_recorded" if left is right else "one_sided"), None


Compared = tuple[Stated | None, Stated | None, str, float | None]


def totals(compared: list[Compared]) -> dict[str, Any]:
    """The totals of some compared demands: (left, right, alignment, distance) each."""
    counts = Counter(alignment for _, _, alignment, _ in compared)
    distances = [
        (distance, (_weight(left) + _weight(right)) / 200)
        for left, right, _, distance in compared
        if left is not None and right is not None and distance is not None
    ]
    lefts = [ACCEPTANCE[left.stance] for left, _, _, _ in compared if left is not None]
    rights = [ACCEPTANCE[right.stance] for _, right, _, _ in compared if right is not None]
    either = len(lefts) + len(rights) - len(distances)
    weight = sum(weight for _, weight in distances)
    return {
        "demands": len(compared),
        "recorded_by_both": len(distances),
        "coverage": len(distances) / either if either else None,
        "distance": _mean([distance for distance, _ in distances]),
        "weighted_distance": sum(d * w for d, w in distances) / weight if weight else None,
        "left_recorded": len(lefts),
        "right_recorded": len(rights),
        "left_acceptance": _mean(lefts),
        "right_acceptance": _mean(rights),
        "alignments": {kind: counts[kind] for kind in KINDS},
        "changes": None,
    }


def _weight(position: Stated) -> float:
    return 50.0 if position.salience is None else position.salience


def _mean(numbers: list[float]) -> float | None:
    return sum(numbers) / len(numbers) if numbers else None
