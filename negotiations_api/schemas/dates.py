"""Fields of dates and moments."""

import datetime as dt
from typing import Any

from marshmallow import ValidationError, fields

from negotiations_api.compare.date import is_date
from negotiations_api.schemas.strict import Strict

_YEAR = "(?!0000)[0-9]{4}"
_LEAP_YEAR = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)"
_DAYS = (
    "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
    "|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|1[0-9]|2[0-8])"
)
DATE = f"({_YEAR}(-(0[1-9]|1[0-2]|{_DAYS}))?|{_LEAP_YEAR}-02-29)"
"""What a date of the record matches, and nothing that is not in the calendar."""


class Date(Strict, fields.String):
    """An imprecise date: ``2019``, ``2019-04`` or ``2019-04-12``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.describe(
            minLength=4,
            maxLength=10,
            pattern=f"^{DATE}$",
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


class Moment(Strict, fields.DateTime):
    """A moment in UTC, RFC 3339."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.describe(maxLength=24)

    def show(self, value: Any) -> Any:
        moment: dt.datetime = value
        return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
