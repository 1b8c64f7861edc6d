"""A negotiation as one document, and the JSON Schema of such documents."""

from typing import Any

from flask import Blueprint, request

from negotiations_api.database import Access
from negotiations_api.database.rights import check_may_make, rights_of
from negotiations_api.database.sight import check_sees_all
from negotiations_api.http.body import LARGEST_DOCUMENT
from negotiations_api.http.json_schema import document_schema
from negotiations_api.http.operation import Answer, Call, Operation, operation
from negotiations_api.http.preconditions import refuse_match, require_match, revision_etag
from negotiations_api.http.representations import JSON, SCHEMA_JSON, TEXT, YAML, json_bytes
from negotiations_api.records.document import dump_document
from negotiations_api.records.faults import Fault, Invalid, Missing
from negotiations_api.records.loading import load_document
from negotiations_api.records.strict_yaml import write_yaml
from negotiations_api.schemas.document import DocumentSchema
from negotiations_api.schemas.report import ReportSchema

blueprint = Blueprint("documents", __name__)


@blueprint.get("/v1/negotiations/<negotiation>/document")
@operation(
    Operation(
        name="read_document",
        summary="The whole negotiation as one document",
        tag="documents",
        schema=DocumentSchema,
        renderers={JSON: json_bytes, YAML: write_yaml, TEXT: write_yaml},
        problems=("not-found",),
        has_past=True,
    )
)
def read_document(call: Call, negotiation: str) -> Answer:
    """All that the negotiation owns, and the parties, issues and sources that it uses."""
    opened = call.open(negotiation)
    return Answer(
        lambda: dump_document(call.session, opened), etag=revision_etag(opened, call.media)
    )


@blueprint.put("/v1/negotiations/<negotiation>/document")
@operation(
    Operation(
        name="replace_document",
        summary="Make the negotiation what a document says, whole or not at all",
        tag="documents",
        schema=ReportSchema,
        takes={JSON: DocumentSchema, YAML: DocumentSchema},
        largest=LARGEST_DOCUMENT,
        access=Access.CATALOGUE,
        creates=True,
        problems=("conflict", "stale", "precondition-required"),
    )
)
def replace_document(call: Call, negotiation: str) -> Answer:
    """Create the negotiation, or replace it with all that it owns."""
    _name(call.body.value, negotiation)
    try:
        opened = call.open(negotiation)
    except Missing:
        check_may_make(rights_of(call.session))
        refuse_match()
        status = 201
    else:
        status = 200
        check_sees_all(call.session, opened.id, "Replacing a document")
        now = call.counted(opened)
        tags = {revision_etag(opened, media, revision=now) for media in (JSON, YAML, TEXT)}
        require_match(revision_etag(opened, JSON, revision=now), is_current=tags.__contains__)
    loaded, report = load_document(call.session, call.body.value, prune=True)
    call.negotiation = loaded
    headers = {"Location": request.path} if status == 201 else {}
    return Answer(
        ReportSchema().dump(report),
        status,
        headers=headers,
        etag_at=lambda at: revision_etag(loaded, JSON, revision=call.counted(loaded, at)),
    )


def _name(payload: Any, slug: str) -> None:
    """Give the document the slug of the address if it has none; refuse another one."""
    talks = payload.get("negotiation") if isinstance(payload, dict) else None
    if isinstance(talks, dict) and talks.setdefault("slug", slug) != slug:
        raise Invalid([Fault("/negotiation/slug", f"The address says '{slug}': write the same.")])


@blueprint.get("/v1/schemas/document")
@operation(
    Operation(
        name="document_schema",
        summary="The JSON Schema of a negotiation as one document",
        tag="documents",
        renderers={SCHEMA_JSON: json_bytes},
        has_etag=False,
        is_open=True,
    )
)
def show_document_schema(call: Call) -> Answer:
    """The schema, generated from the same marshmallow schemas that read a document."""
    return Answer(document_schema())
