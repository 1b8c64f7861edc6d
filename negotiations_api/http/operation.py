"""An operation: a view with its whole contract, which the router and the OpenAPI file both read.

The contract is applied here and nowhere else: what the client accepts, the query parameters, the
body, the transaction, the conditional answer, the bytes. A view gets a `Call` and returns an
`Answer`; it flushes, and does not commit, catch or format.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any

from flask import Response, current_app, request
from marshmallow import Schema
from sqlalchemy.orm import Session

from negotiations_api.database import Access, Database, revisions
from negotiations_api.http.body import LARGEST, read_body
from negotiations_api.http.preconditions import is_fresh
from negotiations_api.http.query import read_query
from negotiations_api.http.representations import JSON, content_type, json_bytes, negotiate
from negotiations_api.models import Negotiation
from negotiations_api.records.faults import Invalid
from negotiations_api.records.find import find
from negotiations_api.records.text import Tree
from negotiations_api.schemas.base import StrictSchema

Renderer = Callable[[Any], bytes]

QUESTIONS = "questions"
"""The tag of the operations that answer questions."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a view returns.

    `body` may be a function, which computes it if it is wanted at all. `headers_of` makes headers
    of the computed body. `etag_at` makes the ETag of the revision that the call has committed.
    """

    body: Any = None
    status: int = 200
    etag: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    headers_of: Callable[[Any], Mapping[str, str]] | None = None
    etag_at: Callable[[int], str] | None = None


@dataclass(slots=True)
class Call:
    """What a view gets: the session, the query, the body, and the media type of its answer."""

    session: Session
    query: dict[str, Any]
    body: Tree
    media: str
    negotiation: Negotiation | None = None

    def open(self, slug: str) -> Negotiation:
        """The negotiation of the address, locked if the call writes. Raises Missing."""
        writes = request.method not in {"GET", "HEAD"}
        self.negotiation = find(self.session, Negotiation, slug, lock=writes)
        return self.negotiation


View = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Operation:
    """The contract of a view."""

    name: str
    summary: str
    tag: str
    description: str = ""
    schema: type[Schema] | Schema | None = None
    status: int = 200
    renderers: Mapping[str, Renderer] = field(default_factory=lambda: {JSON: json_bytes})
    query: type[Schema] = StrictSchema
    takes: Mapping[str, type[Schema]] = field(default_factory=dict)
    largest: int = LARGEST
    access: Access = Access.READ
    problems: tuple[str, ...] = ()
    creates: bool = False
    has_etag: bool = True


def operation(contract: Operation) -> Callable[[View], Callable[..., Response]]:
    """Make a view of Flask's from one of ours and its contract."""
    query_schema = contract.query()
    offered = tuple(contract.renderers)

    def decorate(view: View) -> Callable[..., Response]:
        @wraps(view)
        def run(**path: str) -> Response:
            media = negotiate(offered) if offered else JSON
            query = read_query(query_schema)
            body = (
                read_body(tuple(contract.takes), contract.largest) if contract.takes else Tree(None)
            )
            database: Database = current_app.extensions["database"]
            with database.transaction(contract.access) as session:
                call = Call(session, query, body, media)
                try:
                    answer = view(call, **path)
                except Invalid as error:
                    raise error.in_text(body.line) from None
                response = _respond(contract, answer, media)
            revision = _add_revision(response, call)
            if answer.etag_at is not None and revision is not None:
                response.set_etag(answer.etag_at(revision))
            return response

        described = replace(contract, description=contract.description or (view.__doc__ or ""))
        run.operation = described  # type: ignore[attr-defined]  # read by http/openapi.py
        return run

    return decorate


def _respond(contract: Operation, answer: Answer, media: str) -> Response:
    reads = request.method in {"GET", "HEAD"}
    if reads and answer.etag is not None and is_fresh(answer.etag):
        if request.if_none_match.star_tag and callable(answer.body):
            answer.body()  # whatever is there is fresh, but only if there is an answer at all
        response = Response(status=304)
    elif answer.status == 204:
        response = Response(status=204)
    else:
        value = answer.body() if callable(answer.body) else answer.body
        response = Response(
            contract.renderers[media](value),
            status=answer.status,
            content_type=content_type(media),
        )
        if answer.headers_of is not None:
            response.headers.update(answer.headers_of(value))
    if answer.etag is not None:
        response.set_etag(answer.etag)
    response.headers.update(answer.headers)
    response.headers["Cache-Control"] = "no-cache" if reads else "no-store"
    if len(contract.renderers) > 1:
        response.headers["Vary"] = "Accept"
    return response


def _add_revision(response: Response, call: Call) -> int | None:
    """Say at which revision of its negotiation the answer was computed, or which it made."""
    if call.negotiation is None:
        return None
    revision = revisions(call.session).get(call.negotiation.id, call.negotiation.revision)
    response.headers["Negotiation-Revision"] = str(revision)
    return revision
