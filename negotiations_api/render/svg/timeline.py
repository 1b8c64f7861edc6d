"""A timeline as swim lanes: a lane for each party, time across, and the entries numbered."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from negotiations_api.compare.change import Change
from negotiations_api.compare.date import Precision, last_day, precision
from negotiations_api.compare.timeline import Entry, EntryKind, Timeline
from negotiations_api.render.svg.figure import GREY, PALE, Caption, Look, Sheet, picture
from negotiations_api.render.svg.labels import labels
from negotiations_api.render.svg.legend import box_key, legend, line_key
from negotiations_api.render.svg.lettering import NORMAL, SMALL, shorten, width
from negotiations_api.render.svg.time_axis import TimeAxis, time_axis
from negotiations_api.render.words import count, kind, listed

_WIDE = 900.0
_LABEL_ROOM = 110.0
_ROW, _PADDING = 13.0, 6.0
_COLUMNS, _LINE = 2, 14.5
_NOBODY = ""
_MOST = 1000
"""So many entries are drawn at most: a picture of more is no help to anybody."""

# Okabe and Ito (2008); each kind has a shape of its own too.
_LOOKS: dict[EntryKind, Look] = {
    EntryKind.MEETING: {"marker": "s", "color": "#1a1a1a"},
    EntryKind.POSITION: {"marker": "o", "color": "#0072b2"},
    EntryKind.ACCOUNT: {"marker": "^", "color": "#e69f00"},
    EntryKind.COMMITMENT: {"marker": "D", "color": "#009e73"},
    EntryKind.EVENT: {"marker": "*", "color": "#cc79a7"},
}
_MARKER: Look = {
    "linestyle": "none",
    "markeredgecolor": "white",
    "markeredgewidth": 0.4,
    "zorder": 4,
}
_SIZES = {"s": 7.0, "o": 7.5, "^": 8.0, "D": 6.5, "*": 11.0}
_BAND: Look = {"facecolor": "#dcdcdc"}
_LASTS: Look = {"facecolor": "#bcd9ea"}
_IMPRECISE: Look = {
    "facecolor": "none",
    "edgecolor": GREY,
    "linewidth": 0.6,
    "linestyle": (0, (2, 1.5)),
}


@dataclass(frozen=True, slots=True)
class _Mark:
    """An entry on a lane: its number, where it begins, and where what belongs to it ends."""

    number: int
    entry: Entry
    start: float
    end: float


def timeline_svg(timeline: Timeline) -> str:
    """The timeline as an SVG document, with the list of its entries below the lanes."""
    return picture("timeline", lambda sheet: _paint(timeline, sheet))


def _paint(timeline: Timeline, sheet: Sheet) -> Caption:
    entries = timeline.entries[:_MOST]
    title = "What happened, in order"
    if not entries:
        said = f"There is nothing to show: no entry in the period {timeline.period.text}."
        return Caption(title, said)
    axis = time_axis(_days(entries), 0.0, _WIDE)
    y = 0.0
    for party in _lanes(entries):
        y = _lane(party, entries, axis, sheet, y)
    axis.draw(sheet, 0.0, y)
    sheet.boxes([(0, 0, _WIDE, y)], facecolor="none", edgecolor=GREY, linewidth=0.6)
    keys = [line_key(each.value, **_look(each)) for each in EntryKind]
    keys += [
        box_key("meeting, where it was attended", **_BAND),
        box_key("from its first to its last day", **_LASTS),
        box_key("some day of the month or year", **_IMPRECISE),
    ]
    legend(sheet, sheet.left, sheet.bottom + 12, keys)
    _list(entries, sheet)
    return Caption(title, _description(timeline))


def _look(kind: EntryKind) -> Look:
    look = _LOOKS[kind]
    return {**look, **_MARKER, "markersize": _SIZES[look["marker"]]}


def _days(entries: Sequence[Entry]) -> list[str]:
    return [day for entry in entries for day in (entry.date, entry.until) if day]


def _lanes(entries: Sequence[Entry]) -> list[str]:
    """The parties by slug, as a reader looks for them; last what concerns none in particular."""
    lanes = sorted({party for entry in entries for party in entry.parties})
    return lanes if all(entry.parties for entry in entries) else [*lanes, _NOBODY]


def _lane(party: str, entries: Sequence[Entry], axis: TimeAxis, sheet: Sheet, top: float) -> float:
    """Draw one lane from `top` down, as high as it takes; gives where it ends."""
    marks = [
        _mark(number, entry, axis)
        for number, entry in enumerate(entries, 1)
        if party in (entry.parties or (_NOBODY,))
    ]
    rows = _rows(marks)
    high = max(len(rows), 1) * _ROW + 2 * _PADDING
    bands = [
        (mark.start - 2, top, max(_until(mark.entry, axis) - mark.start, 0) + 4, high)
        for mark in marks
        if mark.entry.kind is EntryKind.MEETING
    ]
    sheet.boxes(bands, **_BAND, zorder=0.3)
    for row, placed in enumerate(rows):
        for mark in placed:
            _entry(mark, axis, sheet, top + _PADDING + (row + 0.5) * _ROW)
    sheet.line([0, _WIDE], [top + high, top + high], color=PALE)
    label = shorten(party or "all, or others", _LABEL_ROOM, bold=True)
    sheet.write(-8, top + high / 2 + 0.36 * NORMAL, label, bold=True, align="right")
    return top + high


def _mark(number: int, entry: Entry, axis: TimeAxis) -> _Mark:
    start = axis.x(entry.date)
    text = start + 7 + width(str(number), SMALL)
    return _Mark(number, entry, start, max(text, _until(entry, axis)))


def _until(entry: Entry, axis: TimeAxis) -> float:
    """Where the entry's last day, or the last that it may have happened on, is over."""
    return axis.x_after(entry.until or entry.date)


