"""A side of a comparison, written `party` or `party@date`, and a pair of them, `left...right`."""

from dataclasses import dataclass

from negotiations_api.compare.date import is_date, last_day

SEPARATOR = "..."


class MalformedSide(ValueError):
    """A side, or a pair of them, that cannot be read; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Side:
    """A party on a day: `date` as written (None: today), `on` the whole day that it means."""

    party: str
    date: str | None
    on: str

    def __str__(self) -> str:
        return f"{self.party}@{self.date}" if self.date else self.party


def parse_side(text: str, today: str) -> Side:
    """The side that `text` names; an imprecise date means its last day.

    Raises MalformedSide.
    """
    party, at, date = text.partition("@")
    if not party:
        raise MalformedSide(f"a side begins with a party: party or party@date, not '{text}'")
    if not at:
        return Side(party, None, today)
    if not is_date(date):
        raise MalformedSide(
            f"'{date}' is no date: write {party}@2019, {party}@2019-04 or {party}@2019-04-12"
        )
    return Side(party, date, last_day(date))


def parse_sides(text: str, today: str) -> tuple[Side, Side]:
    """The two sides of `left...right`. Raises MalformedSide."""
    sides = text.split(SEPARATOR)
    if len(sides) != 2 or not all(sides):
        raise MalformedSide(
            f"a comparison has two sides with three dots between them, like usa...prk or "
            f"prk@2018-06-12...prk@2019-10-05, not '{text}'"
        )
    return parse_side(sides[0], today), parse_side(sides[1], today)
