"""Words for numbers, lists, names of kinds and periods, where a sentence needs them."""

from collections.abc import Iterable, Sequence

from negotiations_api.compare.period import ALWAYS, Period
from negotiations_api.compare.position import Demand

DECIMALS = 3
"""How many decimals of a number are shown at most."""

NOTHING = "-"
"""What stands for a cell that is not recorded or not defined."""

_TOO_LONG = 1e15


def number(value: float, decimals: int = DECIMALS) -> str:
    """A number to read: an integer as such, others rounded, without zeros at the end."""
    text = _rounded(value, decimals)
    if "." in text and "e" not in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def numbers(values: Sequence[float], decimals: int = DECIMALS) -> list[str]:
    """The numbers of a column: those with a fraction make the others show as many decimals."""
    short = [number(value, decimals) for value in values]
    shown = max((len(text.partition(".")[2]) for text in short if "e" not in text), default=0)
    return [
        text if isinstance(value, int) or "e" in text else _rounded(value, shown, text)
        for value, text in zip(values, short, strict=True)
    ]


def _rounded(value: float, decimals: int, short: str = "") -> str:
    if isinstance(value, int):
        return str(value)
    if abs(value) >= _TOO_LONG:
        return f"{value:.6g}"
    return f"{0.0 if short == '0' else value:.{decimals}f}"


def exact_number(value: float) -> str:
    """All the digits that a float can be trusted with, and no fraction where it has none."""
    return f"{value:.15g}"


def count(how_many: int, one: str, many: str | None = None) -> str:
    """``1 party``, ``2 parties``; without `many`, an s makes it."""
    return f"{how_many} {one if how_many == 1 else many or f'{one}s'}"


def listed(names: Iterable[str]) -> str:
    """``a, b and c``."""
    *others, end = [*names] or [""]
    return f"{', '.join(others)} and {end}" if others else end


def kind(value: str) -> str:
    """The name of a kind as prose has it: ``no_agreement`` is no agreement."""
    return value.replace("_", " ")


def heading(demand: Demand) -> str:
    """A demand by its slug and its title."""
    return f"{demand.slug}: {demand.title}"


def one_line(text: str | None) -> str:
    """A text with its line breaks and wide gaps closed; none is empty."""
    return " ".join((text or "").split())


def period_words(period: Period) -> str:
    """A period as it was written, but an open one as the whole record."""
    return "the whole record" if period.text == ALWAYS.text else period.text
