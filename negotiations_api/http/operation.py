"""An operation: a view with its whole contract, which the router and the OpenAPI file both read.

The contract is applied here and nowhere else: what the client accepts, the query parameters, the
body, the transaction, the conditional answer, the bytes. A view gets a `Call` and returns an
`Answer`; it flushes, and does not commit, catch or format.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from flask import Response, current_app, request
from sqlalchemy.orm import Session

from negotiations_api.database import Access, Database, written_lsn
from negotiations_api.database.rights import give_rights
from negotiations_api.http import consistency, idempotency
from negotiations_api.http.answering import DRY_RUN, PERMANENT, respond_to, stamp_revision
from negotiations_api.http.authorship import author
from negotiations_api.http.body import is_sent, parse_body, read_bytes
from negotiations_api.http.call import Answer, Call
from negotiations_api.http.caller import require
from negotiations_api.http.contract import QUESTIONS, Operation, Renderer
from negotiations_api.http.known import KNOWN
from negotiations_api.http.preconditions import check_headers
from negotiations_api.http.query import read_query
from negotiations_api.http.representations import JSON, negotiate
from negotiations_api.records.faults import Invalid
from negotiations_api.records.text import Tree

__all__ = [
    "DRY_RUN",
    "PERMANENT",
    "QUESTIONS",
    "Answer",
    "Call",
    "Operation",
    "OperationView",
    "Renderer",
    "operation",
]

View = Callable[..., Answer]


@dataclass(frozen=True, eq=False)
class OperationView:
    """A view of Flask's, with the contract that it keeps."""

    operation: Operation
    run: Callable[..., Response]

    @property
    def __name__(self) -> str:
        """What Flask calls its endpoint, unless it is told another name."""
        return self.run.__name__

    def __call__(self, **path: str) -> Response:
        """The answer to the request under way."""
        return self.run(**path)


def operation(contract: Operation) -> Callable[[View], OperationView]:
    """Make a view of Flask's from one of ours and its contract."""
    query_schema = contract.parameters()
    offered = tuple(contract.renderers)

    def decorate(view: View) -> OperationView:
        @wraps(view)
        def run(**path: str) -> Response:
            rights = require(contract.required)
            query = read_query(query_schema, offered)
            media = negotiate(offered) if offered else JSON
            check_headers(takes_match="stale" in contract.problems)
            raw, body = b"", Tree({} if contract.takes else None)
            if contract.takes and (contract.needs_body or is_sent()):
                raw = read_bytes(tuple(contract.takes), contract.largest)
                body = parse_body(raw, contract.takes)
            is_trial = query.pop("dry_run", False)
            known: dict[str, Any] = {name: query.pop(name) for name in KNOWN if name in query}
            key = idempotency.read_key(may_be=contract.takes_key(request.method))
            if is_trial:
                key = None  # nothing is done that could be done twice

            def respond(session: Session) -> Response:
                give_rights(session, rights)
                call = Call(session, query, body, media, known=known)
                try:
                    answer = view(call, **path)
                    response = respond_to(contract, answer, media, call)
                except Invalid as error:
                    raise error.in_text(body.line) from None
                finally:
                    call.close()
                stamp_revision(response, answer, call, is_trial=is_trial)
                return response

            database: Database = current_app.extensions["database"]
            if contract.access is Access.READ:
                since, wait_s = consistency.asked_lsn(), consistency.read_wait()
                return database.read(respond, since=since, wait_s=wait_s)
            by = author()

            def write() -> Response:
                access = contract.access
                with database.transaction(access, is_trial=is_trial, by=by) as session:
                    response = idempotency.keep(session, key, raw, media, respond)
                if token := written_lsn(session):
                    response.headers[consistency.HEADER] = token
                return response

            return idempotency.answer_once(database, key, raw, media, write)

        described = replace(contract, description=contract.description or view.__doc__ or "")
        return OperationView(described, run)

    return decorate
