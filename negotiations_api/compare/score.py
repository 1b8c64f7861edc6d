"""Where positions lie on one line, so that they can be measured against each other.

A position's **score** runs from -1 to 1. It is the acceptance of its stance (`Stance.acceptance`);
but where every position that is compared has a value on the demand's scale, and none rejects the
demand, the values are compared: the scale's least value is -1, its greatest 1.
"""

from collections.abc import Sequence

from negotiations_api.compare.position import Position, Scale

RANGE = 2.0
"""The greatest difference of two scores."""

NEUTRAL = 50.0
"""What a salience or a weight (0 to 100) counts as where none is recorded: the middle."""


def scores(positions: Sequence[Position], scale: Scale | None) -> list[float]:
    """The scores of positions on one demand, to be compared with each other."""
    scaled = [scaled_score(position.accepted_value, scale) for position in positions]
    on_scale = [score for score in scaled if score is not None]
    if len(on_scale) == len(positions):
        return on_scale
    return [position.stance.acceptance for position in positions]


def scaled_score(value: float | None, scale: Scale | None) -> float | None:
    """The score of a value on a scale, -1 to 1; None without a value or a scale."""
    if value is None or scale is None or scale.max <= scale.min:
        return None
    return (value - scale.min) / (scale.max - scale.min) * RANGE - 1


def pair_weight(left: float | None, right: float | None) -> float:
    """The weight of a demand for two parties: the mean of their saliences, as a share (0 to 1)."""
    one = NEUTRAL if left is None else left
    return (one + (NEUTRAL if right is None else right)) / (2 * 100)
