"""The schema of parties."""

from typing import Any

from marshmallow import fields, validates_schema

from negotiations_api.models.party import PartyKind
from negotiations_api.schemas.base import RecordSchema, StrictSchema, in_order, refuse_twins
from negotiations_api.schemas.fields import (
    Choice,
    Date,
    Pattern,
    Plucked,
    Reference,
    Several,
    Slug,
    line,
)


class PartyNameSchema(StrictSchema):
    """Another name of a party."""

    name = line(required=True)


class IdentifierSchema(StrictSchema):
    """An identifier in a scheme."""

    scheme = Slug(required=True, metadata={"examples": ["cow"]})
    value = line(required=True, metadata={"examples": ["731"]})


class MembershipSchema(StrictSchema):
    """A party's time in a bloc or organisation."""

    party = Reference("party", required=True)
    since = Date(allow_none=True, load_default=None)
    until = Date(allow_none=True, load_default=None)

    @validates_schema(skip_on_field_errors=False)
    def _dates(self, data: dict[str, Any], **_: Any) -> None:
        in_order(data, "since", "until")


class PartySchema(RecordSchema):
    """Whoever can hold a position."""

    slug = Slug(required=True, metadata={"examples": ["prk"]})
    name = line(required=True, metadata={"examples": ["North Korea"]})
    kind = Choice(PartyKind, required=True)
    iso_3166 = Pattern(
        8,
        "[A-Z]{2,4}(-[A-Z0-9]{1,3})?",
        "no ISO 3166 code: write one like KP, PRK or GB-SCT",
        allow_none=True,
        load_default=None,
        metadata={"description": "The ISO 3166 code.", "examples": ["PRK"]},
    )
    other_names = Several(Plucked(PartyNameSchema, "name"), load_default=list)
    identifiers = Several(fields.Nested(IdentifierSchema), load_default=list)
    member_of = Several(fields.Nested(MembershipSchema), load_default=list)

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _one_identifier_a_scheme(self, data: Any, original: Any, **_: Any) -> None:
        refuse_twins(original, "identifiers", "scheme", "'{}' stands here twice.")
