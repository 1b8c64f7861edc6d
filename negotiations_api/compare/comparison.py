"""Where two sides differ, demand by demand, grouped by issue."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from negotiations_api.compare.alignment import Alignment, align
from negotiations_api.compare.change import Change, change
from negotiations_api.compare.position import Demand, Issue, Party, Position
from negotiations_api.compare.side import Side

ALIKE = frozenset({Alignment.AGREED, Alignment.BOTH_REJECT, Alignment.NOT_RECORDED})
"""The alignments in which two sides do not differ."""


@dataclass(frozen=True, slots=True)
class ComparedDemand:
    """One demand with both positions (None: not recorded) and how they relate.

    Two parties have an `alignment`, two dates of one party a `change`; the other is None.
    """

    demand: Demand
    left: Position | None
    right: Position | None
    alignment: Alignment | None
    change: Change | None

    @property
    def differs(self) -> bool:
        """Whether the two sides differ on the demand."""
        if self.change is not None:
            return self.change is not Change.UNCHANGED
        return self.alignment not in ALIKE


@dataclass(frozen=True, slots=True)
class Totals:
    """How many demands there are of each kind, and on how many both sides are recorded."""

    demands: int
    recorded_by_both: int
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
    """One side of a comparison: who, and on which day."""

    party: Party
    date: str | None
    on: str


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
    lefts, rights = ({p.demand: p for p in side} for side in positions)
    one_party = parties[0].slug == parties[1].slug
    compared = [
        _compare_demand(demand, lefts.get(demand.slug), rights.get(demand.slug), one_party)
        for demand in in_order(demands)
    ]
    groups = [
        (issue, tuple(group)) for issue, group in groupby(compared, key=lambda c: c.demand.issue)
    ]
    shown = (
        (issue, group, tuple(c for c in group if c.differs or not differences_only))
        for issue, group in groups
    )
    return Comparison(
        left=ComparedSide(parties[0], sides[0].date, sides[0].on),
        right=ComparedSide(parties[1], sides[1].date, sides[1].on),
        issues=tuple(
            ComparedIssue(issue, kept, _totals(group, one_party))
            for issue, group, kept in shown
            if kept
        ),
        totals=_totals(compared, one_party),
    )


def in_order(demands: Iterable[Demand]) -> list[Demand]:
    """Demands by issue, and within an issue each one before those that are part of it."""
    by_slug = {demand.slug: demand for demand in demands}
    wholes: dict[str, str] = {}
    parts: defaultdict[str, list[str]] = defaultdict(list)
    for slug in sorted(by_slug, reverse=True):
        whole = by_slug.get(by_slug[slug].part_of or "")
        if whole is not None and whole.issue == by_slug[slug].issue:
            wholes[slug] = whole.slug
            parts[whole.slug].append(slug)
    ordered: dict[str, None] = {}
    # What is part of itself by way of others has no beginning: it comes after the rest.
    for start in (*sorted(by_slug.keys() - wholes.keys()), *sorted(wholes)):
        waiting = [] if start in ordered else [_outermost(start, wholes)]
        while waiting:
            slug = waiting.pop()
            if slug not in ordered:
                ordered[slug] = None
                waiting += parts[slug]
    return sorted((by_slug[slug] for slug in ordered), key=lambda demand: demand.issue.slug)


def _outermost(slug: str, wholes: Mapping[str, str]) -> str:
    """What `slug` is part of in the end, or the first that comes twice if that goes in a circle."""
    seen: set[str] = set()
    while slug in wholes and slug not in seen:
        seen.add(slug)
        slug = wholes[slug]
    return slug


def _compare_demand(
    demand: Demand, left: Position | None, right: Position | None, one_party: bool
) -> ComparedDemand:
    return ComparedDemand(
        demand=demand,
        left=left,
        right=right,
        alignment=None if one_party else align(left, right),
        change=change(left, right) if one_party else None,
    )


def _totals(compared: Sequence[ComparedDemand], one_party: bool) -> Totals:
    alignments = Counter(c.alignment for c in compared)
    changes = Counter(c.change for c in compared)
    return Totals(
        demands=len(compared),
        recorded_by_both=sum(c.left is not None and c.right is not None for c in compared),
        alignments=None if one_party else {kind: alignments[kind] for kind in Alignment},
        changes={kind: changes[kind] for kind in Change} if one_party else None,
    )
