"""Where two sides differ, demand by demand, grouped by issue."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from negotiations_api.compare.alignment import Alignment, align
from negotiations_api.compare.change import Change, change
from negotiations_api.compare.distance import coverage, distance_of, mean
from negotiations_api.compare.order import in_order
from negotiations_api.compare.position import Demand, Issue, Party, Position
from negotiations_api.compare.score import pair_weight
from negotiations_api.compare.side import Side

ALIKE = frozenset({Alignment.AGREED, Alignment.BOTH_REJECT, Alignment.NOT_RECORDED})
"""The alignments in which two sides do not differ."""


@dataclass(frozen=True, slots=True)
class ComparedDemand:
    """One demand with both positions (None: not recorded) and how they relate.

    Two parties have an `alignment`, two dates of one party a `change`; the other is None.
    `distance` is how far apart the two are, from 0 to 1 (`distance.py`).
    """

    demand: Demand
    left: Position | None
    right: Position | None
    alignment: Alignment | None
    change: Change | None
    distance: float | None

    @property
    def differs(self) -> bool:
        """Whether the two sides differ on the demand."""
        if self.change is not None:
            return self.change is not Change.UNCHANGED
        return self.alignment not in ALIKE


@dataclass(frozen=True, slots=True)
class Totals:
    """How many demands there are of each kind, and how far apart the two sides are on them.

    `coverage` is the share of those on which both sides are recorded in those on which either is.
    `distance` is the mean distance over the former (0 to 1), `weighted_distance` the same weighted
    by salience; the acceptance of a side is its mean over the demands that it is recorded on (-1 to
    1). None: over no demand.
    """

    demands: int
    recorded_by_both: int
    coverage: float | None
    distance: float | None
    weighted_distance: float | None
    left_recorded: int
    right_recorded: int
    left_acceptance: float | None
    right_acceptance: float | None
    alignments: dict[Alignment, int] | None
    changes: dict[Change, int] | None


@dataclass(frozen=True, slots=True)
class ComparedIssue:
    """The compared demands of one issue."""

    issue: Issue
    demands: tuple[ComparedDemand, ...]
    totals: Totals


@dataclass(frozen=True, slots=True)
class ComparedSide:
    """One side of a comparison: who, on which day, and in which negotiation if there are two."""

    party: Party
    date: str | None
    on: str
    negotiation: str | None = None

    @property
    def slug(self) -> str:
        """What stands for the side: its party, and its negotiation where there are two."""
        return f"{self.negotiation}:{self.party.slug}" if self.negotiation else self.party.slug


@dataclass(frozen=True, slots=True)
class Comparison:
    """A whole comparison. Totals count every demand, whatever `issues` leaves out."""

    left: ComparedSide
    right: ComparedSide
    issues: tuple[ComparedIssue, ...]
    totals: Totals


def compare(
    sides: tuple[Side, Side],
    parties: tuple[Party, Party],
    demands: Sequence[Demand],
    positions: tuple[Iterable[Position], Iterable[Position]],
    *,
    differences_only: bool = False,
) -> Comparison:
    """Compare two sides over `demands`; each side's positions hold one per demand at most."""
    compared = compare_demands(demands, *positions, one_party=is_one_party(sides))
    return assemble(sides, parties, compared, differences_only=differences_only)


def is_one_party(sides: tuple[Side, Side]) -> bool:
    """Whether the sides are two dates of one party, so that what differs is a change."""
    left, right = sides
    return (left.party, left.negotiation) == (right.party, right.negotiation)


def compare_demands(
    demands: Iterable[Demand],
    lefts: Iterable[Position],
    rights: Iterable[Position],
    *,
    one_party: bool,
) -> list[ComparedDemand]:
    """Each of `demands` with both positions on it, in order."""
    left_by_slug, right_by_slug = ({p.demand: p for p in side} for side in (lefts, rights))
    return [
        _compare_demand(
            demand, left_by_slug.get(demand.slug), right_by_slug.get(demand.slug), one_party
        )
        for demand in in_order(demands)
    ]


def assemble(
    sides: tuple[Side, Side],
    parties: tuple[Party, Party],
    compared: Sequence[ComparedDemand],
    *,
    differences_only: bool,
) -> Comparison:
    """The comparison of demands that have been compared, ordered by issue."""
    one_party = is_one_party(sides)
    groups = [
        (issue, tuple(group)) for issue, group in groupby(compared, key=lambda c: c.demand.issue)
    ]
    shown = (
        (issue, group, tuple(c for c in group if c.differs or not differences_only))
        for issue, group in groups
    )
    return Comparison(
        left=_compared_side(sides[0], parties[0]),
        right=_compared_side(sides[1], parties[1]),
        issues=tuple(
            ComparedIssue(issue, kept, _totals(group, one_party))
            for issue, group, kept in shown
            if kept
        ),
        totals=_totals(compared, one_party),
    )


def _compared_side(side: Side, party: Party) -> ComparedSide:
    return ComparedSide(party, side.date, side.on, side.negotiation)


def _compare_demand(
    demand: Demand, left: Position | None, right: Position | None, one_party: bool
) -> ComparedDemand:
    return ComparedDemand(
        demand=demand,
        left=left,
        right=right,
        alignment=None if one_party else align(left, right),
        change=change(left, right) if one_party else None,
        distance=distance_of(left, right, demand),
    )


def _totals(compared: Sequence[ComparedDemand], one_party: bool) -> Totals:
    alignments = Counter(c.alignment for c in compared)
    changes = Counter(c.change for c in compared)
    both = [c for c in compared if c.left is not None and c.right is not None]
    distances = [c.distance for c in both if c.distance is not None]
    weights = [pair_weight(c.left.salience, c.right.salience) for c in both if c.left and c.right]
    lefts = [c.left.stance.acceptance for c in compared if c.left is not None]
    rights = [c.right.stance.acceptance for c in compared if c.right is not None]
    return Totals(
        demands=len(compared),
        recorded_by_both=len(both),
        coverage=coverage(len(both), len(lefts), len(rights)),
        distance=mean(distances),
        weighted_distance=mean(distances, weights),
        left_recorded=len(lefts),
        right_recorded=len(rights),
        left_acceptance=mean(lefts),
        right_acceptance=mean(rights),
        alignments=None if one_party else {kind: alignments[kind] for kind in Alignment},
        changes={kind: changes[kind] for kind in Change} if one_party else None,
    )
