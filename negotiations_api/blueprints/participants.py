"""The endpoints of participants."""

from negotiations_api.http.crud import make_blueprint
from negotiations_api.http.resource import Resource
from negotiations_api.models.participant import Participant
from negotiations_api.schemas.participant import ParticipantSchema

blueprint = make_blueprint(
    Resource(
        model=Participant,
        schema=ParticipantSchema,
        filters=("party", "role", "supports", "weight"),
        sorts=("party", "role"),
    )
)
