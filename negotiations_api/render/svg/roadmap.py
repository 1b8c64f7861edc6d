"""A roadmap as a graph: delivered, the steps, what is blocked; and its deadlocks in words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from negotiations_api.compare.position import Demand
from negotiations_api.compare.roadmap import BlockedDemand, Obstacle, Roadmap
from negotiations_api.render.svg.figure import GREY, INK, Caption, Look, Sheet, picture
from negotiations_api.render.svg.legend import Key, box_key, legend, line_key
from negotiations_api.render.svg.lettering import SMALL, shorten, wrap
from negotiations_api.render.svg.roadmap_arrows import CLOSES, PORT, draw_arrows, draw_or, look_of
from negotiations_api.render.svg.roadmap_graph import (
    BOX_WIDE,
    COLUMN_GAP,
    TIGHT,
    Places,
    Wait,
    columns_of,
    first_blocked,
    places_of,
    waits_of,
)
from negotiations_api.render.svg.roadmap_text import texts_below
from negotiations_api.render.svg.roadmap_together import apart_from_crowded
from negotiations_api.render.words import count, kind, listed

_BOX_HIGH, _LINE = 46.0, 13.0
_TEXT_WIDE = BOX_WIDE - 12
_MOST_LINES = 5
_IN_BOXES = " In a crowded step, the boxes say what is delivered together, instead of arrows."
_ZONES = ("#f4f4f4", "#fafafa")

# Tints of the colours of Okabe and Ito (2008), all of a lightness of their own, so that they differ
# without colour too; each box says its state in words besides.
_DELIVERED: Look = {"facecolor": "#00664b", "ink": "white"}
_STEP: Look = {"facecolor": "#bfe0f5"}
_OBSTACLES: dict[Obstacle, Look] = {
    Obstacle.REJECTED: {"facecolor": "#d5803f"},
    Obstacle.RESERVED: {"facecolor": "#f8ed9c"},
    Obstacle.NOT_RECORDED: {"facecolor": "white"},
    Obstacle.NOT_ADDRESSED: {"facecolor": "white", "linestyle": (0, (3, 2))},
    Obstacle.TEXT_ONLY: {"facecolor": "#dcb3cc"},
    Obstacle.WAITING: {"facecolor": "#a8a8a8"},
    Obstacle.DEADLOCK: {"facecolor": "#a8a8a8"},
}
_DEADLOCK: Look = {"edgecolor": CLOSES, "linewidth": 2.4}


def roadmap_svg(roadmap: Roadmap) -> str:
    """The roadmap as an SVG document: from what is delivered on the left to what is blocked."""
    return picture("roadmap", lambda sheet: _paint(roadmap, sheet))


def _paint(roadmap: Roadmap, sheet: Sheet) -> Caption:
    title = f"What can be delivered, in which order, and what blocks the rest, on {roadmap.on}"
    if not (roadmap.delivered or roadmap.steps or roadmap.blocked):
        return Caption(title, "There is nothing to show: no demand is recorded.")
    all_waits = waits_of(roadmap)
    columns = columns_of(roadmap, all_waits)
    waits, together = apart_from_crowded(all_waits, columns)
    chosen: defaultdict[str, int] = defaultdict(int)
    for wait in waits:
        chosen[wait.on] += 1
    high = max(_high(together), PORT * (max(chosen.values(), default=0) + 1) * _has_choice(waits))
    places = places_of(columns, first_blocked(roadmap), waits, high)
    _zones(roadmap, places, sheet)
    _boxes(roadmap, places, together, sheet)
    draw_arrows(sheet, places, waits)
    _grid(roadmap, columns, sheet)
    left = sheet.left
    legend(sheet, left, sheet.bottom + 22, _keys())
    for heading, texts in texts_below(roadmap):
        sheet.write(left, sheet.bottom + 28, heading, bold=True)
        for text in texts:
            sheet.paragraph(left, sheet.bottom + 5, text)
    return Caption(title, _description(roadmap) + _IN_BOXES * bool(together))


def _high(together: Mapping[str, str]) -> float:
    """How high the boxes are: enough for the longest of what they say, up to a bound."""
    lines = [len(wrap(text, _TEXT_WIDE, SMALL, most=_MOST_LINES)) for text in together.values()]
    return _BOX_HIGH + (max(lines, default=1) - 1) * _LINE


def _has_choice(waits: Sequence[Wait]) -> bool:
    return any(len(wait.alternatives) > 1 for wait in waits)


def _zones(roadmap: Roadmap, places: Places, sheet: Sheet) -> None:
    """A band behind each column, or behind the blocked ones together, and what it is."""
    if not places.corners:
        return
    top = min(y for _, y in places.corners.values()) - 48
    bottom = max(y for _, y in places.corners.values()) + places.box_high + 20
    tops = [y for points in places.routes.values() for _, y in points]
    top, bottom = min([top, *(y - 44 for y in tops)]), max([bottom, *(y + 20 for y in tops)])
    names = {0: "Delivered"} | {step.number: f"Step {step.number}" for step in roadmap.steps}
    zones: defaultdict[str, list[float]] = defaultdict(list)
    for slug, column in places.column_of.items():
        zones[names.get(column, "Blocked")].append(places.corners[slug][0])
    for place, (name, lefts) in enumerate(sorted(zones.items(), key=lambda zone: min(zone[1]))):
        left = min(lefts) - COLUMN_GAP / 2
        wide = max(lefts) + BOX_WIDE + COLUMN_GAP / 2 - left
        sheet.boxes([(left, top, wide, bottom - top)], facecolor=_ZONES[place % 2], zorder=0)
        sheet.write(left + wide / 2, top + 17, name, bold=True, align="center", size=10.0)


def _boxes(roadmap: Roadmap, places: Places, together: Mapping[str, str], sheet: Sheet) -> None:
    high = places.box_high
    for demand in roadmap.delivered:
        _box(sheet, *places.corners[demand.slug], high, demand, "delivered", _DELIVERED)
    for step in roadmap.steps:
        for planned in step.demands:
            slug = planned.demand.slug
            state = together.get(slug, f"step {step.number}")
            _box(sheet, *places.corners[slug], high, planned.demand, state, _STEP)
    for blocked in roadmap.blocked:
        if blocked.demand.slug in places.corners:
            _blocked(roadmap, blocked, sheet, *places.corners[blocked.demand.slug], high)


def _box(
    sheet: Sheet, x: float, y: float, high: float, demand: Demand, state: str, look: Look
) -> None:
    ink = look.get("ink", INK)
    fill = {name: value for name, value in look.items() if name != "ink"}
    sheet.boxes(
        [(x, y, BOX_WIDE, high)], **{"edgecolor": GREY, "linewidth": 0.7, "zorder": 2.5} | fill
    )
    said = wrap(state, _TEXT_WIDE, SMALL, most=int((high - _BOX_HIGH) // _LINE) + 1)
    lines = [shorten(demand.title, _TEXT_WIDE, SMALL), *said]
    first = y + high / 2 + 2.6 - _LINE * len(lines) / 2
    slug = shorten(demand.slug, _TEXT_WIDE, SMALL, bold=True)
    sheet.write(x + 6, first, slug, size=SMALL, bold=True, color=ink)
    for place, line in enumerate(lines, 1):
        sheet.write(x + 6, first + place * _LINE, line, size=SMALL, color=ink)


def _blocked(
    roadmap: Roadmap, blocked: BlockedDemand, sheet: Sheet, x: float, y: float, high: float
) -> None:
    parties: defaultdict[Obstacle, set[str]] = defaultdict(set)
    for block in blocked.blocks:
        parties[block.obstacle] |= {block.party} if block.party else set()
    numbers = [
        str(number)
        for number, deadlock in enumerate(roadmap.deadlocks, 1)
        if blocked.demand.slug in deadlock.demands
    ]
    said = [f"deadlock {', '.join(numbers)}"] if numbers else []
    said += [
        f"{kind(obstacle)}: {', '.join(sorted(parties[obstacle]))}".removesuffix(": ")
        for obstacle in _OBSTACLES
        if obstacle in parties and not (numbers and obstacle is Obstacle.DEADLOCK)
    ]
    main = next((obstacle for obstacle in _OBSTACLES if obstacle in parties), Obstacle.WAITING)
    look = _OBSTACLES[main] | (_DEADLOCK if numbers else {})
    _box(sheet, x, y, high, blocked.demand, "; ".join(said) or "blocked", look)


def _grid(roadmap: Roadmap, columns: Mapping[str, int], sheet: Sheet) -> None:
    """The blocked demands that have no place in the graph, below it."""
    alone = [b for b in roadmap.blocked if b.demand.slug not in columns]
    if not alone:
        return
    left, top = sheet.left, sheet.bottom + 42
    across = max(int((sheet.right - left + TIGHT) / (BOX_WIDE + TIGHT)), 4)
    heading = "Blocked, without waiting for another demand or being waited for"
    sheet.write(left, top - 12, heading, bold=True, size=10.0)
    for place, blocked in enumerate(sorted(alone, key=lambda blocked: blocked.demand.slug)):
        x = left + place % across * (BOX_WIDE + TIGHT)
        y = top + place // across * (_BOX_HIGH + TIGHT)
        _blocked(roadmap, blocked, sheet, x, y, _BOX_HIGH)


def _keys() -> list[Key]:
    edged: Look = {"edgecolor": GREY, "linewidth": 0.7}
    boxes = [("delivered", _DELIVERED), ("can be delivered in a step", _STEP)]
    names = {each: kind(each) for each in _OBSTACLES if each is not Obstacle.DEADLOCK}
    names |= {
        Obstacle.TEXT_ONLY: "waiting for a text only",
        Obstacle.NOT_ADDRESSED: "addressed to nobody",
    }
    boxes += [(name, _OBSTACLES[obstacle]) for obstacle, name in names.items()]
    return [
        *(box_key(meaning, **edged | look) for meaning, look in boxes),
        box_key("in a deadlock", facecolor="white", **_DEADLOCK),
        line_key("must be delivered before", **look_of(is_precondition=True)),
        line_key("must be delivered together", **look_of(is_precondition=False)),
        line_key("closes a deadlock", **look_of(is_precondition=True, closes_deadlock=True)),
        Key(lambda sheet, x, y: draw_or(sheet, x + 10, y + 6), "any one of them will do"),
    ]


def _description(roadmap: Roadmap) -> str:
    planned = sum(len(step.demands) for step in roadmap.steps)
    steps = count(len(roadmap.steps), "step")
    parts = [
        f"{count(len(roadmap.delivered), 'demand')} delivered",
        f"{planned} that can be delivered in {steps}",
        f"{len(roadmap.blocked)} blocked",
        f"{count(len(roadmap.deadlocks), 'deadlock')}",
    ]
    text = f"{listed(parts)}."
    if roadmap.assumed:
        text += f" Assumed: {listed(str(assumption) for assumption in roadmap.assumed)}."
    return f"{text} Arrows lead from what comes first to what waits for it."
