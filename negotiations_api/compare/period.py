"""A period of time: a date, or two with a slash between them, of which either may be open."""

from dataclasses import dataclass

from negotiations_api.compare.date import EVER_SINCE, FOREVER, first_day, is_date, last_day

OPEN = ".."
"""An end that is not there (EDTF level 1, as in ``2018/..``; ISO 8601-2, 2019)."""


class MalformedPeriod(ValueError):
    """A period that cannot be read; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Period:
    """From `first_day` to `last_day`, both ``YYYY-MM-DD`` and inclusive; `text` as written."""

    text: str
    first_day: str
    last_day: str

    def overlaps(self, date: str, until: str | None = None) -> bool:
        """Whether any day from the first of `date` to the last of `until` lies in the period.

        Without `until`, to the last day of `date` itself.
        """
        return first_day(date) <= self.last_day and self.first_day <= last_day(until or date)


ALWAYS = Period(f"{OPEN}/{OPEN}", EVER_SINCE, FOREVER)


def parse_period(text: str) -> Period:
    """The period that `text` names: ``2019``, ``2018-06/2019-02``, ``2018-06/..``, ``../..``.

    Raises MalformedPeriod.
    """
    start, slash, end = text.partition("/")
    if not slash:
        end = start
    if not (_is_end(start, slash) and _is_end(end, slash)):
        raise MalformedPeriod(
            f"'{text[:80]}' is no period: write 2019, 2018-06/2019-02-28, 2018-06/.. or ../2019"
        )
    period = Period(
        text,
        EVER_SINCE if start == OPEN else first_day(start),
        FOREVER if end == OPEN else last_day(end),
    )
    if period.first_day > period.last_day:
        raise MalformedPeriod(f"'{text}' ends before it begins: write {end}/{start}")
    return period


def _is_end(text: str, slash: str) -> bool:
    return is_date(text) or bool(slash and text == OPEN)
