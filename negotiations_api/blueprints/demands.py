"""The endpoints of demands."""

from negotiations_api.http.crud import make_blueprint
from negotiations_api.http.resource import Resource
from negotiations_api.models.demand import Demand
from negotiations_api.schemas.demand import DemandSchema

blueprint = make_blueprint(
    Resource(
        model=Demand,
        schema=DemandSchema,
        filters=("issue", "addressed_to", "part_of", "deadline", "audience"),
        sorts=("slug", "title"),
        takes_many=True,
    )
)
