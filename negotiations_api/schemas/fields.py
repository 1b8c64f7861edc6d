"""The field types of the record. None of them coerces: "12" is no number, 1 is no text."""

import datetime as dt
import difflib
import math
import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, fields, validate

from negotiations_api.compare.date import is_date
from negotiations_api.models.identifier import LENGTH, PATTERN, format_id

_CONTROLS_BUT_BREAKS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_DATE = (
    "^(?!0000)[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"  # but not 31 in each month
)
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def near_miss(word: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?`` where something known is near to `word`, else nothing."""
    spelt = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), spelt, n=1, cutoff=0.6)
    return f"; did you mean '{spelt[near[0]]}'?" if near else ""


def repeated(words: Iterable[str | None]) -> list[tuple[int, str]]:
    """Which of `words` stand further up already, with their index; None is not looked at."""
    seen: set[str] = set()
    twice = []
    for index, word in enumerate(words):
        if word is not None and word in seen:
            twice.append((index, word))
        elif word is not None:
            seen.add(word)
    return twice


class Strict(fields.Field[Any]):
    """A field that reads by `read` and shows by `show`, and describes itself for the contract."""

    def describe(self, **properties: Any) -> None:
        """Add properties of JSON Schema, where the declaration does not give them."""
        self.metadata = properties | dict(self.metadata)

    def read(self, value: Any) -> Any:
        """The value of what came in, which is not null. Raises ValidationError."""
        return value

    def show(self, value: Any) -> Any:
        """What goes out for a value that is not None."""
        return value

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        return self.read(value)

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else self.show(value)


class Text(Strict, fields.String):
    """Text that is not empty, up to `longest` characters, without control characters.

    Line breaks and tabs are taken only where there may be `paragraphs`.
    """

    def __init__(self, longest: int, *, paragraphs: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest = longest
        self.paragraphs = paragraphs
        self.controls = _CONTROLS_BUT_BREAKS if paragraphs else _CONTROLS
        self.describe(minLength=1, maxLength=longest, pattern=r"\S")

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError("Write a text.")
        if self.paragraphs:
            value = value.replace("\r\n", "\n")
        if not value.strip():
            raise ValidationError("Write a text, or leave the field out.")
        if len(value) > self.longest:
            raise ValidationError(f"At most {self.longest} characters; this has {len(value)}.")
        found = self.controls.search(value)
        if found is not None:
            raise ValidationError(
                "Write it in one line, without line breaks."
                if found[0] in "\n\r\t\u2028\u2029" and not self.paragraphs
                else f"Leave the control character U+{ord(found[0]):04X} out."
            )
        return str(value)


def line(**kwargs: Any) -> Text:
    """A text of one line: a name, a title."""
    return Text(500, **kwargs)


def prose(**kwargs: Any) -> Text:
    """A text of any number of paragraphs."""
    return Text(20_000, paragraphs=True, **kwargs)


class Pattern(Text):
    """Text of a given form; `advice` says which."""

    def __init__(self, longest: int, pattern: str, advice: str, **kwargs: Any) -> None:
        super().__init__(longest, **kwargs)
        self.pattern = re.compile(pattern)
        self.controls = re.compile("(?!)")  # what the pattern does not take, its advice speaks of
        self.advice = advice
        self.metadata = {**self.metadata, "pattern": f"^{pattern}$"}

    def read(self, value: Any) -> str:
        text = super().read(value)
        if not self.pattern.fullmatch(text):
            raise ValidationError(f"'{text[:80]}' is {self.advice}.")
        return text


class Slug(Pattern):
    """A name for addresses: small letters, digits, single hyphens between them."""

    def __init__(self, **kwargs: Any) -> None:
        advice = "no slug: write small letters, digits and single hyphens, like 'sanctions-relief'"
        super().__init__(80, SLUG.pattern, advice, **kwargs)


class Reference(Slug):
    """The slug of another record; `noun` says of what kind."""

    def __init__(self, noun: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.noun = noun
        self.describe(description=f"The slug of {'an' if noun[0] in 'aeiou' else 'a'} {noun}.")

    def show(self, value: Any) -> Any:
        return value.slug


class References(fields.List[Any]):
    """A set of slugs of records of one kind, given back in their order."""

    def __init__(self, noun: str, **kwargs: Any) -> None:
        super().__init__(Reference(noun), **kwargs)
        self.noun = noun
        self.metadata = {"uniqueItems": True} | dict(self.metadata)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        slugs = super()._deserialize(value, attr, data, **kwargs)
        twice = repeated(slugs)
        if twice:
            raise ValidationError(
                {index: [f"'{slug}' stands here twice; name it once."] for index, slug in twice}
            )
        return sorted(slugs)


class Plucked(fields.Pluck):
    """One field of a part stands for the whole part, also where something is wrong with it."""

    def _load(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super()._load(*args, **kwargs)
        except ValidationError as error:
            messages: Any = error.messages
            raise ValidationError(messages[self.field_name]) from None


class Date(Strict, fields.String):
    """An imprecise date: ``2019``, ``2019-04`` or ``2019-04-12``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.describe(
            pattern=_DATE,
            examples=["2019-04-12", "2019-04", "2019"],
        )

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError(
                'Write the date as a text, like "2019-04-12", "2019-04" or "2019".'
            )
        if not is_date(value):
            raise ValidationError(
                f"'{value[:80]}' is no date: write a day (2019-04-12), a month (2019-04) "
                "or a year (2019)."
            )
        return value


class Number(Strict, fields.Float):
    """A finite number, given back without a fraction where it has none."""

    def __init__(self, low: float | None = None, high: float | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.low, self.high = low, high
        if low is not None and high is not None:
            self.describe(minimum=low, maximum=high)

    def read(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError("Write a number, without quotation marks.")
        if self.low is not None and self.high is not None and not self.low <= value <= self.high:
            raise ValidationError(f"Give a number from {self.low:.15g} to {self.high:.15g}.")
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise ValidationError("Write a finite number, below 1.8e308.")
        return number

    def show(self, value: Any) -> Any:
        return int(value) if float(value).is_integer() and abs(value) < 2**53 else value


class Flag(Strict, fields.Boolean):
    """True or false, as such."""

    def read(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("Write true or false, without quotation marks.")
        return value


class Choice(Strict, fields.String):
    """One of the values of an enum."""

    def __init__(self, enum: type[StrEnum], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.enum = enum
        self.describe(enum=[member.value for member in enum] + [None] * self.allow_none)

    def read(self, value: Any) -> StrEnum:
        values = [member.value for member in self.enum]
        if not isinstance(value, str) or value not in values:
            near = near_miss(value, values) if isinstance(value, str) else ""
            raise ValidationError(f"Choose one of {', '.join(values)}{near or '.'}")
        return self.enum(value)

    def show(self, value: Any) -> Any:
        return str(value.value)


class Url(Text):
    """The address of a document on the web."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(2000, **kwargs)
        self.metadata = {**self.metadata, "format": "uri", "pattern": "^[hH][tT][tT][pP][sS]?://"}

    def read(self, value: Any) -> str:
        text = super().read(value)
        try:
            validate.URL(schemes={"http", "https"})(text)
        except (ValidationError, ValueError):
            raise ValidationError(
                "Write a whole address, beginning with http:// or https://."
            ) from None
        return text


class Identifier(Strict, fields.String):
    """The id of a record, which the service gives it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.describe(pattern=PATTERN, minLength=LENGTH, maxLength=LENGTH)

    def show(self, value: Any) -> Any:
        return format_id(value)


class Moment(Strict, fields.DateTime):
    """A moment in UTC, RFC 3339."""

    def show(self, value: Any) -> Any:
        moment: dt.datetime = value
        return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
