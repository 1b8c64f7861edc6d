"""The answers in the OpenAPI file: every status, its headers, its representations, its problems."""

from collections.abc import Iterator, Sequence
from typing import Any

from marshmallow import Schema

from negotiations_api.database import Access
from negotiations_api.http import consistency, request_ids
from negotiations_api.http.idempotency import REPLAYED
from negotiations_api.http.json_schema import LARGEST_ANSWER, LARGEST_INTEGER, Json
from negotiations_api.http.lists import TOTAL
from negotiations_api.http.openapi_examples import ID, part, record, shown
from negotiations_api.http.openapi_problems import problem_example
from negotiations_api.http.openapi_route import Route, instance
from negotiations_api.http.operation import DRY_RUN, PERMANENT
from negotiations_api.http.problem import MEDIA_TYPE, TYPES
from negotiations_api.http.representations import JSON, NDJSON, TEXTS, YAML
from negotiations_api.schemas.change import FeedSchema

TEXT_SCHEMA: Json = {"type": "string", "maxLength": LARGEST_ANSWER, "pattern": "\\n$"}
"""Every text ends with a newline."""

_TOLD_BY = {
    "WWW-Authenticate": {"unauthorized"},
    "Retry-After": {"in-flight", "rate-limited", "unavailable", "outcome-unknown"},
    "Allow": {"method-not-allowed"},
    "Vary": {"not-acceptable"},
    "Accept": {"unsupported-media-type"},
    "Accept-Patch": {"unsupported-media-type"},
    "Accept-Encoding": {"unsupported-media-type"},
}
"""Which problems have which headers."""

_ALWAYS = ("bad-query", "bad-header", "not-acceptable", "rate-limited", "internal", "unavailable")
_WITH_BODY = ("malformed", "too-slow", "too-large", "unsupported-media-type", "invalid")
_WITH_KEY = ("in-flight", "key-reused")
_TITLES = {200: "The answer.", 201: "It was created.", 204: "It is gone."}


FROM_SERVER: dict[str, Json] = {
    "address-too-long": {
        "status": "414",
        "said": "The address has more than 65,534 bytes.",
    },
    "headers-too-large": {
        "status": "431",
        "said": "There are more than 100 headers, or they have more than 128 KiB.",
    },
}
"""The answers that do not come from the service, by the names of their components."""


def _text(said: str, pattern: str, example: str, longest: int = 500) -> Json:
    schema = {"type": "string", "maxLength": longest, "pattern": pattern}
    return {"description": said, "schema": schema, "example": example}


def _number(said: str, example: int) -> Json:
    schema = {"type": "integer", "format": "int64", "minimum": 0, "maximum": LARGEST_INTEGER}
    return {"description": said, "schema": schema, "example": example}


def _word(said: str, *words: str) -> Json:
    return {
        "description": said,
        "schema": {"type": "string", "enum": list(words)},
        "example": words[0],
    }


