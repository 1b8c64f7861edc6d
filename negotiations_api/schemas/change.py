"""The schemas of the history of the record, and of what brings an earlier state back."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from negotiations_api.models.base import LONGEST_NAME
from negotiations_api.models.change import LONGEST_REASON, LONGEST_REQUEST_ID, Action
from negotiations_api.models.identifier import PATTERN, parse_id
from negotiations_api.schemas.base import StrictSchema
from negotiations_api.schemas.fields import Choice, Identifier, Moment, Slug, Strict, Text

LARGEST_REVISION = 2**31 - 1


class RevisionNumber(Strict, fields.Integer):
    """A whole number, from 0 on."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.describe(minimum=0, maximum=LARGEST_REVISION)

    def read(self, value: Any) -> int:
        """The number. Raises ValidationError."""
        is_whole = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_whole or value != int(value) or not 0 <= value <= LARGEST_REVISION:
            raise ValidationError("Write a whole number from 0 on, without quotation marks.")
        return int(value)


class ChangeIdentifier(Identifier):
    """The id of a change, as it is sent."""

    def read(self, value: Any) -> int:
        """The id as a number. Raises ValidationError."""
        identifier = parse_id(value) if isinstance(value, str) else None
        if identifier is None or value != value.upper():
            raise ValidationError("Write the id of a change, as its history shows it.")
        return identifier


def _state(description: str) -> fields.Dict:
    return fields.Dict(required=True, allow_none=True, metadata={"description": description})


class ChangeSchema(Schema):
    """A change of the record: of one record or, imported, of any number of new ones."""

    id = Identifier(required=True)
    revision = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Of the negotiation; null in the history of what none owns."},
    )
    at = Moment(required=True)
    action = Choice(Action, required=True)
    noun = Text(20, required=True, metadata={"description": "What kind of record it is."})
    key = Text(
        80,
        required=True,
        allow_none=True,
        metadata={"description": "What stands for it in addresses; null: many were imported."},
    )
    record = Identifier(required=True, allow_none=True, attribute="record_id")
    negotiation = Slug(
        required=True,
        allow_none=True,
        metadata={"description": "The negotiation that owns it; null: negotiations share it."},
    )
    by = Text(
        LONGEST_NAME,
        required=True,
        allow_none=True,
        attribute="who",
        metadata={"description": "Who has made it; null where that is not known."},
    )
    request_id = Text(LONGEST_REQUEST_ID, required=True, allow_none=True)
    reason = Text(
        LONGEST_REASON,
        required=True,
        allow_none=True,
        metadata={"description": "What the request said in Change-Reason."},
    )
    changed = fields.List(
        fields.String(metadata={"maxLength": 80, "pattern": "^[a-z_0-9]+$"}),
        required=True,
        metadata={"description": "The fields that say something else than before."},
    )
    before = _state("What the record was; null where it was not there.")
    after = _state(
        "What it is then; null where it is gone. Of an import: how many records it created, the "
        "ids of the first and the last, which stand in a row, and what stands for the file."
    )


class HistorySchema(Schema):
    """A page of a history."""

    items = fields.List(fields.Nested(ChangeSchema), required=True)
    next = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "The address of the next page; null on the last.",
            "format": "uri-reference",
        },
    )


class FeedSchema(Schema):
    """What has changed in a negotiation since a revision."""

    negotiation = Slug(required=True)
    revision = fields.Integer(
        required=True, metadata={"description": "The revision of the negotiation by now."}
    )
    items = fields.List(fields.Nested(ChangeSchema), required=True)
    next = fields.String(
        required=True,
        metadata={
            "description": "Where to go on, now or later.",
            "format": "uri-reference",
        },
    )


class RestoreSchema(StrictSchema):
    """Which state is to be brought back; without either, the one before the last change."""

    revision = RevisionNumber(
        metadata={
            "description": "As it was at that revision of the negotiation.",
            "examples": [3],
        }
    )
    change = ChangeIdentifier(
        metadata={
            "description": "As it was after that change; of one that deleted it, before.",
            "pattern": PATTERN,
        }
    )

    @validates_schema(skip_on_field_errors=False)
    def _one_of_them(self, given: dict[str, Any], **_: Any) -> None:
        if "revision" in given and "change" in given:
            raise ValidationError("Give either revision or change.", "change")
