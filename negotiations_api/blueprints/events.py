"""The endpoints of events."""

from negotiations_api.http.crud import make_blueprint
from negotiations_api.http.resource import Resource
from negotiations_api.models.event import Event
from negotiations_api.schemas.event import EventSchema

blueprint = make_blueprint(
    Resource(
        model=Event,
        schema=EventSchema,
        filters=("kind", "parties", "issues", "date", "until"),
        sorts=("date", "slug"),
    )
)
