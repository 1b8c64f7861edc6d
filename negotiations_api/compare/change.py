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
    for less than `demand`), then the conditions, then the value on the demand's scale against the
    reservation value. What says something else but is neither clearly softer nor clearly harder
    is reworded: calling it movement would claim more than the record shows.
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
        id="",
        date="",
        ends_on="",
        until=None,
        citations=(),
        meeting=None,
        confidence=None,
    )


def _movement_of_stance(before: Stance, after: Stance) -> int:
    moved = after.acceptance - before.acceptance
    if moved:
        return 1 if moved > 0 else -1
    return (before is Stance.DEMAND) - (after is Stance.DEMAND)


def _movement_of_conditions(before: Sequence[Condition], after: Sequence[Condition]) -> int:
    """1 if `after` asks for less than `before`, -1 if for more, 0 if neither is clear."""
    less, more = _covers(before, after), _covers(after, before)
    if less != more:
        return 1 if less else -1
    if less:
        return 0
    was, now = _burden(before), _burden(after)
    if was != now and all(a >= b for a, b in zip(was, now, strict=True)):
        return 1
    if was != now and all(a <= b for a, b in zip(was, now, strict=True)):
        return -1
    return 0


def _covers(stronger: Sequence[Condition], weaker: Sequence[Condition]) -> bool:
    """Whether every condition of `weaker` is met whenever all those of `stronger` are."""
    return all(any(_implies(strong, weak) for strong in stronger) for weak in weaker)


def _implies(strong: Condition, weak: Condition) -> bool:
    """Whether `strong`, once met, meets `weak`: same text, no more choice, no later."""
    return (
        strong.text == weak.text
        and bool(strong.demands) == bool(weak.demands)
        and set(strong.demands) <= set(weak.demands)
        and (strong.kind is ConditionKind.PRECONDITION or weak.kind is ConditionKind.RECIPROCAL)
    )


def _burden(conditions: Sequence[Condition]) -> tuple[int, int]:
    """How many conditions there are, and how many of them are preconditions."""
    preconditions = sum(c.kind is ConditionKind.PRECONDITION for c in conditions)
    return len(conditions), preconditions


def _movement_of_value(before: Position, after: Position) -> int:
    """1 if the value moved towards the reservation value, -1 if away, 0 if that is not known."""
    if before.reservation_value is None or before.value is None or after.value is None:
        return 0
    was = abs(before.value - before.reservation_value)
    now = abs(after.value - before.reservation_value)
    return (now < was) - (now > was)