def _rows(marks: Sequence[_Mark]) -> list[list[_Mark]]:
    """The marks in as few rows as it takes for none to touch another, the first on top."""
    rows: list[list[_Mark]] = []
    for mark in sorted(marks, key=lambda mark: (mark.start, mark.number)):
        free = (row for row in rows if row[-1].end + 8 <= mark.start)
        row = next(free, None)
        if row is None:
            rows.append([mark])
        else:
            row.append(mark)
    return rows


def _entry(mark: _Mark, axis: TimeAxis, sheet: Sheet, y: float) -> None:
    entry = mark.entry
    lasts = bool(entry.until) and entry.until != entry.date
    if lasts or precision(entry.date) is not Precision.DAY:
        end = _until(entry, axis)
        look = _LASTS if lasts else _IMPRECISE
        sheet.boxes([(mark.start, y - 4.5, max(end - mark.start, 1), 9)], **look, zorder=1)
    sheet.line([mark.start], [y], **_look(entry.kind))
    sheet.write(mark.start + 6, y + 0.36 * SMALL, str(mark.number), size=SMALL)


def _list(entries: Sequence[Entry], sheet: Sheet) -> None:
    """The entries by their numbers, column by column."""
    left, top = sheet.left, sheet.bottom + 28
    room = (sheet.right - left) / _COLUMNS
    number_room = width(str(len(entries)), NORMAL, bold=True)
    text_room = room - number_room - 35
    said = labels(
        [_said(entry) for entry in entries],
        [shorten(_slug(entry), text_room, SMALL) for entry in entries],
        text_room,
    )
    column_high = sum(_LINE + label.more for label in said) / _COLUMNS
    x, y = left, top
    for number, (entry, label) in enumerate(zip(entries, said, strict=True), 1):
        if y - top >= column_high:
            x, y = x + room, top
        sheet.line([x + 6], [y - 3], **_look(entry.kind))
        sheet.write(x + 14 + number_room, y, str(number), bold=True, align="right")
        label.write(sheet, x + 21 + number_room, y)
        y += _LINE + label.more


def _slug(entry: Entry) -> str:
    """What identifies an entry: its own slug; a position, which has none, that of its demand."""
    return ", ".join(entry.demands) if entry.kind is EntryKind.POSITION else entry.key


def _said(entry: Entry) -> str:
    lasts = entry.until and entry.until != entry.date
    when = f"{entry.date} to {entry.until}" if lasts else entry.date
    who = f" \N{MIDDLE DOT} {', '.join(entry.parties)}" if entry.parties else ""
    says = kind(entry.says or "")
    moved = entry.change.value if entry.change not in {None, Change.NEW} else ""
    more = [word for word in (says, moved) if word and not entry.title.startswith(word)]
    return f"{when}{who}: {entry.title}" + (f" ({', '.join(more)})" if more else "")


def _description(timeline: Timeline) -> str:
    shown = timeline.entries[:_MOST]
    kinds = Counter(entry.kind for entry in shown)
    counts = listed(count(kinds[each], each) for each in EntryKind if kinds[each])
    lanes = count(len(_lanes(shown)), "lane")
    text = f"{counts} from {shown[0].date} to {max(_days(shown), key=last_day)}, in {lanes}; "
    text += "the numbers are those of the list below."
    if len(shown) < len(timeline.entries):
        text += f" These are the first {len(shown)} of {len(timeline.entries)} entries: "
        text += "ask for a shorter period, a party, an issue or a kind to see the others."
    return text
