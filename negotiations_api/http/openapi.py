"""The OpenAPI file, generated from the operations: what runs is what is written down."""

import re
from collections.abc import Iterator
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask

from negotiations_api import __version__
from negotiations_api.http.body import LARGEST_DOCUMENT, MERGE_PATCH
from negotiations_api.http.json_schema import Json, bounded, close_objects, schema_plugin
from negotiations_api.http.openapi_examples import excerpt, fresh, part, patch_of, record, row
from negotiations_api.http.openapi_parameters import COMPONENTS, parameters
from negotiations_api.http.openapi_responses import HEADERS, problem_response, responses
from negotiations_api.http.openapi_route import Route, instance
from negotiations_api.http.openapi_words import DESCRIPTION, description, tag_description
from negotiations_api.http.operation import OperationView
from negotiations_api.http.representations import JSON, NDJSON, YAML
from negotiations_api.models.token import Scope
from negotiations_api.schemas.base import RecordSchema
from negotiations_api.schemas.change import RestoreSchema
from negotiations_api.schemas.document import DocumentSchema
from negotiations_api.schemas.problem import ProblemSchema

BEARER = "token"
_BEARER: Json = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "ngt_ and 36 characters, or a JWT of the OpenID Connect provider",
    "description": "A token of scope read, write or admin, for all negotiations or for some. What "
    "is public can be read without one, unless the service is closed.",
}

_REFERENCE = re.compile(r"#/components/(\w+)/(.+)")


def build(app: Flask) -> Json:
    """The OpenAPI document of all operations of `app`."""
    plugin = schema_plugin()
    spec = APISpec(
        "negotiations_api",
        __version__,
        "3.1.0",
        info={
            "summary": "The record of a negotiation, and where its sides differ.",
            "description": DESCRIPTION,
            "contact": {"name": "The maintainers of negotiations_api"},
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        servers=[
            {
                "url": "/",
                "description": "The service that gave you this file, local or in production.",
                "x-internal": False,
            }
        ],
        plugins=[plugin],
    )
    spec.components.schema("Problem", schema=ProblemSchema)
    tags: set[str] = set()
    for route in _routes(app):
        tags.add(route.contract.tag)
        spec.path(route.path, operations={route.method.lower(): _operation(route, plugin)})
    for tag in sorted(tags):
        spec.tag({"name": tag, "description": tag_description(tag)})
    made: Json = {"openapi": "3.1.0"} | spec.to_dict()
    schemas = made["components"]["schemas"]
    close_objects(schemas, plugin)
    made["components"] = {
        "schemas": bounded(schemas),
        **_components(made["paths"]),
        "securitySchemes": {BEARER: _BEARER},
    }
    return made


def _routes(app: Flask) -> Iterator[Route]:
    """Every operation of `app`, by address and method."""
    rules = app.url_map.iter_rules()
    for rule in sorted(rules, key=lambda rule: (rule.rule, sorted(rule.methods or ()))):
        view = app.view_functions[rule.endpoint]
        if not isinstance(view, OperationView):
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Route(view.operation, method, path)


def _operation(route: Route, plugin: MarshmallowPlugin) -> Json:
    assert plugin.converter is not None
    operation: Json = {
        "operationId": route.contract.name,
        "summary": route.contract.summary,
        "description": description(route),
        "tags": [route.contract.tag],
        "parameters": list(parameters(route, plugin.converter)),
        "responses": dict(responses(route)),
        "security": _security(route),
    }
    if route.contract.takes:
        content = dict(_bodies(route))
        operation["requestBody"] = {"required": route.contract.needs_body, "content": content}
    return operation


def _security(route: Route) -> list[Json]:
    """What an operation asks for: no token, a token or none, or a token of a scope."""
    match route.contract.required:
        case None:
            return [{}]
        case Scope.READ:
            return [{}, {BEARER: []}]
    return [{BEARER: []}]


def _bodies(route: Route) -> Iterator[tuple[str, Json]]:
    """The media types of the body; a merge patch is a merge patch also where it is called JSON."""
    takes = route.contract.takes
    # Generators that know a type only as bytes send the last of such types.
    for media, schema in sorted(takes.items(), key=lambda taken: taken[0] == NDJSON):
        if MERGE_PATCH in takes:
            example = patch_of(_example(route))
            yield media, {"schema": schema(partial=True), "example": example}
        elif route.contract.creates and issubclass(schema, RecordSchema) and route.method == "PUT":
            # The address says its name, and so the body need not.
            named = schema(partial=(schema.key[0],))
            yield media, {"schema": named, "example": _example(route)}
        elif media in {JSON, YAML}:
            yield media, {"schema": schema, "example": _example(route)}
        else:
            text = {"type": "string", "format": "binary", "maxLength": LARGEST_DOCUMENT}
            yield media, {"schema": text, "example": row(fresh(route.noun or ""), media)}


def _example(route: Route) -> Json:
    schema: Any = next(iter(route.contract.takes.values()))
    if issubclass(schema, DocumentSchema):
        return excerpt()
    if "example" in vars(schema):
        return dict(schema.example)
    if issubclass(schema, RestoreSchema):
        return {"revision": 3} if "negotiation" in route.names else {}
    assert route.noun is not None
    if route.part is None:
        return fresh(route.noun) if route.method == "POST" else record(route.noun)
    return part(route.noun, route.part, instance(schema))


def _components(paths: Json) -> Json:
    """The parameters, answers and headers that the operations name, and no others."""
    answers = {name: problem_response(name) for name in sorted(_named(paths, "responses"))}
    headers = _named([paths, answers], "headers")
    named = _named(paths, "parameters")
    return {
        "parameters": {name: made for name, made in COMPONENTS.items() if name in named},
        "headers": {name: made for name, made in HEADERS.items() if name in headers},
        "responses": answers,
    }


def _named(node: Any, kind: str) -> set[str]:
    """The components of a kind that `node` refers to."""
    if isinstance(node, list):
        return {name for item in node for name in _named(item, kind)}
    if not isinstance(node, dict):
        return set()
    found = _REFERENCE.fullmatch(node["$ref"]) if isinstance(node.get("$ref"), str) else None
    own = {found[2]} if found and found[1] == kind else set()
    return own | {name for item in node.values() for name in _named(item, kind)}
