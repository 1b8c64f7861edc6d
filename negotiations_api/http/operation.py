"""An operation: a view with its whole contract, which the router and the OpenAPI file both read.

The contract is applied here and nowhere else: what the client accepts, the query parameters, the
body, the transaction, the conditional answer, the bytes. A view gets a `Call` and returns an
`Answer`; it flushes, and does not commit, catch or format.
"""

from collections.abc import Callable, Hashable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import cache, wraps
from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, current_app, request
from marshmallow import Schema
from sqlalchemy.orm import Session

from negotiations_api.database import Access, Database, revisions, settle, written_at
from negotiations_api.database.rights import check_may_write, give_rights, rights_of
from negotiations_api.http import consistency, idempotency, ready
from negotiations_api.http.authorship import author
from negotiations_api.http.body import LARGEST, parse_body, read_bytes
from negotiations_api.http.caches import answers
from negotiations_api.http.caller import caller, require
from negotiations_api.http.pasts import KNOWN, KnownQuery, asked_revision, open_past
from negotiations_api.http.preconditions import check_headers, content_etag, is_fresh
from negotiations_api.http.query import DryRunQuery, read_query
from negotiations_api.http.ready import RestsOn
from negotiations_api.http.representations import (
    JSON,
    content_type,
    disposition,
    json_bytes,
    negotiate,
)
from negotiations_api.http.streams import Stream, send
from negotiations_api.models import Negotiation
from negotiations_api.models.token import Scope
from negotiations_api.records.faults import Invalid
from negotiations_api.records.find import find
from negotiations_api.records.text import Tree
from negotiations_api.schemas.base import StrictSchema

Renderer = Callable[[Any], bytes]

QUESTIONS = "questions"
"""The tag of the operations that answer questions."""

DRY_RUN = "Dry-Run"

PERMANENT = "max-age=31536000, immutable"
"""How long an answer of a revision may be kept: it is the same for ever."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a view returns.

    `body` may be a function, which computes it if it is wanted at all. `headers_of` makes headers
    of the computed body. `etag_at` makes the ETag of the revision that the call has committed. An
    answer without an ETag gets that of its bytes. `key` stands for all that its bytes depend on:
    they are kept by it, and not computed again. `rests_on` is for an answer that follows from
    nothing else and the request. `day` is today if the answer changes with the calendar, and
    `dated_path` an address that says that day, where no parameter does.
    """

    body: Any = None
    status: int = 200
    etag: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    headers_of: Callable[[Any], Mapping[str, str]] | None = None
    etag_at: Callable[[int], str] | None = None
    key: Hashable = None
    rests_on: RestsOn | None = None
    day: str = ""
    dated_path: str = ""


@dataclass(slots=True)
class Call:
    """What a view gets: the session, the query, the body, and the media type of its answer.

    `known` says which state of the record is asked, where that is another one than today's.
    """

    session: Session
    query: dict[str, Any]
    body: Tree
    media: str
    negotiation: Negotiation | None = None
    known: dict[str, Any] = field(default_factory=dict)
    past: Session | None = None

    def open(self, slug: str) -> Negotiation:
        """The negotiation of the address, locked if the call writes, or as it stood in the past.

        Raises Missing, Forbidden if the caller sees it and may not write it, and Problem (400) for
        a state that is not known. From here on the session is one on the state that is asked for.
        """
        self.negotiation = find(self.session, Negotiation, slug, lock=not _reads())
        if not _reads():
            check_may_write(rights_of(self.session), self.negotiation.id)
        revision = asked_revision(self.session, self.negotiation, self.known)
        if revision not in {None, self.negotiation.revision}:
            self.past = open_past(self.session, self.negotiation, revision)
            self.session = self.past
            self.negotiation = self.session.get_one(Negotiation, self.negotiation.id)
        return self.negotiation

    def close(self) -> None:
        """Have done with the past, if that was read."""
        if self.past is not None:
            self.past.close()


View = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Operation:
    """The contract of a view.

    `largest` bounds the body in bytes; `problems` are the kinds that the view itself may raise,
    beyond those that come with its parameters, its body or its method. `also` are other statuses of
    success, each with the schema of its answer. `scope` is what a token needs, if it is not what
    reading or writing takes; what `is_open` says nothing of the record, and takes no token.
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


def operation(contract: Operation) -> Callable[[View], Callable[..., Response]]:
    """Make a view of Flask's from one of ours and its contract."""
    query_schema = contract.parameters()
    offered = tuple(contract.renderers)

    def decorate(view: View) -> Callable[..., Response]:
        @wraps(view)
        def run(**path: str) -> Response:
            rights = require(contract.required)
            query = read_query(query_schema, offered)
            media = negotiate(offered) if offered else JSON
            check_headers(takes_match="stale" in contract.problems)
            raw = read_bytes(tuple(contract.takes), contract.largest) if contract.takes else b""
            body = parse_body(raw, contract.takes) if contract.takes else Tree(None)
            is_trial = query.pop("dry_run", False)
            known: dict[str, Any] = {name: query.pop(name) for name in KNOWN if name in query}
            key = idempotency.read_key(may_be=contract.takes_key(request.method))
            if is_trial:
                key = None  # nothing is done that could be done twice

            def respond(session: Session) -> Response:
                give_rights(session, rights)
                if key and (kept := idempotency.replay(session, key, raw, media)):
                    return kept
                call = Call(session, query, body, media, known=known)
                try:
                    answer = view(call, **path)
                    response = _respond(contract, answer, media, call)
                except Invalid as error:
                    raise error.in_text(body.line) from None
                finally:
                    call.close()
                _date(response, answer, call, is_trial=is_trial)
                if key:
                    idempotency.keep(session, key, raw, media, response)
                return response

            database: Database = current_app.extensions["database"]
            if contract.access is Access.READ:
                since, wait_s = consistency.read_token(), consistency.read_wait()
                return database.read(respond, since=since, wait_s=wait_s)
            by = author()
            with (
                idempotency.under_way(key) if key else nullcontext(),
                database.transaction(contract.access, is_trial=is_trial, by=by) as session,
            ):
                response = respond(session)
            if token := written_at(session):
                response.headers[consistency.HEADER] = token
            return response

        run.operation = replace(  # type: ignore[attr-defined]  # read by http/openapi.py
            contract, description=contract.description or view.__doc__ or ""
        )
        return run

    return decorate


