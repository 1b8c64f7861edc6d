"""The contract of an operation, which the router and the OpenAPI file both read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from marshmallow import Schema

from negotiations_api.database import Access
from negotiations_api.http.body import LARGEST
from negotiations_api.http.known import KnownQuery
from negotiations_api.http.query import DryRunQuery
from negotiations_api.http.representations import JSON, json_bytes
from negotiations_api.models.token import Scope
from negotiations_api.schemas.base import StrictSchema

Renderer = Callable[[Any], bytes]

QUESTIONS = "questions"
"""The tag of the operations that answer questions."""


@dataclass(frozen=True, slots=True)
class Operation:
    """The contract of a view.

    `largest` bounds the body in bytes; `problems` are the kinds that the view itself may raise,
    beyond those that come with its parameters, its body or its method. `also` are other statuses of
    success, each with the schema of its answer. `scope` is what a token needs, if it is not what
    reading or writing takes; what `is_open` says nothing of the record, and takes no token.
    Unless it `needs_body`, none is the same as an empty object.
    An answer that `is_secret` is kept nowhere, so that it cannot be given twice. What `has_past`
    can be asked as the record stood, since it is of one negotiation.
    """

    name: str
    summary: str
    tag: str
    description: str = ""
    schema: type[Schema] | Schema | None = None
    status: int = 200
    also: Mapping[int, type[Schema]] = field(default_factory=dict)
    renderers: Mapping[str, Renderer] = field(default_factory=lambda: {JSON: json_bytes})
    query: type[Schema] = StrictSchema
    takes: Mapping[str, type[Schema]] = field(default_factory=dict)
    needs_body: bool = True
    largest: int = LARGEST
    access: Access = Access.READ
    problems: tuple[str, ...] = ()
    creates: bool = False
    has_etag: bool = True
    scope: Scope | None = None
    is_open: bool = False
    is_secret: bool = False
    has_past: bool = False

    @property
    def required(self) -> Scope | None:
        """What it takes to be answered; None for nothing."""
        if self.is_open:
            return None
        return self.scope or (Scope.READ if self.access is Access.READ else Scope.WRITE)

    @property
    def varies_by(self) -> str:
        """The headers of a request that its answer depends on; empty for none."""
        accept = ["Accept"] if len(self.renderers) > 1 else []
        token = (
            ["Authorization"] if self.required is not None and self.access is Access.READ else []
        )
        return ", ".join([*accept, *token])

    def takes_key(self, method: str) -> bool:
        """Whether a request by `method` may have an Idempotency-Key."""
        return method == "POST" and not self.is_secret

    @property
    def parameters(self) -> type[Schema]:
        """The schema of the query parameters; what writes can be tried out."""
        if self.has_past:
            return _with_past(self.query)
        if self.access is Access.READ:
            return self.query
        return DryRunQuery if self.query is StrictSchema else self.query


@cache
def _with_past(query: type[Schema]) -> type[Schema]:
    """The parameters of `query`, and which state of the record is asked."""
    return type(query.__name__, (KnownQuery, query), {})
