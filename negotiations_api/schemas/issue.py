"""The schema of issues."""

from negotiations_api.schemas.base import RecordSchema
from negotiations_api.schemas.fields import Slug, line, prose


class IssueSchema(RecordSchema):
    """A subject under negotiation."""

    slug = Slug(required=True, metadata={"examples": ["sanctions-relief"]})
    title = line(required=True, metadata={"examples": ["Sanctions relief"]})
    summary = prose(allow_none=True, load_default=None)
