"""The schema of sources."""

from negotiations_api.schemas.base import RecordSchema
from negotiations_api.schemas.fields import Date, Pattern, Slug, Url, line


class SourceSchema(RecordSchema):
    """A document that a fact rests on."""

    slug = Slug(required=True, metadata={"examples": ["yonhap-2019-09-16"]})
    title = line(required=True)
    publisher = line(allow_none=True, load_default=None)
    author = line(allow_none=True, load_default=None)
    url = Url(allow_none=True, load_default=None)
    published_on = Date(allow_none=True, load_default=None)
    retrieved_on = Date(allow_none=True, load_default=None)
    language = Pattern(
        35,
        "[a-z]{2,3}(-[A-Za-z0-9]{2,8})*",
        "no language tag (BCP 47): write one like en, ko or zh-Hant",
        allow_none=True,
        load_default=None,
        metadata={"examples": ["en"]},
    )
