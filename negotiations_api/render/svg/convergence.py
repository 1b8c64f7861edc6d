"""How close parties were over time, as a line plot, with the moves that mattered most."""

from collections.abc import Sequence
from math import hypot, isnan, nan

from matplotlib.ticker import MaxNLocator

from negotiations_api.compare.convergence import Convergence, ConvergencePoint, Move
from negotiations_api.compare.date import FOREVER
from negotiations_api.render.measure import measure_words
from negotiations_api.render.svg.figure import GREY, PALE, Caption, Look, Point, Sheet, picture
from negotiations_api.render.svg.legend import Key, legend, line_key
from negotiations_api.render.svg.lettering import SMALL, name_in_text, shorten, width
from negotiations_api.render.svg.time_axis import TimeAxis, time_axis
from negotiations_api.render.words import count, listed

_WIDE, _HIGH = 700.0, 280.0
_NOTE = 6.5
"""The radius of the number of a move."""

_VALUE: Look = {"color": "#0072b2", "linewidth": 1.8, "drawstyle": "steps-post", "zorder": 3}
_RECORDED: Look = {
    "color": "#e69f00",
    "linewidth": 1.4,
    "linestyle": (0, (4, 2)),
    "drawstyle": "steps-post",
    "zorder": 2.5,
}
_POINT: Look = {
    "linestyle": "none",
    "marker": "o",
    "markersize": 4,
    "color": "#0072b2",
    "zorder": 3,
}
_ENTERED: Look = {"linestyle": "none", "marker": "^", "markersize": 5, "color": "#007a5a"}
_LEFT: Look = {"linestyle": "none", "marker": "v", "markersize": 5, "color": "#d55e00"}


def convergence_svg(convergence: Convergence) -> str:
    """The line of the measure as an SVG document, with the largest moves listed below it."""
    return picture("convergence", lambda sheet: _paint(convergence, sheet))


def _paint(answer: Convergence, sheet: Sheet) -> Caption:
    names = [name_in_text(party) for party in answer.parties]
    title = f"Are they converging? {_some(names)}: {measure_words(answer.measure, answer.weights)}"
    if not answer.points:
        said = "at no time in the period are all of them recorded on one demand."
        return Caption(title, f"There is nothing to show: {said}")
    axis = time_axis(_ends(answer), 0.0, _WIDE)
    axis.draw(sheet, 0.0, _HIGH)
    _scale(answer, sheet)
    _lines(answer, sheet, axis)
    _notes(answer, sheet, axis)
    keys = [
        line_key("all the demands that are recorded throughout", **_VALUE | {"marker": "o"}),
        line_key("the demands that are recorded on the day", **_RECORDED),
        line_key("a demand comes in", **_ENTERED),
        line_key("a demand drops out", **_LEFT),
        Key(lambda drawn, x, y: _number(drawn, x + 10, y + 6, 1), "a move (below)"),
    ]
    legend(sheet, 0, sheet.bottom + 14, keys)
    _moves(answer, sheet)
    return Caption(title, _description(answer))


def _some(names: Sequence[str]) -> str:
    """The names for a title, which has room for a few."""
    return listed([*names[:3], f"{len(names) - 3} more"] if len(names) > 4 else names)


def _ends(answer: Convergence) -> list[str]:
    """The days that the plot has to reach: a position holds to the end of the period."""
    ends = [answer.points[0].on, answer.points[-1].on]
    return ends if answer.period.last_day >= FOREVER else [*ends, answer.period.last_day]


def _height(answer: Convergence, value: float | None) -> float:
    if value is None:
        return nan
    defined = answer.measure.definition
    return _HIGH * (defined.greatest - value) / (defined.greatest - defined.least)


def _scale(answer: Convergence, sheet: Sheet) -> None:
    """The values beside the plot, and which way is closer."""
    defined = answer.measure.definition
    ticks = MaxNLocator(5, steps=[1, 2, 5, 10])
    for value in ticks.tick_values(defined.least, defined.greatest):
        y = _height(answer, value)
        if -0.1 <= y <= _HIGH + 0.1:
            sheet.line([0, _WIDE], [y, y], color=PALE, linewidth=0.6, zorder=0.5)
            sheet.write(-6, y + 0.36 * SMALL, f"{value:.6g}", size=SMALL, align="right")
    sheet.boxes([(0, 0, _WIDE, _HIGH)], facecolor="none", edgecolor=GREY, linewidth=0.6, zorder=0.6)
    arrow = "\N{DOWNWARDS ARROW}" if answer.measure.is_distance else "\N{UPWARDS ARROW}"
    sheet.write(-6, -12, f"{arrow} closer", align="left", bold=True)
    sheet.write(-44, _HIGH / 2, defined.name, align="center", angle=90, color=GREY)
    sheet.reach((-56, 0))


