"""The agreement of every pair of parties as a heat map."""

from collections.abc import Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import Colormap
from numpy.typing import NDArray

from negotiations_api.compare.agreement import Agreement, PairAgreement
from negotiations_api.render.measure import measure_words
from negotiations_api.render.svg.figure import GREY, INK, PALE, Caption, Look, Sheet, picture
from negotiations_api.render.svg.legend import box_key, legend
from negotiations_api.render.svg.lettering import NORMAL, SMALL, name_in_text, shorten, width
from negotiations_api.render.svg.names import LABEL_ROOM, names_above, names_below
from negotiations_api.render.words import count

_WITH_NUMBERS = 25
"""Up to so many parties there is a number in each cell, and the cells are large enough for it."""

_LARGE, _SMALL = 27.0, 14.0
_LONG = 30
_BAR = (220.0, 11.0)
_UNDEFINED: Look = {"facecolor": "#f2f2f2", "edgecolor": PALE, "linewidth": 0.4, "hatch": "////"}


def agreement_svg(agreement: Agreement) -> str:
    """The agreement of every pair as an SVG document: the closer, the lighter."""
    return picture("agreement", lambda sheet: _paint(agreement, sheet))


def _paint(agreement: Agreement, sheet: Sheet) -> Caption:
    when = agreement.on or (agreement.period.text if agreement.period else "")
    title = f"How close every pair of parties is, {when}".rstrip(", ")
    parties = agreement.parties
    if not parties:
        return Caption(title, "There is nothing to show: no party is recorded.")
    size = NORMAL if len(parties) <= _WITH_NUMBERS else SMALL
    cell = _LARGE if len(parties) <= _WITH_NUMBERS else _SMALL
    names = [party.name for party in parties]
    start = max(width(shorten(name, LABEL_ROOM, size), size) for name in names) + 8
    end = start + len(parties) * cell
    centres = [start + (column + 0.5) * cell for column in range(len(parties))]
    for row, name in enumerate(names):
        y = (row + 0.5) * cell + 0.36 * size
        sheet.write(start - 5, y, shorten(name, LABEL_ROOM, size), size=size, align="right")
        if len(parties) > _LONG:
            sheet.write(end + 5, y, shorten(name, LABEL_ROOM, size), size=size)
    names_above(sheet, names, centres, 0.0, size)
    if len(parties) > _LONG:
        names_below(sheet, names, centres, end - start, size)
    _cells(agreement, sheet, start, cell)
    _bar(agreement, sheet, sheet.bottom + 34)
    legend(sheet, 0, sheet.bottom + 12, [box_key("not defined for the pair", **_UNDEFINED)])
    return Caption(title, _description(agreement))


def _colors(agreement: Agreement) -> Colormap:
    """Cividis (Nuñez, Anderton and Renslow, 2018), light where the pair is close."""
    return colormaps["cividis_r" if agreement.measure.is_distance else "cividis"]


def _cells(agreement: Agreement, sheet: Sheet, start: float, cell: float) -> None:
    values = _values(agreement)
    defined = agreement.measure.definition
    shades = (values - defined.least) / (defined.greatest - defined.least)
    many = len(values)
    pixels = _colors(agreement)(np.nan_to_num(shades), bytes=True)
    pixels[..., 3] = np.where(np.isnan(values), 0, 255)
    end, bottom = start + many * cell, many * cell
    sheet.axes.imshow(
        pixels, extent=(start, end, bottom, 0), interpolation="none", aspect="auto", zorder=2
    ).set_clip_on(False)
    off = [tuple(place) for place in np.argwhere(np.isnan(values)) if place[0] != place[1]]
    sheet.boxes([(start + c * cell, r * cell, cell, cell) for r, c in off], **_UNDEFINED)
    sheet.boxes(
        [(start, 0, end - start, bottom)], facecolor="none", edgecolor=GREY, linewidth=0.6, zorder=3
    )
    if many <= _WITH_NUMBERS:
        for row, column in np.argwhere(~np.isnan(values)):
            at = (start + (column + 0.5) * cell, (row + 0.5) * cell + 0.36 * SMALL)
            ink = INK if _is_light(pixels[row, column]) else "white"
            text = f"{values[row, column]:.2f}"
            sheet.write(*at, text, size=SMALL, color=ink, align="center")
            sheet.boxes(
                [(start + column * cell, row * cell, cell, cell)],
                facecolor="none",
                edgecolor="white",
                linewidth=0.8,
                zorder=2.5,
            )


def _values(agreement: Agreement) -> NDArray[np.float64]:
    """The value of each pair both ways, shape (parties, parties); NaN where there is none."""
    places = {party.slug: place for place, party in enumerate(agreement.parties)}
    values = np.full((len(places), len(places)), np.nan)
    for pair in agreement.pairs:
        left, right = places[pair.left], places[pair.right]
        if pair.value is not None and left != right:
            values[left, right] = values[right, left] = pair.value
    return values


def _is_light(pixel: Sequence[int]) -> bool:
    """Whether dark letters are easier to read on a colour (ITU-R BT.601 luma)."""
    red, green, blue = (int(part) for part in pixel[:3])
    return 0.299 * red + 0.587 * green + 0.114 * blue > 130


def _bar(agreement: Agreement, sheet: Sheet, y: float) -> None:
    """The colours from the least to the greatest value, and what is measured."""
    wide, high = _BAR
    defined = agreement.measure.definition
    ramp = _colors(agreement)(np.linspace(0, 1, 256), bytes=True)[np.newaxis]
    sheet.axes.imshow(
        ramp, extent=(0, wide, y + high, y), interpolation="none", aspect="auto", zorder=2
    ).set_clip_on(False)
    sheet.boxes([(0, y, wide, high)], facecolor="none", edgecolor=GREY, linewidth=0.6, zorder=3)
    sheet.write(0, y - 6, measure_words(agreement.measure, agreement.weights))
    ends = ("closest", "furthest") if agreement.measure.is_distance else ("furthest", "closest")
    below = y + high + 11
    sheet.write(0, below, f"{defined.least:g} ({ends[0]})", size=SMALL)
    sheet.write(wide, below, f"{defined.greatest:g} ({ends[1]})", size=SMALL, align="right")


def _description(agreement: Agreement) -> str:
    measured = [pair for pair in agreement.pairs if pair.value is not None]
    names = {party.slug: name_in_text(party) for party in agreement.parties}
    parties = count(len(names), "party", "parties")
    pairs = count(len(agreement.pairs), "pair")
    text = f"{parties}, {len(measured)} of {pairs} measured by "
    text += f"{measure_words(agreement.measure, agreement.weights)}."
    if measured:
        sign = 1 if agreement.measure.is_distance else -1
        ranked = sorted(
            measured, key=lambda pair: (sign * (pair.value or 0), pair.left, pair.right)
        )
        text += f" Closest: {_pair(ranked[0], names)}; furthest: {_pair(ranked[-1], names)}."
    together = agreement.together
    if together.alpha is not None:
        demands = count(together.n, "demand")
        text += f" All together: Krippendorff's alpha {together.alpha:.2f} over {demands}."
    return text


def _pair(pair: PairAgreement, names: dict[str, str]) -> str:
    over = count(pair.n, "demand")
    return f"{names[pair.left]} and {names[pair.right]} ({pair.value:.2f} over {over})"
