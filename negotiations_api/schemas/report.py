"""The schema of what a load did."""

from marshmallow import Schema, fields


def _counts(description: str) -> fields.Dict:
    return fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": description},
    )


class ReportSchema(Schema):
    """How many records of each section of a document were created, changed and so on."""

    created = _counts("Records that were not there.")
    changed = _counts("Records that say something else now.")
    unchanged = _counts("Records that were there already, as they are in the document.")
    deleted = _counts("Records that the document does not have.")
