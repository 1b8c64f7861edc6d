"""The parameters in the OpenAPI file: of the address, the query and the headers, with examples."""

from collections.abc import Iterator
from typing import Any

from apispec.ext.marshmallow.field_converter import FieldConverterMixin
from marshmallow import fields

from negotiations_api.http import authorship, consistency, feed_points, waiting
from negotiations_api.http.idempotency import HEADER, LONGEST, PATTERN
from negotiations_api.http.json_schema import Json, bounded
from negotiations_api.http.lists import cursor_order
from negotiations_api.http.openapi_examples import ID, KEYS, value_of
from negotiations_api.http.openapi_route import Route
from negotiations_api.http.pages import write_cursor
from negotiations_api.http.parameters import (
    Decimal,
    Listed,
    Name,
    Repeated,
    Separated,
    Within,
)
from negotiations_api.http.preconditions import LONGEST_TAGS, TAGS
from negotiations_api.http.problem import TYPES
from negotiations_api.http.query import FORMAT
from negotiations_api.http.representations import EVENTS, formats, json_bytes
from negotiations_api.models.change import LONGEST_REASON
from negotiations_api.records.find import NOUNS
from negotiations_api.records.strict_json import read_json
from negotiations_api.schemas.dates import DATE
from negotiations_api.schemas.fields import SLUG, Choice, Identifier, Reference, Slug, Strict
from negotiations_api.schemas.token import NAME_PATTERN

_SIDE = f"{SLUG.pattern}(@{DATE})?"
_ETAGS: Json = {"type": "string", "maxLength": LONGEST_TAGS, "pattern": TAGS}


def _slug(noun: str) -> Json:
    schema = {"type": "string", **Slug().metadata}
    said = f"The slug of the {noun}" + (", its party's." if noun == "participant" else ".")
    return _parameter(noun, "path", said, schema, KEYS[noun])


def _sides(side: str, *, said: str, example: str) -> Json:
    schema = {"type": "string", "maxLength": 400, "pattern": rf"^{side}\.\.\.{side}$"}
    return _parameter("sides", "path", said, schema, example)


def _parameter(name: str, where: str, said: str, schema: Json, example: Any) -> Json:
    parameter: Json = {"name": name, "in": where, "description": said}
    if where == "path":
        parameter["required"] = True
    return parameter | {"schema": schema, "example": example}


