"""How one party's position on one demand moved between two dates."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from negotiations_api.compare.position import Condition, ConditionKind, Position, Stance


class Change(StrEnum):
    """How a position moved. Softened is towards acceptance of the demand, hardened away from it."""

    NEW = "new"
    SOFTENED = "softened"
    HARDENED = "hardened"
    REWORDED = "reworded"
    ENDED = "ended"
    UNCHANGED = "unchanged"


def change(before: Position | None, after: Position | None) -> Change:
    """The change from `before` to `after`, two positions of one party on one demand.

    The stance decides first (`Stance.acceptance`; of the two that accept in full, `accept` asks
    for less than `demand`), then the conditions, then the value on the demand's scale, which
    softens the way that the reservation value lies, and last the reservation value, which is the
    softer the further it lies from a value that stayed. What says something else but is neither
    clearly softer nor clearly harder is reworded: calling it movement would claim more than the
    record shows. The way back is always the reverse of the way there.
    """
    if before is None:
        return Change.UNCHANGED if after is None else Change.NEW
    if after is None:
        return Change.ENDED
    if _content(before) == _content(after):
        return Change.UNCHANGED
    movements = (
        _movement_of_stance(before.stance, after.stance),
        _movement_of_conditions(before.conditions, after.conditions),
        _movement_of_value(before, after),
    )
    movement = next((movement for movement in movements if movement), 0)
    return {1: Change.SOFTENED, -1: Change.HARDENED, 0: Change.REWORDED}[movement]


def _content(position: Position) -> Position:
    """The position without what identifies the record: what it says is what may change."""
    return replace(
        position,
        conditions=_unordered(position.conditions),
        id="",
        date="",
        ends_on="",
        until=None,
        citations=(),
        meeting=None,
        salience=None,
        confidence=None,
    )


def _unordered(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """The conditions in an order of their own: all must hold, and any alternative meets one."""
    plain = (replace(c, demands=tuple(sorted(c.demands))) for c in conditions)
    return tuple(sorted(plain, key=lambda c: (c.kind, c.demands, c.text or "")))


def _movement_of_stance(before: Stance, after: Stance) -> int:
    moved = after.acceptance - before.acceptance
    if moved:
        return 1 if moved > 0 else -1
    return (before is Stance.DEMAND) - (after is Stance.DEMAND)


def _movement_of_conditions(before: Sequence[Condition], after: Sequence[Condition]) -> int:
    """1 if `after` asks for less than `before`, -1 if for more, 0 if neither is clear."""
    less, more = _covers(before, after), _covers(after, before)
    return less - more


def _covers(stronger: Sequence[Condition], weaker: Sequence[Condition]) -> bool:
    """Whether every condition of `weaker` is met whenever all those of `stronger` are."""
    return all(any(_implies(strong, weak) for strong in stronger) for weak in weaker)


def _implies(strong: Condition, weak: Condition) -> bool:
    """Whether `strong`, once met, meets `weak`: no more choice of demands, and no later.

    The demands tell what a condition is about, and its text explains them; where it names none,
    the text is all there is to tell by.
    """
    about_the_same = (
        set(strong.demands) <= set(weak.demands)
        if strong.demands and weak.demands
        else strong.demands == weak.demands and strong.text == weak.text
    )
    is_no_later = strong.kind is ConditionKind.PRECONDITION or weak.kind is ConditionKind.RECIPROCAL
    return about_the_same and is_no_later


def _movement_of_value(before: Position, after: Position) -> int:
    """1 if the value moved the way that the reservation value lies, -1 if the other way.

    If the value stays, 1 if the reservation value moved further from it, -1 if nearer to it. 0 if
    the way is not known: no reservation value on either date, or two on either side of the value.
    """
    if before.value is None or after.value is None:
        return 0
    ways = {_way(p.value, p.reservation_value) for p in (before, after)} - {0}
    moved = _way(before.value, after.value) or _way(
        before.reservation_value, after.reservation_value
    )
    return moved * ways.pop() if len(ways) == 1 else 0


def _way(start: float | None, end: float | None) -> int:
    """1 upwards, -1 downwards, 0 if neither or not known."""
    return 0 if start is None or end is None else (end > start) - (end < start)
