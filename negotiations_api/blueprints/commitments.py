"""The endpoints of commitments."""

from negotiations_api.http.crud import make_blueprint
from negotiations_api.http.resource import Resource
from negotiations_api.models.commitment import Commitment
from negotiations_api.schemas.commitment import CommitmentSchema

blueprint = make_blueprint(
    Resource(
        model=Commitment,
        schema=CommitmentSchema,
        filters=(
            "party",
            "demand",
            "meeting",
            "status",
            "delivers",
            "date",
            "deadline",
            "status_since",
            "recorded_by",
            "changed_by",
        ),
        sorts=("date", "slug"),
    )
)
