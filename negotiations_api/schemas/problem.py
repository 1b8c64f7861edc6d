"""The schema of problem documents (RFC 9457)."""

from typing import Any

from marshmallow import Schema, fields

from negotiations_api.schemas.fields import Pattern, line

TYPE = "^/problems/[a-z]+(-[a-z]+)*$"


def _said(description: str, **kwargs: Any) -> fields.String:
    """A sentence for the reader, which may quote what was sent."""
    return fields.String(metadata={"description": description, "pattern": r"\S"}, **kwargs)


class ProblemErrorSchema(Schema):
    """One thing that is wrong: in the body (pointer) or in the query (parameter)."""

    pointer = fields.String(
        metadata={
            "description": "A JSON Pointer (RFC 6901) into the body.",
            "format": "json-pointer",
        }
    )
    parameter = fields.String(
        metadata={
            "description": "The name of a query parameter, as it was sent.",
            "pattern": r"^[\s\S]*$",
        }
    )
    line = fields.Integer(
        metadata={"description": "The line of a body in YAML, CSV or NDJSON, from 1."}
    )
    detail = _said("What is wrong, and what would be right.", required=True)


class ProblemOtherSchema(Schema):
    """A record that is in the way."""

    noun = Pattern(20, "[a-z]+", "no noun", required=True)
    href = fields.String(required=True, metadata={"format": "uri-reference"})


class ProblemSchema(Schema):
    """What went wrong, and what to do."""

    type = fields.String(
        required=True,
        metadata={
            "description": "Stands for the type of problem; its page says what to do.",
            "format": "uri-reference",
            "pattern": TYPE,
            "maxLength": 80,
        },
    )
    title = line(required=True)
    status = fields.Integer(
        required=True, metadata={"format": "int32", "minimum": 400, "maximum": 599}
    )
    detail = _said("What is wrong here, and what would be right.", required=True)
    errors = fields.List(fields.Nested(ProblemErrorSchema))
    others = fields.List(fields.Nested(ProblemOtherSchema))
