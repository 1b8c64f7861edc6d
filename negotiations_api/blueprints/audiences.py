"""The endpoints of audiences."""

from negotiations_api.http.crud import make_blueprint
from negotiations_api.http.resource import Resource
from negotiations_api.models.audience import Audience
from negotiations_api.schemas.audience import AudienceSchema

blueprint = make_blueprint(Resource(model=Audience, schema=AudienceSchema))