def _reads() -> bool:
    return request.method in {"GET", "HEAD"}


def _respond(contract: Operation, answer: Answer, media: str, call: Call) -> Response:
    response = _rendered(contract, answer, media)
    if answer.rests_on is not None and call.past is None and caller().sees_what_all_see:
        ready.note(answer.rests_on)
    response.headers.update(answer.headers)
    response.headers["Cache-Control"] = _caching(contract, answer, call)
    if contract.has_past and call.negotiation is not None:
        response.headers["Content-Location"] = _cited(contract, answer, call.negotiation)
    if len(contract.renderers) > 1:
        response.headers["Vary"] = "Accept"
    return response


def _caching(contract: Operation, answer: Answer, call: Call) -> str:
    if not _reads():
        return "no-store"
    is_for_all = contract.required is None or caller().sees_what_all_see
    how_long = PERMANENT if "revision" in call.known and not answer.day else "no-cache"
    return how_long if is_for_all else f"private, {how_long}"


def _cited(contract: Operation, answer: Answer, negotiation: Negotiation) -> str:
    """The address under which the same answer is to be had for ever."""
    fixed = {"revision": str(negotiation.revision)}
    if answer.day and "on" in contract.query().fields:
        fixed["on"] = answer.day
    given = request.args.items(multi=True)
    kept = [(name, value) for name, value in given if name not in {*fixed, *KNOWN}]
    path = answer.dated_path or request.path
    return f"{quote(path, safe='/@:.')}?{urlencode([*kept, *fixed.items()])}"


def _rendered(contract: Operation, answer: Answer, media: str) -> Response:
    if answer.etag is not None and _is_fresh(answer.etag):
        if request.if_none_match.star_tag and callable(answer.body):
            answer.body()  # whatever is there is fresh, but only if there is an answer at all
        return _empty(304, answer.etag)
    if answer.status == 204:
        return _empty(204, answer.etag)
    kept = None if answer.key is None else answers().get(answer.key)
    if kept is not None:
        value: Any = kept
    else:
        value = answer.body() if callable(answer.body) else answer.body
    if isinstance(value, Stream):
        with_body = request.method != "HEAD"
        response = _tagged(send(value, content_type(media), with_body=with_body), answer.etag)
    else:
        content = contract.renderers[media](value) if kept is None else kept
        if kept is None and answer.key is not None:
            answers().keep(answer.key, content)
        etag = content_etag(content) if answer.etag is None and _reads() else answer.etag
        if answer.etag is None and etag is not None and _is_fresh(etag):
            return _empty(304, etag)
        made = Response(content, answer.status, content_type=content_type(media))
        response = _tagged(made, etag)
    if answer.headers_of is not None:
        response.headers.update(answer.headers_of(value))
    if _reads():
        response.headers["Content-Disposition"] = disposition(request.path, media)
    return response


def _empty(status: int, etag: str | None) -> Response:
    response = _tagged(Response(status=status), etag)
    del response.headers["Content-Type"]
    return response


def _tagged(response: Response, etag: str | None) -> Response:
    if etag is not None:
        response.set_etag(etag)
    return response


def _is_fresh(etag: str) -> bool:
    return _reads() and is_fresh(etag)


def _date(response: Response, answer: Answer, call: Call, *, is_trial: bool) -> None:
    """Say at which revision of its negotiation the answer was computed, or which it made.

    What was only tried out has no address and no version, and is marked as such.
    """
    if is_trial:
        response.headers[DRY_RUN] = "true"
        for name in ("ETag", "Location"):
            response.headers.pop(name, None)
        revision = call.negotiation.revision if call.negotiation else None
    elif call.negotiation is not None:
        if not _reads():
            settle(call.session)
        revision = revisions(call.session).get(call.negotiation.id, call.negotiation.revision)
        if answer.etag_at is not None:
            response.set_etag(answer.etag_at(revision))
    else:
        revision = None
    if revision is not None:
        response.headers["Negotiation-Revision"] = str(revision)
