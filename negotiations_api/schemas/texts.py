"""Fields of text: lines, prose, slugs, references, addresses on the web."""

import re
from typing import Any

from marshmallow import ValidationError, fields, validate

from negotiations_api.schemas.strict import Strict, one

_CONTROLS_BUT_BREAKS = r"\u0000-\u0008\u000b-\u001f\u007f-\u009f"
_CONTROLS = r"\u0000-\u001f\u007f-\u009f\u2028\u2029"
_BLANK = re.compile(r"[\s\ufeff]*")
"""No text: what `\\s` takes in a pattern of JSON Schema (ECMA-262), where U+FEFF is a space."""
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Text(Strict, fields.String):
    """Text that is not empty, up to `longest` characters, without control characters.

    Line breaks and tabs are taken only where there may be `paragraphs`.
    """

    def __init__(self, longest: int, *, paragraphs: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest = longest
        self.paragraphs = paragraphs
        controls = _CONTROLS_BUT_BREAKS if paragraphs else _CONTROLS
        self.controls = re.compile(f"[{controls}]")
        any_of_it = rf"([^{controls}]|\r\n)*" if paragraphs else f"[^{controls}]*"
        self.describe(
            minLength=1, maxLength=longest, pattern=rf"^{any_of_it}[^{controls}\s]{any_of_it}$"
        )

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError("Write a text.")
        if len(value) > self.longest:  # as it was sent, which is what maxLength is about
            raise ValidationError(f"At most {self.longest} characters; this has {len(value)}.")
        if self.paragraphs:
            value = value.replace("\r\n", "\n")
        if _BLANK.fullmatch(value):
            raise ValidationError("Write a text, or leave the field out.")
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
        self.describe(description=f"The slug of {one(noun)}.")

    def show(self, value: Any) -> Any:
        return value.slug


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
