"""The schema of positions and their conditions."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from negotiations_api.compare.position import ConditionKind, Stance
from negotiations_api.schemas.audience import limited_to
from negotiations_api.schemas.base import AttributedSchema, StrictSchema, in_order
from negotiations_api.schemas.citation import citations
from negotiations_api.schemas.fields import (
    Choice,
    Date,
    Number,
    Reference,
    References,
    Several,
    prose,
)


class ConditionSchema(StrictSchema):
    """What a conditional position waits for: any one of the demands, and/or a text."""

    kind = Choice(ConditionKind, required=True)
    demands = References(
        "demand",
        load_default=list,
        metadata={"description": "Slugs of demands; any one of them satisfies the condition."},
    )
    text = prose(allow_none=True, load_default=None)

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _says_something(self, data: Any, original: Any, **_: Any) -> None:
        if not isinstance(original, Mapping):
            return
        if not original.get("demands") and not original.get("text"):
            raise ValidationError(
                "A condition waits for something: name one or more demands, or write a text.",
                "demands",
            )


class PositionSchema(AttributedSchema):
    """Where one party stands on one demand from a date on."""

    key = ("party", "demand", "date")
    inseparable = ("conditions",)

    party = Reference(
        "participant",
        attribute="participant",
        required=True,
        metadata={"description": "The slug of a participant."},
    )
    demand = Reference("demand", required=True)
    date = Date(required=True, metadata={"description": "From when on it holds."})
    until = Date(
        allow_none=True,
        load_default=None,
        metadata={"description": "The last date on which it holds, if no other one supersedes it."},
    )
    ends_on = fields.String(
        dump_only=True,
        attribute="last_day",
        allow_none=True,
        metadata={
            "description": "The last day on which it holds, from its successor and its until; "
            "null while there is no end.",
            "format": "date",
            "maxLength": 10,
        },
    )
    stance = Choice(Stance, required=True)
    conditions = Several(fields.Nested(ConditionSchema), load_default=list)
    value = Number(allow_none=True, load_default=None)
    reservation_value = Number(
        allow_none=True,
        load_default=None,
        metadata={"description": "The furthest that it would go on the demand's scale."},
    )
    salience = Number(0, 100, allow_none=True, load_default=None)
    confidence = Number(0, 100, allow_none=True, load_default=None)
    deadline = Date(allow_none=True, load_default=None)
    summary = prose(allow_none=True, load_default=None)
    meeting = Reference("meeting", allow_none=True, load_default=None)
    citations = citations()
    audience = limited_to()

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _conditions_fit_the_stance(self, data: Any, original: Any, **_: Any) -> None:
        if not isinstance(original, Mapping):
            return
        stance, conditions = data.get("stance"), original.get("conditions")
        if stance is Stance.CONDITIONAL and not conditions:
            raise ValidationError(
                "A conditional position names at least one condition, like "
                '{"kind": "precondition", "demands": ["cvid"]}.',
                "conditions",
            )
        if stance is not None and stance is not Stance.CONDITIONAL and conditions:
            raise ValidationError(
                f"Only a conditional position has conditions: leave them out of the stance "
                f"'{stance}', or make it 'conditional'.",
                "conditions",
            )

    @validates_schema(skip_on_field_errors=False)
    def _dates(self, data: dict[str, Any], **_: Any) -> None:
        in_order(data, "date", "until")
