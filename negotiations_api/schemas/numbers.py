"""Fields of numbers, and of true and false."""

import math
from typing import Any

from marshmallow import ValidationError, fields

from negotiations_api.schemas.strict import Strict


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
