"""Where two sides in different negotiations differ, on the issues that these share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from negotiations_api.compare.comparison import (
    Comparison,
    assemble,
    compare_demands,
    is_one_party,
)
from negotiations_api.compare.position import Demand, Party, Position
from negotiations_api.compare.side import Side


@dataclass(frozen=True, slots=True)
class CrossComparison:
    """Two sides in two negotiations, over the issues that both have demands on.

    A demand of the one is paired with that of the other which has its slug and issue. The issues
    that only one of them has (slugs) are named beside it.
    """

    comparison: Comparison
    only_left: tuple[str, ...]
    only_right: tuple[str, ...]


def compare_across(
    sides: tuple[Side, Side],
    parties: tuple[Party, Party],
    demands: tuple[Sequence[Demand], Sequence[Demand]],
    positions: tuple[Iterable[Position], Iterable[Position]],
    *,
    differences_only: bool = False,
) -> CrossComparison:
    """Compare two sides of two negotiations, each with the demands and positions of its own.

    What only one of the two negotiations asks can be recorded on one side at most.
    """
    issues = [{demand.issue.slug: demand.issue for demand in side} for side in demands]
    shared = sorted(issues[0].keys() & issues[1].keys())
    held = [{position.demand: position for position in side} for side in positions]
    compared = []
    for slug in shared:
        own = [{d.slug: d for d in side if d.issue.slug == slug} for side in demands]
        # Where both ask it, the left side's words stand.
        compared += compare_demands(
            (own[1] | own[0]).values(),
            *([mine[d] for d in own[side] if d in mine] for side, mine in enumerate(held)),
            one_party=is_one_party(parties),
        )
    return CrossComparison(
        comparison=assemble(sides, parties, compared, differences_only=differences_only),
        only_left=tuple(sorted(issues[0].keys() - issues[1].keys())),
        only_right=tuple(sorted(issues[1].keys() - issues[0].keys())),
    )
