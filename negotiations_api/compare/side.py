"""A side of a comparison, written `party` or `party@date`, and a pair of them, `left...right`.

Where the sides may lie in different negotiations, each is written `negotiation:party@date`.
"""

from dataclasses import dataclass, replace

from negotiations_api.compare.date import is_date, last_day

SEPARATOR = "..."


class MalformedSide(ValueError):
    """A side, or a pair of them, that cannot be read; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Side:
    """A party on a day: `date` as written (None: today), `on` the whole day that it means.

    `negotiation` is the slug of the one that it is a side of, where that has to be said.
    """

    party: str
    date: str | None
    on: str
    negotiation: str | None = None

    def __str__(self) -> str:
        of = f"{self.negotiation}:" if self.negotiation else ""
        return f"{of}{self.party}@{self.date}" if self.date else f"{of}{self.party}"


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
    left, right = _split(text, "usa...prk or prk@2018-06-12...prk@2019-10-05")
    return parse_side(left, today), parse_side(right, today)


def parse_sides_across(text: str, today: str) -> tuple[Side, Side]:
    """The two sides of `negotiation:left...negotiation:right`. Raises MalformedSide."""
    left, right = _split(
        text,
        "us-dprk:usa...iran-nuclear:irn or us-dprk:usa@2018-06-12...iran-nuclear:irn@2015-07-14",
    )
    return _parse_across(left, today), _parse_across(right, today)


def _parse_across(text: str, today: str) -> Side:
    negotiation, colon, side = text.partition(":")
    if not (negotiation and colon):
        raise MalformedSide(
            f"a side across negotiations begins with its negotiation, like us-dprk:usa or "
            f"us-dprk:usa@2019-04, not '{text}'"
        )
    return replace(parse_side(side, today), negotiation=negotiation)


def _split(text: str, like: str) -> tuple[str, str]:
    sides = text.split(SEPARATOR)
    if len(sides) != 2 or not all(sides):
        raise MalformedSide(
            f"a comparison has two sides with three dots between them, like {like}, not '{text}'"
        )
    return sides[0], sides[1]
