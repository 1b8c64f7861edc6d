"""The endpoints of accounts."""

from negotiations_api.http.crud import make_blueprint
from negotiations_api.http.resource import Resource
from negotiations_api.models.account import Account
from negotiations_api.schemas.account import AccountSchema

blueprint = make_blueprint(
    Resource(
        model=Account,
        schema=AccountSchema,
        filters=(
            "meeting",
            "party",
            "outcome",
            "date",
            "speaker",
            "recorded_by",
            "changed_by",
            "audience",
        ),
        sorts=("date", "slug"),
    )
)