HEADERS: dict[str, Json] = {
    "ETag": _text(
        "Stands for this answer. Send it as If-None-Match to ask for news, that of a record as "
        "If-Match to change it.",
        '^(W/)?"[!#-~]+"$',
        f'"{ID}.1"',
    ),
    "Cache-Control": _word(
        "What was read is to be asked for anew (with If-None-Match), all else not to be kept.",
        "no-cache",
        "private, no-cache",
        PERMANENT,
        "no-store",
    ),
    "Content-Disposition": _text(
        "What to call the file.",
        '^inline; filename="[A-Za-z0-9._@-]+"$',
        'inline; filename="us-dprk-demands.json"',
    ),
    "Vary": _text(
        "Which headers of the request the answer depends on.",
        "^(Accept|Authorization|Origin)",
        "Accept, Authorization",
    ),
    "Location": {
        "description": "The address of what was created.",
        "schema": {"type": "string", "format": "uri-reference", "maxLength": 500},
        "example": "/v1/negotiations/us-dprk/demands/cvid",
    },
    "Content-Location": {
        "description": "The address under which the same answer is to be had for ever.",
        "schema": {"type": "string", "format": "uri-reference", "maxLength": 100_000},
        "example": "/v1/negotiations/us-dprk/matrix?revision=12&on=2019-10-31",
    },
    "Link": _text(
        'The address of the next page, with rel="next"; not on the last page.',
        '^<[^<>]+>; rel="',
        '</v1/parties?after=WyJrb3IiLDFd>; rel="next"',
        longest=100_000,
    ),
    TOTAL: _number("How many there are in all, with count=exact.", 21),
    "Negotiation-Revision": _number(
        "The revision of the negotiation that the answer was computed at, or made.", 12
    ),
    consistency.HEADER: _text(
        "Where replicas answer: send it with what you read next, so that what you have written is "
        "seen.",
        consistency.PATTERN,
        "0/16B3748",
        longest=17,
    ),
    "RateLimit": _text(
        "Where a limit is set: r requests are left for the next t seconds.",
        '^"default";r=[0-9]+;t=[0-9]+$',
        '"default";r=99;t=60',
    ),
    "RateLimit-Policy": _text(
        "Where a limit is set: q requests in w seconds.",
        '^"default";q=[0-9]+;w=[0-9]+$',
        '"default";q=100;w=60',
    ),
    "Accept": _text("Which types of body are taken.", "/", "application/json"),
    "Accept-Patch": _text(
        "Which types of body a PATCH takes.", "/", "application/merge-patch+json, application/json"
    ),
    "Accept-Encoding": _text("How a body may be compressed.", "gzip", "gzip, deflate"),
    "WWW-Authenticate": _text(
        "That a bearer token is asked for (RFC 6750), and what was wrong with the one that came.",
        "^Bearer ",
        'Bearer realm="negotiations", error="invalid_token"',
    ),
    "Allow": _text("Which methods there are.", "GET", "GET, HEAD, OPTIONS, POST"),
    "Retry-After": _number("After how many seconds to try again.", 1),
    "Access-Control-Allow-Origin": _text(
        "Where pages of other origins may read answers: the origin of the page, or * for any.",
        "^(\\*|[a-z][a-z0-9+.-]*://[^/]+)$",
        "https://example.org",
    ),
    request_ids.HEADER: _text(
        "The id of the request, by which the log of the service names it: the one that you sent, "
        "or a new one.",
        request_ids.PATTERN,
        "0b0a3f4c5d6e4f708192a3b4c5d6e7f8",
        longest=request_ids.LONGEST,
    )
    | {"required": True},
    REPLAYED: _word("true: this is the answer that was given to the first request.", "true"),
    DRY_RUN: _word("true: it was tried out only, and nothing was written.", "true"),
}


def _headers(*names: str) -> Json:
    every = (
        *("Cache-Control", "RateLimit", "RateLimit-Policy"),
        *("Access-Control-Allow-Origin", request_ids.HEADER),
    )
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*names, *every)}


def responses(route: Route) -> Iterator[tuple[str, Json]]:
    """The responses of an operation, by status."""
    contract = route.contract
    statuses = {contract.status, *contract.also, *([201] if contract.creates else [])}
    for status in sorted(statuses):
        yield str(status), _success(route, status)
    if route.reads:
        varies = ["Vary"] if contract.varies_by else []
        names = _headers("ETag", *varies, *_dating(route))
        said = "It has not changed since the ETag in If-None-Match."
        yield "304", {"description": said, "headers": names}
    by_status: dict[int, list[str]] = {}
    for kind in _kinds(route):
        by_status.setdefault(TYPES[kind].status, []).append(kind)
    for status, kinds in sorted(by_status.items()):
        yield str(status), {"$ref": f"#/components/responses/{problem_component(kinds)}"}
    for name, known in FROM_SERVER.items():
        yield known["status"], {"$ref": f"#/components/responses/{name}"}


