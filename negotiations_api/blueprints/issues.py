"""The endpoints of issues."""

from negotiations_api.http.crud import make_blueprint
from negotiations_api.http.resource import Resource
from negotiations_api.models.issue import Issue
from negotiations_api.schemas.issue import IssueSchema

blueprint = make_blueprint(
    Resource(
        model=Issue,
        schema=IssueSchema,
        sorts=("slug", "title"),
    )
)