def _lines(answer: Convergence, sheet: Sheet, axis: TimeAxis) -> None:
    points = answer.points
    last = max(_ends(answer))
    until = axis.x_after(last) if last > points[-1].on else axis.x(last)
    xs = [*(axis.x(point.on) for point in points), until]
    for values, look in (
        ([point.recorded_value for point in points], _RECORDED),
        ([point.value for point in points], _VALUE),
    ):
        ys = [_height(answer, value) for value in values]
        sheet.line(xs, [*ys, ys[-1]], **look)
    sheet.line(xs[:-1], [_height(answer, point.value) for point in points], **_POINT)
    top = _HIGH + SMALL + 16
    for look, y, changed in (
        (_ENTERED, top, [point for point in points if point.entered]),
        (_LEFT, top + 9, [point for point in points if point.left]),
    ):
        marked = [axis.x(point.on) for point in changed]
        sheet.line(marked, [y] * len(marked), **look)
        for x in marked:
            sheet.line([x, x], [0, _HIGH], color="#b5b5b5", linewidth=0.5, linestyle=":")
    sheet.reach((0, top + 14))


def _notes(answer: Convergence, sheet: Sheet, axis: TimeAxis) -> None:
    """The number of each move near the line on its day, none on another."""
    taken: list[Point] = []
    for number, move in enumerate(answer.moves, 1):
        x, line = axis.x(move.on), _height(answer, _value_on(answer.points, move.on))
        start = _HIGH / 2 if isnan(line) else line
        at = _free(x, start, taken)
        taken.append(at)
        sheet.line([x, at[0]], [start, at[1]], color=GREY, linewidth=0.6, zorder=3.5)
        _number(sheet, *at, number)


def _free(x: float, line: float, taken: Sequence[Point]) -> Point:
    """The nearest place above the line, else below it, else beside, that no other number has."""
    step = 2 * _NOTE + 1.5
    heights = [line - step * tries - 4 for tries in range(1, 40)]
    heights += [line + step * tries + 4 for tries in range(1, 40)]
    inside = [y for y in heights if _NOTE <= y <= _HIGH - _NOTE]
    beside = sorted((step * tries for tries in range(-50, 51)), key=abs)
    places = ((x + aside, y) for aside in beside for y in inside if 0 < x + aside < _WIDE)
    return next(
        (at for at in places if all(hypot(at[0] - a, at[1] - b) >= step - 0.5 for a, b in taken)),
        (x, line),
    )


def _value_on(points: Sequence[ConvergencePoint], day: str) -> float | None:
    values = [point.value for point in points if point.on <= day]
    return values[-1] if values else None


def _number(sheet: Sheet, x: float, y: float, number: int) -> None:
    sheet.ring(x, y, _NOTE, markeredgewidth=0.8, zorder=4)
    sheet.write(x, y + 0.36 * SMALL, str(number), size=SMALL, align="center")


def _moves(answer: Convergence, sheet: Sheet) -> None:
    """The list of the moves: when, who, what, and what it did to the measure."""
    if not answer.moves:
        return
    names = {party.slug: name_in_text(party) for party in answer.parties}
    titles = {demand.slug: demand.title for demand in answer.demands}
    y = sheet.bottom + 26
    sheet.write(0, y, "The largest moves", bold=True)
    for number, move in enumerate(answer.moves, 1):
        y += 17
        _number(sheet, 8, y - 3, number)
        said = _effect(answer, move)
        party = names.get(move.after.party, move.after.party)
        what = titles.get(move.after.demand, move.after.demand)
        text = f"{move.on}  {party}: {what} ({move.before.stance} to {move.after.stance})"
        sheet.write(22, y, shorten(text, _WIDE - 40 - width(said)))
        sheet.write(_WIDE, y, said, align="right")


def _effect(answer: Convergence, move: Move) -> str:
    if not move.effect:
        return f"{move.change}, no effect"
    closer = (move.effect < 0) == answer.measure.is_distance
    way = "closer" if closer else "further apart"
    return f"{move.change}, {move.effect:+.3f} ({way})"


def _description(answer: Convergence) -> str:
    values = [(point.on, point.value) for point in answer.points if point.value is not None]
    demands = count(len(answer.demands), "demand")
    over = f"over {demands} that all are recorded on throughout"
    text = f"Mean of the pairs, {over}" if len(answer.parties) > 2 else over.capitalize()
    if not values:
        return f"{text}: there is nothing to measure."
    (start, first), (end, last) = values[0], values[-1]
    until = f", {last:.2f} on {end}" if end != start else ""
    return f"{text}: {first:.2f} on {start}{until}."
