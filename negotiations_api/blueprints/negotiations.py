"""The endpoints of negotiations."""

from negotiations_api.http.crud import make_blueprint
from negotiations_api.http.resource import Resource
from negotiations_api.models.negotiation import Negotiation
from negotiations_api.schemas.negotiation import NegotiationSchema

blueprint = make_blueprint(
    Resource(
        model=Negotiation,
        schema=NegotiationSchema,
        filters=("status", "starts_on", "ends_on"),
        sorts=("slug", "title"),
    )
)
