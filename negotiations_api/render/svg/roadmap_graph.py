"""A roadmap as a layered graph: which demand waits for which, and where each has its place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

import igraph  # type: ignore[import-untyped]

from negotiations_api.compare.position import ConditionKind
from negotiations_api.compare.roadmap import BlockedDemand, Roadmap
from negotiations_api.render.svg.figure import Point

BOX_WIDE, COLUMN_GAP = 176.0, 84.0
ROW_GAP, PASSING, TIGHT = 26.0, 12.0, 10.0

_Bends = Mapping[tuple[str, str], Sequence[tuple[int, float]]]


@dataclass(frozen=True, slots=True)
class Wait:
    """That the demand `on` waits for any of `alternatives` (slugs), before or together with it.

    `closing` are those of `alternatives` that are in a deadlock with `on`.
    """

    on: str
    alternatives: tuple[str, ...]
    is_precondition: bool
    closing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Places:
    """The columns of demands, and where their boxes have their left upper corners.

    `routes` are, for each arrow (from, to), the points where it comes to other columns on its way.
    """

    column_of: Mapping[str, int]
    corners: Mapping[str, Point]
    routes: Mapping[tuple[str, str], tuple[Point, ...]]
    box_high: float


def waits_of(roadmap: Roadmap) -> list[Wait]:
    """What each demand of the roadmap waits for or waited for, sorted."""
    known = {demand.slug for demand in roadmap.delivered}
    known |= {planned.demand.slug for step in roadmap.steps for planned in step.demands}
    known |= {blocked.demand.slug for blocked in roadmap.blocked}
    locked = [frozenset(deadlock.demands) for deadlock in roadmap.deadlocks]
    waits = [wait for blocked in roadmap.blocked for wait in _of_blocked(blocked, locked)]
    for step in roadmap.steps:
        for planned in step.demands:
            slug = planned.demand.slug
            waits += [Wait(slug, (other,), is_precondition=True) for other in planned.after]
            waits += [
                Wait(slug, (other,), is_precondition=False) for other in planned.together_with
            ]
    kept = (
        replace(wait, alternatives=alternatives)
        for wait in waits
        if (alternatives := tuple(slug for slug in wait.alternatives if slug in known))
    )
    unique = {(w.on, w.alternatives, w.is_precondition): w for w in kept}
    return [unique[key] for key in sorted(unique)]


def _of_blocked(blocked: BlockedDemand, locked: Sequence[frozenset[str]]) -> Iterable[Wait]:
    within = next((each for each in locked if blocked.demand.slug in each), frozenset())
    for block in blocked.blocks:
        held = block.condition
        if held is not None:
            yield Wait(
                held.demand,
                tuple(sorted(set(held.condition.demands))),
                held.condition.kind is ConditionKind.PRECONDITION,
                tuple(sorted(within.intersection(held.condition.demands))),
            )


def columns_of(roadmap: Roadmap, waits: Sequence[Wait]) -> dict[str, int]:
    """The column of each demand: 0 delivered, n step n, then the blocked ones.

    Of those, the ones that wait or are waited for, to the right of what they wait for as far as
    there is no circle; the others have no column.
    """
    columns = {demand.slug: 0 for demand in roadmap.delivered}
    for step in roadmap.steps:
        columns |= {planned.demand.slug: step.number for planned in step.demands}
    named = {slug for wait in waits for slug in (wait.on, *wait.alternatives)}
    blocked = sorted({b.demand.slug for b in roadmap.blocked} & named)
    first = first_blocked(roadmap)
    layers = _layers(blocked, _arrows(waits))
    return columns | {slug: first + layer for slug, layer in layers.items()}


def first_blocked(roadmap: Roadmap) -> int:
    """The first column of what is blocked."""
    return max((step.number for step in roadmap.steps), default=0) + 1


def _arrows(waits: Iterable[Wait]) -> list[tuple[str, str]]:
    return sorted({(slug, wait.on) for wait in waits for slug in wait.alternatives})


def _layers(slugs: Sequence[str], arrows: Iterable[tuple[str, str]]) -> dict[str, int]:
    """How many arrows lead to each demand at most, in a row; circles are cut open first."""
    number = {slug: place for place, slug in enumerate(slugs)}
    inner = [(number[a], number[b]) for a, b in arrows if a in number and b in number and a != b]
    graph = igraph.Graph(n=len(slugs), edges=inner, directed=True)
    graph.delete_edges(graph.feedback_arc_set())
    layers = [0] * len(slugs)
    for vertex in graph.topological_sorting():
        for successor in graph.successors(vertex):
            layers[successor] = max(layers[successor], layers[vertex] + 1)
    return {slug: layers[number[slug]] for slug in slugs}


def places_of(
    columns: Mapping[str, int], blocked_from: int, waits: Sequence[Wait], box_high: float
) -> Places:
    """The columns from left to right, and where in them each demand has its box.

    What is planned and what is blocked are laid out by themselves: no arrow leads from the one to
    the other, since what waits for a demand of a step is not blocked by that.
    """
    arrows = _arrows(waits)
    used = {column: layer for layer, column in enumerate(sorted(set(columns.values())))}
    corners: dict[str, Point] = {}
    routes: dict[tuple[str, str], tuple[Point, ...]] = {}
    for is_blocked in (False, True):
        layers = {
            slug: used[column]
            for slug, column in columns.items()
            if (column >= blocked_from) is is_blocked
        }
        inner = [(a, b) for a, b in arrows if a in layers and b in layers]
        rows, bends = _rows(layers, inner)
        places = [_Place(row, layers[slug], box_high / 2) for slug, row in rows.items()]
        places += [_Place(row, at, 0.0) for passed in bends.values() for at, row in passed]
        heights = _heights(places)
        for slug, row in rows.items():
            corners[slug] = (_left(layers[slug]), heights[row])
        for arrow, passed in bends.items():
            routes[arrow] = tuple((_left(at), heights[row] + box_high / 2) for at, row in passed)
        end = max(heights.values()) + box_high + ROW_GAP if heights else 0.0
        below = dict.fromkeys(layers.values(), end)
        for slug in sorted(layers.keys() - rows.keys()):
            corners[slug] = (_left(layers[slug]), below[layers[slug]])
            below[layers[slug]] += box_high + TIGHT
    return Places(columns, corners, routes, box_high)


@dataclass(frozen=True, slots=True)
class _Place:
    """A box, or where an arrow passes, in a row of a layer; `half` is half of its height."""

    row: float
    layer: int
    half: float


def _heights(places: Iterable[_Place]) -> dict[float, float]:
    """How far down each row is: no more than what stands above another takes, in every layer.

    igraph gives all vertices the same room; an arrow that passes takes less than a box.
    """
    heights: dict[float, float] = {}
    above: dict[int, _Place] = {}
    least = 0.0
    for row, group in groupby(sorted(places, key=lambda p: (p.row, p.layer)), lambda p: p.row):
        here = list(group)
        for place in here:
            if place.layer in above:
                last = above[place.layer]
                room = ROW_GAP if last.half and place.half else PASSING
                least = max(least, heights[last.row] + last.half + room + place.half)
        heights[row] = least
        above |= {place.layer: place for place in here}
        least += PASSING / 2
    return heights


def _left(layer: int) -> float:
    return layer * (BOX_WIDE + COLUMN_GAP)


def _rows(
    layers: Mapping[str, int], arrows: Sequence[tuple[str, str]]
) -> tuple[dict[str, float], _Bends]:
    """The row of each demand that has an arrow, and where (layer, row) arrows pass other layers.

    It is Sugiyama's layout (Sugiyama, Tagawa and Toda, 1981), turned to run to the right. The
    vertices where arrows pass are ours: the bends that igraph 1.0 gives are mixed up where the
    graph has several components.
    """
    named = sorted({slug for arrow in arrows for slug in arrow})
    number = {slug: place for place, slug in enumerate(named)}
    of_vertex = [layers[slug] for slug in named]
    edges: list[tuple[int, int]] = []
    passed: dict[tuple[str, str], list[int]] = {}
    for source, target in arrows:
        way = 1 if layers[source] < layers[target] else -1
        between = range(layers[source] + way, layers[target], way)
        bends = list(range(len(of_vertex), len(of_vertex) + len(between)))
        of_vertex += between
        chain = [number[source], *bends, number[target]]
        edges += pairwise(chain if way > 0 else chain[::-1])
        passed[source, target] = bends
    graph = igraph.Graph(n=len(of_vertex), edges=edges, directed=True)
    start = min(of_vertex, default=0)
    layout = graph.layout_sugiyama(layers=[layer - start for layer in of_vertex])
    row_of = _apart([round(row, 6) for row, _ in layout], of_vertex)
    rows = {slug: row_of[number[slug]] for slug in named}
    return rows, {
        arrow: [(of_vertex[bend], row_of[bend]) for bend in bends]
        for arrow, bends in passed.items()
    }


def _apart(rows: Sequence[float], layers: Sequence[int]) -> list[float]:
    """The rows, so that no two vertices of a layer are in the same: igraph 1.0 puts some there."""
    apart = list(rows)
    last: dict[int, float] = {}
    for vertex in sorted(range(len(rows)), key=lambda vertex: (rows[vertex], vertex)):
        layer = layers[vertex]
        apart[vertex] = max(rows[vertex], last.get(layer, rows[vertex] - 1) + 0.25)
        last[layer] = apart[vertex]
    return apart
