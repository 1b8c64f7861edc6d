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
    left has no objection but at least one condition: conditional.
    """
    if left is None and right is None:
        return Alignment.NOT_RECORDED
    if left is None or right is None:
        return Alignment.ONE_SIDED
    stances = {left.stance, right.stance}
    if Stance.RESERVE in stances:
        return Alignment.OPEN
    if stances == {Stance.REJECT}:
        return Alignment.BOTH_REJECT
    if Stance.REJECT in stances:
        return Alignment.OPPOSED
    if Stance.CONDITIONAL in stances:
        return Alignment.CONDITIONAL
    return Alignment.AGREED
