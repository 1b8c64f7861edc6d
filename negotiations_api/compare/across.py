"""Where two sides in different negotiations differ, on the issues that these share."""

from collections.abc import Callable, Iterable, Sequence
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

    A demand of the one is paired with that of the other which has its slug, issue and scale. The
    issues that only one of them has (slugs) are named beside it.
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
    only: Callable[[Demand], bool] = lambda _: True,
    differences_only: bool = False,
) -> CrossComparison:
    """Compare two sides of two negotiations, each with the demands and positions of its own.

    Of all `demands`, which say what issues are shared, those are compared that `only` keeps.
    What only one of the two negotiations asks can be recorded on one side at most. Also one party
    has alignments, not changes, unless both sides lie in the same negotiation: what it says at two
    tables differs, and need not have changed.
    """
    issues = [{demand.issue.slug: demand.issue for demand in side} for side in demands]
    held = [{position.demand: position for position in side} for side in positions]
    one_party = is_one_party(sides)
    compared = []
    for slug in sorted(issues[0].keys() & issues[1].keys()):
        lefts, rights = (
            {d.slug: d for d in side if d.issue.slug == slug and only(d)} for side in demands
        )
        # On another scale it is another demand, though it has the same slug.
        others = [d for d in rights.values() if d.slug in lefts and d.scale != lefts[d.slug].scale]
        paired = (rights | lefts).values()  # where both ask it, the left side's words stand
        unlike = {d.slug for d in others}
        compared += compare_demands(
            paired,
            [held[0][d] for d in lefts if d in held[0]],
            [held[1][d] for d in rights if d in held[1] and d not in unlike],
            one_party=one_party,
        )
        compared += compare_demands(
            others, [], [held[1][d] for d in unlike if d in held[1]], one_party=one_party
        )
    return CrossComparison(
        comparison=assemble(sides, parties, compared, differences_only=differences_only),
        only_left=tuple(sorted(issues[0].keys() - issues[1].keys())),
        only_right=tuple(sorted(issues[1].keys() - issues[0].keys())),
    )
