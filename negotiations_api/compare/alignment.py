"""How two parties' positions on one demand relate."""

from enum import StrEnum

from negotiations_api.compare.position import Position, Stance


class Alignment(StrEnum):
    """How the positions of two sides on one demand relate, from agreement to no record."""

    AGREED = "agreed"
    CONDITIONAL = "conditional"
    OPEN = "open"
    OPPOSED = "opposed"
    BOTH_REJECT = "both_reject"
    ONE_SIDED = "one_sided"
    NOT_RECORDED = "not_recorded"


def align(left: Position | None, right: Position | None) -> Alignment:
    """The alignment of two positions on one demand; None is a position that is not recorded.

    Both for it (demand, accept) agree; both against it reject. Where somebody is undecided
    (reserve) the demand is open, whatever the other says, since nothing stands against anything
    yet. Where one rejects what the other wants, be it on conditions, they are opposed. What is
    left has no objection: it is conditional where there is a condition, else agreed.

    On a scale, accepting says little without the number. Different values are open, or opposed
    where both sides have said how far they would go (reservation value) and that does not meet.
    """
    if left is None and right is None:
        return Alignment.NOT_RECORDED
    if left is None or right is None:
        return Alignment.ONE_SIDED
    one, other = left.stance, right.stance
    if one is Stance.RESERVE or other is Stance.RESERVE:
        return Alignment.OPEN
    if one is Stance.REJECT and other is Stance.REJECT:
        return Alignment.BOTH_REJECT
    if one is Stance.REJECT or other is Stance.REJECT or _are_out_of_reach(left, right):
        return Alignment.OPPOSED
    if one is Stance.CONDITIONAL or other is Stance.CONDITIONAL:
        return Alignment.CONDITIONAL
    return Alignment.AGREED if _have_one_value(left, right) else Alignment.OPEN


def _have_one_value(left: Position, right: Position) -> bool:
    """Whether the two do not differ in value; one without a value takes any."""
    return left.value is None or right.value is None or left.value == right.value


def _are_out_of_reach(left: Position, right: Position) -> bool:
    """Whether what each would accept at the furthest is known, and does not meet."""
    one, other = _range(left), _range(right)
    return one is not None and other is not None and (one[1] < other[0] or other[1] < one[0])


def _range(position: Position) -> tuple[float, float] | None:
    """From the least to the greatest value that a position would accept, if that is known."""
    if position.value is None or position.reservation_value is None:
        return None
    ends = (position.value, position.reservation_value)
    return min(ends), max(ends)
