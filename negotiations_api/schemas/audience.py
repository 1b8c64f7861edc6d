"""The schema of audiences."""

from negotiations_api.models.base import LONGEST_NAME
from negotiations_api.schemas.base import RecordSchema, StrictSchema
from negotiations_api.schemas.fields import Plucked, Reference, Several, Slug, Text, line


class AudienceMemberSchema(StrictSchema):
    """A member of an audience."""

    name = Text(LONGEST_NAME, required=True)


class AudienceSchema(RecordSchema):
    """A group of callers to whom records may be limited, such as the team of a party."""

    slug = Slug(required=True, metadata={"examples": ["prk-team"]})
    title = line(required=True, metadata={"examples": ["The team of North Korea"]})
    members = Several(
        Plucked(AudienceMemberSchema, "name"),
        load_default=list,
        metadata={"description": "The names of the tokens that see what is limited to it."},
    )


def limited_to() -> Reference:
    """The audience of a record that may be limited to one.

    Without a default: whoever writes the rest anew does not thereby open what was closed.
    """
    return Reference(
        "audience",
        allow_none=True,
        metadata={
            "description": "The audience to which it is limited; null: all see it. "
            "Left out: as it is, and null of a new one."
        },
    )
