"""The schema of what many new records are answered with."""

from marshmallow import Schema, fields


class BulkSchema(Schema):
    """How many records were created, and what each of them is called in addresses."""

    created = fields.Integer(required=True)
    keys = fields.List(
        fields.String(metadata={"maxLength": 80, "pattern": "^[0-9A-Za-z-]+$"}),
        required=True,
        metadata={"description": "Slugs, or the ids of positions, in the order of the rows."},
    )
