"""The endpoints of meetings."""

from negotiations_api.http.crud import make_blueprint
from negotiations_api.http.resource import Resource
from negotiations_api.models.meeting import Meeting
from negotiations_api.schemas.meeting import MeetingSchema

blueprint = make_blueprint(
    Resource(
        model=Meeting,
        schema=MeetingSchema,
        filters=("level", "outcome", "host", "starts_on", "ends_on", "agenda"),
        sorts=("starts_on", "slug", "title"),
    )
)
