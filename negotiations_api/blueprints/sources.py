"""The endpoints of sources."""

from negotiations_api.http.crud import make_blueprint
from negotiations_api.http.resource import Resource
from negotiations_api.models.source import Source
from negotiations_api.schemas.source import SourceSchema

blueprint = make_blueprint(
    Resource(
        model=Source,
        schema=SourceSchema,
        filters=("publisher", "author", "url", "language", "published_on", "retrieved_on"),
        sorts=("slug", "title"),
    )
)
