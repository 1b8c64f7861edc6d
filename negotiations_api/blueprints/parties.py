"""The endpoints of parties."""

from negotiations_api.http.crud import make_blueprint
from negotiations_api.http.resource import Resource
from negotiations_api.models.party import Party
from negotiations_api.schemas.party import PartySchema

blueprint = make_blueprint(
    Resource(
        model=Party,
        schema=PartySchema,
        filters=("name", "kind", "iso_3166"),
        sorts=("slug", "name"),
    )
)