def _kinds(route: Route) -> list[str]:
    """The types of problem that an operation can answer with, in the order of TYPES."""
    kinds = {*_ALWAYS, *route.contract.problems}
    if route.contract.required is not None:
        kinds |= {"unauthorized", "forbidden"}
    if route.contract.access is not Access.READ:
        kinds |= {"outcome-unknown"}
    if route.contract.takes:
        kinds |= {*_WITH_BODY}
    if route.contract.takes_key(route.method):
        kinds |= {*_WITH_KEY}
    return [kind for kind in TYPES if kind in kinds]


def problem_component(kinds: Sequence[str]) -> str:
    """The name of the component of an answer that is one of the `kinds` of problem."""
    return ".".join(kinds)


def problem_response(name: str) -> Json:
    """The component of that name."""
    if name in FROM_SERVER:
        return {
            "description": f"{FROM_SERVER[name]['said']} The server says so itself, before the "
            "service has seen the request, without a body: ask for less at a time.",
            "headers": {name: of for name, of in _headers().items() if name != request_ids.HEADER},
        }
    kinds = name.split(".")
    known = [TYPES[kind] for kind in kinds]
    told = [name for name, of in _TOLD_BY.items() if of & set(kinds)]
    return {
        "description": " Or: ".join(f"{kind.title}. {kind.advice}" for kind in known),
        "headers": _headers(*told),
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {kind: problem_example(kind) for kind in kinds},
            }
        },
    }


def _success(route: Route, status: int) -> Json:
    response: Json = {"description": _TITLES[status], "headers": _headers(*_names(route, status))}
    if status != 204:
        schema = route.contract.also.get(status, route.contract.schema)
        response["content"] = {
            media: _content(route, media, schema) for media in route.contract.renderers
        }
    return response


def _is_dated(route: Route) -> bool:
    """Whether an answer is of one negotiation, which is there afterwards."""
    if route.noun == "negotiation":
        return route.method != "DELETE" and not (route.reads and route.is_list)
    return "negotiation" in route.names


def _names(route: Route, status: int) -> Iterator[str]:
    """The headers of a success beyond those of every answer."""
    contract = route.contract
    if route.reads or contract.has_etag:
        yield "ETag"
    if route.reads:
        yield "Content-Disposition"
    else:
        yield DRY_RUN
        yield consistency.HEADER
    if contract.varies_by:
        yield "Vary"
    if status == 201:
        yield "Location"
    if route.contract.takes_key(route.method):
        yield REPLAYED
    if route.reads and route.is_list and route.part is None:
        yield "Link"
        if "count" in contract.parameters().fields:
            yield TOTAL
    elif contract.schema is FeedSchema:
        yield "Link"
    yield from _dating(route)


def _dating(route: Route) -> Iterator[str]:
    """The headers that say of which state of the record an answer is."""
    if _is_dated(route):
        yield "Negotiation-Revision"
    if route.contract.has_past:
        yield "Content-Location"


def _content(route: Route, media: str, schema: Any) -> Json:
    if media in TEXTS:
        return {"schema": TEXT_SCHEMA}
    if schema is None:
        # What is described elsewhere: OpenAPI and JSON Schema have schemas of their own.
        return {} if media == YAML else {"schema": {"type": "object"}}
    if media == NDJSON and route.is_list:
        return {"schema": _item(instance(schema))}
    content: Json = {"schema": schema}
    is_main = media == JSON and schema is route.contract.schema
    example = _example(route) if is_main else None
    return content if example is None else content | {"example": example}


def _example(route: Route) -> Json | None:
    """What the operation answers with in the example talks, where that is a record or a part."""
    if route.noun is None or route.contract.schema is None:
        return None
    schema = instance(route.contract.schema)
    one = _item(schema) if route.is_list and route.reads else schema
    given = part(route.noun, route.part, one) if route.part else record(route.noun)
    value = shown(one, given)
    return {"items": [value], "next": None} if one is not schema else value


def _item(page: Schema) -> Schema:
    """The schema of the records of a page."""
    items: Any = page.fields["items"]
    one: Schema = items.inner.schema
    return one