COMPONENTS: dict[str, Json] = {
    **{noun: _slug(noun) for noun in KEYS},
    "position": _parameter(
        "position",
        "path",
        "The id of the position.",
        {"type": "string", **Identifier().metadata},
        ID,
    ),
    "index": _parameter(
        "index",
        "path",
        "The place of the part in its list, from 0.",
        {"type": "string", "minLength": 1, "maxLength": 9, "pattern": "^[0-9]{1,9}$"},
        "0",
    ),
    "name": _parameter(
        "name",
        "path",
        "The name of the token.",
        {"type": "string", "minLength": 1, "maxLength": 80, "pattern": f"^{NAME_PATTERN}$"},
        "seoul-desk",
    ),
    "problem": _parameter(
        "problem",
        "path",
        "The name of a type of problem.",
        {"type": "string", "enum": list(TYPES)},
        "stale",
    ),
    "sides": _sides(
        _SIDE,
        said="left...right, each side party or party@date.",
        example="usa@2019-10-31...prk@2019-10-31",
    ),
    "sides-across": _sides(
        f"{SLUG.pattern}:{_SIDE}",
        said="left...right, each side negotiation:party or negotiation:party@date.",
        example="us-dprk:usa@2018-06-12...us-dprk:prk@2019-10-31",
    ),
    "If-Match": _parameter(
        "If-Match",
        "header",
        "The ETag of what is to be changed, or * for whatever is there; 428 without it.",
        _ETAGS,
        "*",
    )
    | {"required": True},
    "If-Match-to-replace": _parameter(
        "If-Match",
        "header",
        "The ETag of what is to be replaced, or * for whatever is there; 428 without it if "
        "there is something. Leave it out to create.",
        _ETAGS,
        "*",
    ),
    "If-Match-to-add": _parameter(
        "If-Match",
        "header",
        "The ETag of what is to be added to, if it matters what else it has: 412 for another one.",
        _ETAGS,
        "*",
    ),
    "If-Match-to-restore": _parameter(
        "If-Match",
        "header",
        "The ETag of what is there, or * for whatever is there; 428 without it. Leave it out for "
        "what has been deleted.",
        _ETAGS,
        "*",
    ),
    "If-None-Match": _parameter(
        "If-None-Match",
        "header",
        "The ETag of an answer that you have; 304 if it still holds.",
        _ETAGS,
        f'"{ID}.1"',
    ),
    "If-None-Match-to-create": _parameter(
        "If-None-Match",
        "header",
        "* says to create it only: 412 if it is there.",
        {"type": "string", "enum": ["*"]},
        "*",
    ),
    consistency.HEADER: _parameter(
        consistency.HEADER,
        "header",
        "The token of an answer to a write: what it wrote is seen. Without it, where replicas "
        "answer, it may not be yet.",
        {"type": "string", "maxLength": 17, "pattern": consistency.PATTERN},
        "0/16B3748",
    ),
    consistency.PREFER: _parameter(
        consistency.PREFER,
        "header",
        "wait=1: with a token, a replica that has not come as far is waited for up to a second, "
        "or as many as you say, before the primary is asked (RFC 7240).",
        {
            "type": "string",
            "maxLength": consistency.LONGEST,
            "pattern": consistency.PREFERENCES,
        },
        "wait=1",
    ),
    waiting.LAST_EVENT: _parameter(
        waiting.LAST_EVENT,
        "header",
        "As text/event-stream: the id of the last event that was seen, instead of after.",
        {"type": "string", "maxLength": feed_points.LONGEST, "pattern": feed_points.NO_OR_POINT},
        "1",
    ),
    authorship.HEADER: _parameter(
        authorship.HEADER,
        "header",
        "Why the record is changed, in UTF-8: the history keeps it with the change.",
        {"type": "string", "maxLength": LONGEST_REASON, "pattern": authorship.PATTERN},
        "The envoy has corrected the date.",
    ),
    HEADER: _parameter(
        HEADER,
        "header",
        "A name for this request, such as a UUID: sent again with it within a day, the request is "
        "done once and answered as the first time.",
        {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": PATTERN},
        "6b5d4f0e-4a3c-4a57-9d0f-3a1b6a1f8f55",
    ),
}
"""Every parameter that does not belong to one operation only, by the name of its component."""


def parameters(route: Route, converter: FieldConverterMixin) -> Iterator[Json | str]:
    """The parameters of an operation, those among the components by their names."""
    for name in route.names:
        across = name == "sides" and "negotiation" not in route.names
        yield "sides-across" if across else name
    for name, field in route.contract.parameters().fields.items():
        yield _query_parameter(route, field.data_key or name, field, converter)
    named = list(formats(tuple(route.contract.renderers)))
    if named:
        schema = {"type": "string", "enum": named}
        said = "The representation, instead of Accept."
        yield _parameter(FORMAT, "query", said, schema, named[0])
    yield from _headers(route)


def _headers(route: Route) -> Iterator[str]:
    if route.reads:
        yield "If-None-Match"
        yield consistency.HEADER
        yield consistency.PREFER
        if EVENTS in route.contract.renderers:
            yield waiting.LAST_EVENT
    else:
        yield authorship.HEADER
    if route.contract.takes_key(route.method):
        yield HEADER
    if route.path.endswith("/restore"):
        yield "If-Match-to-restore"
    elif route.method == "POST" and "stale" in route.contract.problems:
        yield "If-Match-to-add"
    elif route.requires_match:
        yield "If-Match"
    elif route.contract.creates:
        yield "If-Match-to-replace"
        yield "If-None-Match-to-create"


def _query_parameter(
    route: Route, name: str, field: fields.Field[Any], converter: FieldConverterMixin
) -> Json:
    schema = bounded(converter.field2property(field))
    schema.pop("default", None)
    if isinstance(field, Separated):
        schema = _with_commas(schema)
    if name == "after" and not isinstance(field, Strict):
        schema |= {"maxLength": 10_000, "pattern": "^[A-Za-z0-9_-]+$"}
    if isinstance(field, Within):
        ends = rf"({DATE}|\.\.)"
        schema |= {"maxLength": 21, "pattern": f"^({DATE}|{ends}/{ends})$"}
    if isinstance(field.load_default, bool | str | int):
        schema["default"] = read_json(json_bytes(field.load_default))
    said = schema.pop("description", "Only those that have it.")
    return _parameter(name, "query", said, schema, _example(route, name, field, schema))


def _with_commas(schema: Json) -> Json:
    """The schema of a list as the text it is in an address.

    Generators of clients differ in how they write a list, and some always repeat the name.
    """
    item, least, most = (schema[key] for key in ("items", "minItems", "maxItems"))
    words = item.get("enum")
    one = f"({'|'.join(words)})" if words else item["pattern"].removeprefix("^").removesuffix("$")
    longest = max(map(len, words)) if words else item["maxLength"]
    text = {
        "type": "string",
        "minLength": 1,
        "maxLength": (longest + 1) * most,
        "pattern": f"^{one}(,{one}){{{least - 1},{most - 1}}}$",
    }
    return text | {key: schema[key] for key in ("description", "examples") if key in schema}


def _example(route: Route, name: str, field: fields.Field[Any], schema: Json) -> Any:
    """A value that has an answer in the example talks."""
    if "examples" in schema:
        return schema["examples"][0]
    if name in {"q", "after"}:
        return "sanctions" if name == "q" else _cursor(route)
    if isinstance(field, Repeated):
        return [_example(route, name, field.inner, schema["items"])]
    if isinstance(field, Listed) and field.noun == "participant":
        return "usa,prk"
    inner = field.inner if isinstance(field, Separated) else field
    if isinstance(inner, Choice | Name):
        return inner.metadata["enum"][0]
    if isinstance(inner, Reference):
        return KEYS[inner.noun]
    if schema["type"] == "boolean" or isinstance(field, Decimal):
        return True if schema["type"] == "boolean" else 50
    said = value_of(route.noun, name.partition(".")[0]) if route.noun else None
    if said is not None:
        return said
    return next(
        schema[key][0] if key == "enum" else schema[key]
        for key in ("default", "enum", "minimum", "format")
        if key in schema
    )


def _cursor(route: Route) -> str:
    """A cursor of the list in its own order."""
    if route.noun is None:  # a history
        address = route.path.format_map(KEYS | {"position": ID})
        return write_cursor(address, [1, 1])
    sort = route.contract.parameters().fields["sort"].load_default[0]
    owner = KEYS["negotiation"] if "negotiation" in route.names else ""
    order = cursor_order(owner, NOUNS[route.noun], sort, descending=False)
    return write_cursor(order, ["2019", 1])
