"""The types of query parameters: what each reads of the text that stands in an address."""

import datetime as dt
import re
from collections.abc import Sequence
from math import isinf
from typing import Any

from marshmallow import ValidationError, fields

from negotiations_api.compare.period import MalformedPeriod, Period, parse_period
from negotiations_api.records.text import NUMBER
from negotiations_api.schemas.fields import Reference, Strict, near_miss, repeated

MOST_LISTED = 100
"""The most values that one parameter lists."""

_LONGEST_NUMBER = 400
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)


class Whole(Strict, fields.Integer):
    """A whole number within bounds, in the digits of a query parameter; `what` says of what."""

    def __init__(self, low: int, high: int, what: str = "a whole number", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.low, self.high, self.what = low, high, what
        self.describe(minimum=low, maximum=high)

    def read(self, value: Any) -> int:
        text = str(value)
        is_number = text.isascii() and text.isdecimal() and len(text) <= 18
        if not is_number or not self.low <= int(text) <= self.high:
            raise ValidationError(f"Give {self.what} from {self.low} to {self.high}.")
        return int(text)


class Decimal(Strict, fields.Float):
    """A number as JSON writes it."""

    def read(self, value: Any) -> float:
        text = str(value)
        if len(text) > _LONGEST_NUMBER or not NUMBER.fullmatch(text) or isinf(float(text)):
            raise ValidationError("Give a number, like 40 or -2.5.")
        return float(text)


class Truth(Strict, fields.Boolean):
    """Yes or no: the words true and false."""

    def read(self, value: Any) -> bool:
        if value not in {"true", "false"}:
            raise ValidationError("Write true or false.")
        return bool(value == "true")


class Instant(Strict, fields.DateTime):
    """A moment, RFC 3339."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.describe(examples=["2026-11-01T00:00:00Z"], maxLength=40)

    def read(self, value: Any) -> dt.datetime:
        try:
            if _MOMENT.fullmatch(str(value)):
                return dt.datetime.fromisoformat(str(value).upper()).astimezone(dt.UTC)
        except (ValueError, OverflowError):
            pass  # the thirteenth month, the year 0
        raise ValidationError("Give a moment with its time zone, like 2026-11-01T00:00:00Z.")


class Within(Strict, fields.String):
    """A period: a date, or two with a slash between them, of which either may be open."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.describe(examples=["2019", "2018-06/2019-02-28", "2018-06/..", "../.."])

    def read(self, value: Any) -> Period:
        try:
            return parse_period(str(value))
        except MalformedPeriod as error:
            raise ValidationError(f"{error}.") from None


class Separated(fields.List[Any]):
    """A set of values with commas between them: demand,accept."""

    def __init__(self, inner: Any, *, fewest: int = 1, **kwargs: Any) -> None:
        super().__init__(inner, **kwargs)
        self.fewest = fewest
        bounds = {"uniqueItems": True, "minItems": fewest, "maxItems": MOST_LISTED}
        self.metadata = bounds | dict(self.metadata)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        words = str(value).split(",")
        if not all(map(str.strip, words)):
            raise ValidationError("Name one or more, with commas between them.")
        if len(words) > MOST_LISTED:
            raise ValidationError(f"Name at most {MOST_LISTED}; these are {len(words):,}.")
        values = super()._deserialize(words, attr, data, **kwargs)
        for _, word in repeated(words):
            raise ValidationError(f"'{word[:80]}' stands here twice; name it once.")
        if len(words) < self.fewest:
            raise ValidationError(f"Name {self.fewest} or more, with commas between them.")
        return values


class One(Reference):
    """The slug of one record; `several` is the parameter that takes a list of them, if one does."""

    def __init__(self, noun: str, *, several: str = "", **kwargs: Any) -> None:
        super().__init__(noun, **kwargs)
        self.several = several

    def read(self, value: Any) -> str:
        if "," in str(value):
            more = f"; {self.several} takes several" if self.several else ", not several"
            raise ValidationError(f"Name one {self.noun}{more}.")
        return super().read(value)


class Listed(Separated):
    """A set of slugs of records of one kind, with commas between them: usa,prk."""

    def __init__(self, noun: str, *, fewest: int = 1, **kwargs: Any) -> None:
        super().__init__(Reference(noun), fewest=fewest, **kwargs)
        self.noun = noun


class Name(Strict, fields.String):
    """One of some names; `what` says of what."""

    def __init__(self, names: Sequence[str], what: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.names = tuple(names)
        self.what = what
        self.describe(enum=list(self.names))

    def read(self, value: Any) -> str:
        if value not in self.names:
            near = near_miss(str(value), self.names) or f"; there is {', '.join(self.names)}."
            raise ValidationError(f"There is no {self.what} '{str(value)[:80]}' here{near}")
        return str(value)


class Repeated(fields.List[Any]):
    """A parameter that may be given any number of times."""
