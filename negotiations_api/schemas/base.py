"""What all schemas share."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, pre_load

from negotiations_api.compare.date import first_day, last_day
from negotiations_api.models.base import LONGEST_NAME
from negotiations_api.schemas.fields import (
    Identifier,
    Included,
    Moment,
    Text,
    near_miss,
    repeated,
)

_MOST_HINTS = 20
"""For so many unknown fields it is looked up which ones may have been meant."""


class StrictSchema(Schema):
    """A schema that names the near miss for a field it does not know."""

    class Meta:
        """Unknown fields are errors."""

        unknown = RAISE

    def handle_error(self, error: ValidationError, data: Any, *, many: bool, **kwargs: Any) -> None:
        """Say of each unknown field which one may have been meant."""
        if not isinstance(error.messages, dict) or not isinstance(data, Mapping):
            return
        names = {field.data_key or name: field for name, field in self.fields.items()}
        known = [name for name, field in names.items() if not field.dump_only]
        unknown = [name for name in data if name not in names and name in error.messages]
        for index, name in enumerate(unknown):
            near = "."
            if index < _MOST_HINTS:
                near = near_miss(str(name), known) or f"; the fields are: {', '.join(known)}."
            del error.messages[name]  # marshmallow's order differs from run to run
            error.messages[name] = [f"There is no field '{str(name)[:80]}' here{near}"]


class RecordSchema(StrictSchema):
    """The schema of a record: what it accepts, what it gives, what documents hold.

    The read-only fields may be sent back as they came and are not looked at, so that what was
    read can be edited and written.
    """

    id = Identifier(dump_only=True)
    created_at = Moment(dump_only=True)
    updated_at = Moment(dump_only=True)
    included = Included()

    key: ClassVar[tuple[str, ...]] = ("slug",)
    """The fields that tell one record from the next among its like."""

    implied: ClassVar[Mapping[str, Any]] = MappingProxyType({})
    """What a document need not say of a record: the values that its fields have unless said."""

    inseparable: ClassVar[tuple[str, ...]] = ()
    """Fields that need not be written, but without which what is read would be misread."""

    @pre_load
    def _leave_read_only(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        return {
            name: value
            for name, value in data.items()
            if name not in self.fields or not self.fields[name].dump_only
        }


class AttributedSchema(RecordSchema):
    """The schema of a record that tells who recorded it, and who has last changed it."""

    recorded_by = Text(
        LONGEST_NAME,
        dump_only=True,
        allow_none=True,
        metadata={
            "description": "Who recorded it; null where that is not known.",
            "examples": ["analyst"],
        },
    )
    changed_by = Text(
        LONGEST_NAME,
        dump_only=True,
        allow_none=True,
        metadata={
            "description": "Who has last changed it, or recorded it.",
            "examples": ["analyst"],
        },
    )


def refuse_twins(original: Any, field: str, name: str, detail: str) -> None:
    """Refuse the parts in `field` whose `name` another one further up has; `detail` takes it."""
    parts = original.get(field) if isinstance(original, Mapping) else None
    items = parts if isinstance(parts, list) else []
    words = [item.get(name) if isinstance(item, Mapping) else None for item in items]
    twice = repeated([word if isinstance(word, str) else None for word in words])
    if twice:
        faults = {index: {name: [detail.format(word[:80])]} for index, word in twice}
        raise ValidationError({field: faults})


def in_order(data: Mapping[str, Any], start: str, end: str) -> None:
    """Refuse an `end` before the `start`, both names of imprecise dates."""
    if data.get(start) and data.get(end) and last_day(data[end]) < first_day(data[start]):
        raise ValidationError(
            f"{data[end]} is before {start} {data[start]}: give {data[start]} or later.", end
        )
