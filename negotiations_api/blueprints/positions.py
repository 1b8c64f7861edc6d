"""The endpoints of positions."""

from negotiations_api.http.crud import make_blueprint
from negotiations_api.http.resource import Resource
from negotiations_api.models.position import Position
from negotiations_api.schemas.position import PositionSchema

blueprint = make_blueprint(
    Resource(
        model=Position,
        schema=PositionSchema,
        filters=(
            "party",
            "demand",
            "stance",
            "meeting",
            "date",
            "until",
            "deadline",
            "value",
            "reservation_value",
            "salience",
            "confidence",
            "recorded_by",
            "changed_by",
            "audience",
        ),
        sorts=("date",),
        takes_many=True,
    )
)
