"""The OpenAPI file, generated from the operations: what runs is what is written down."""

import json
import re
from collections.abc import Iterator
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask

from negotiations_api import __version__
from negotiations_api.database import Access
from negotiations_api.http.body import MERGE_PATCH
from negotiations_api.http.json_schema import Json, close_objects, schema_plugin
from negotiations_api.http.operation import QUESTIONS, Operation
from negotiations_api.http.problem import MEDIA_TYPE, TYPES
from negotiations_api.http.query import COMMON, Listed
from negotiations_api.http.representations import FORMATS, TEXTS, json_bytes
from negotiations_api.schemas.problem import ProblemSchema

DESCRIPTION = """\
The record of a negotiation: parties, demands, who stands where on each and on what condition,
meetings, accounts, commitments, sources; and the answers that it gives."""


def build(app: Flask) -> Json:
    """The OpenAPI document of all operations of `app`."""
    plugin = schema_plugin()
    spec = APISpec(
        "negotiations_api",
        __version__,
        "3.1.0",
        info={
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        servers=[{"url": "/"}],
        plugins=[plugin],
    )
    spec.components.schema("Problem", schema=ProblemSchema)
    for status, response in _problem_responses():
        spec.components.response(status, response)
    tags: set[str] = set()
    for rule in sorted(
        app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ()))
    ):
        contract = getattr(app.view_functions[rule.endpoint], "operation", None)
        if contract is None:
            continue
        tags.add(contract.tag)
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        operation = _operation(contract, re.findall(r"{(\w+)}", path), plugin)
        spec.path(path, operations={method.lower(): operation for method in methods})
    for tag in sorted(tags):
        spec.tag({"name": tag})
    document: Json = {"openapi": "3.1.0"} | spec.to_dict()
    close_objects(document["components"]["schemas"], plugin)
    return document


def _operation(contract: Operation, path: list[str], plugin: MarshmallowPlugin) -> Json:
    operation: Json = {
        "operationId": contract.name,
        "summary": contract.summary,
        "tags": [contract.tag],
        "parameters": [*_path_parameters(path), *_query_parameters(contract, plugin)],
        "responses": dict(_responses(contract, path)),
    }
    if "precondition-required" in contract.problems:
        operation["parameters"].append(
            {
                "name": "If-Match",
                "in": "header",
                "description": "The ETag of what is to be changed, or * for whatever is there.",
                "schema": {"type": "string"},
            }
        )
    if contract.takes:
        operation["requestBody"] = {
            "required": True,
            "content": {
                media: {"schema": schema(partial=True) if media == MERGE_PATCH else schema}
                for media, schema in contract.takes.items()
                if MERGE_PATCH not in contract.takes or media == MERGE_PATCH
            },
        }
    return operation


def _path_parameters(names: list[str]) -> Iterator[Json]:
    for name in names:
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _query_parameters(contract: Operation, plugin: MarshmallowPlugin) -> Iterator[Json]:
    converter = plugin.converter
    assert converter is not None
    for name, field in contract.query().fields.items():
        schema = converter.field2property(field)
        schema.pop("default", None)
        if isinstance(field.load_default, str | int):
            schema["default"] = json.loads(json_bytes(field.load_default))
        parameter: Json = {"name": field.data_key or name, "in": "query", "schema": schema}
        if "description" in schema:
            parameter["description"] = schema.pop("description")
        if isinstance(field, Listed):
            parameter["explode"] = False
        yield parameter
    formats = [name for name, media in FORMATS.items() if media in contract.renderers]
    if len(formats) > 1:
        yield {
            "name": COMMON[0],
            "in": "query",
            "description": "The representation, instead of Accept.",
            "schema": {"type": "string", "enum": formats},
        }


def _responses(contract: Operation, path: list[str]) -> Iterator[tuple[str, Json]]:
    statuses = {contract.status, 201} if contract.creates else {contract.status}
    for status in sorted(statuses):
        yield str(status), _success(contract, status, path)
    if contract.has_etag and contract.access is Access.READ:
        yield "304", {"description": "It has not changed since the ETag in If-None-Match."}
    for status in _problem_statuses(contract):
        yield str(status), {"$ref": f"#/components/responses/{status}"}


def _success(contract: Operation, status: int, path: list[str]) -> Json:
    titles = {200: "The answer", 201: "It was created", 204: "It is gone"}
    response: Json = {"description": titles[status]}
    headers: Json = {}
    if status != 204:
        response["content"] = {
            media: {"schema": _content_schema(contract, media)} for media in contract.renderers
        }
    if contract.has_etag:
        headers["ETag"] = _header(
            "Stands for this answer, at this revision; send it as If-None-Match to ask for news."
            if contract.tag == QUESTIONS
            else "Stands for this state of it; send it as If-Match to change it."
        )
    if "negotiation" in path:
        headers["Negotiation-Revision"] = _header(
            "The revision of the negotiation that the answer was computed at, or made."
        )
    if status == 201:
        headers["Location"] = _header("The address of what was created.")
    if contract.name.startswith("list_"):
        headers["Link"] = _header("The next page, with rel=next.")
    if headers:
        response["headers"] = headers
    return response


def _content_schema(contract: Operation, media: str) -> Any:
    if media in TEXTS:
        return {"type": "string"}
    return contract.schema or {"type": "object"}


def _header(description: str) -> Json:
    return {"description": description, "schema": {"type": "string"}}


def _problem_statuses(contract: Operation) -> list[int]:
    kinds = {"bad-query", "not-acceptable", "internal", "unavailable", *contract.problems}
    if contract.takes:
        kinds |= {"malformed", "too-large", "unsupported-media-type", "invalid"}
    return sorted({TYPES[kind].status for kind in kinds})


def _problem_responses() -> Iterator[tuple[str, Json]]:
    """One response a status, with the types of problem that have it."""
    by_status: dict[int, list[str]] = {}
    for name, kind in TYPES.items():
        by_status.setdefault(kind.status, []).append(f"{kind.title} ({name})")
    for status, titles in sorted(by_status.items()):
        response: Json = {
            "description": "; ".join(titles),
            "content": {MEDIA_TYPE: {"schema": ProblemSchema}},
        }
        if status == TYPES["unavailable"].status:
            response["headers"] = {"Retry-After": _header("After how many seconds to try again.")}
        yield str(status), response
