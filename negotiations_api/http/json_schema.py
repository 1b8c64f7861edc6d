"""JSON Schema (2020-12), made of the marshmallow schemas: what is accepted is what is written."""

from functools import lru_cache
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from negotiations_api import __version__
from negotiations_api.schemas.base import StrictSchema
from negotiations_api.schemas.document import SECTIONS, DocumentSchema

Json = dict[str, Any]

_VALUES = ("example", "examples", "default", "enum", "const")
"""The keywords of JSON Schema with values in them, not schemas."""

# These speak of some fields only; a reader that takes any other for unknown is told not to.
_ALONGSIDE: Json = {"unevaluatedProperties": True}
_CONDITIONS_FIT_THE_STANCE: Json = {
    "if": {"properties": {"stance": {"const": "conditional"}}, "required": ["stance"]} | _ALONGSIDE,
    "then": {"properties": {"conditions": {"minItems": 1}}, "required": ["conditions"]}
    | _ALONGSIDE,
    "else": {"properties": {"conditions": {"maxItems": 0}}} | _ALONGSIDE,
}
# Not by anyOf, of which generators of clients make a type each.
_SAYS_SOMETHING: Json = {
    "if": {"properties": {"demands": {"maxItems": 0}}} | _ALONGSIDE,
    "then": {"properties": {"text": {"type": "string", "pattern": r"\S"}}, "required": ["text"]}
    | _ALONGSIDE,
}

_EXPANDED = ("parties", "issues", "sources", "demands", "meetings")
"""The collections whose records may be given beside others."""

LARGEST_ANSWER = 1_000_000_000
"""What every answer stays within: the entries of each list, the characters of each text.

No machine that this runs on holds as many. It is there so that a client may reckon with some bound;
what is sent has bounds that are enforced, and these stand in the fields.
"""
LARGEST_INTEGER = 2**63 - 1

_BOUNDS: dict[str, Json] = {
    "array": {"maxItems": LARGEST_ANSWER},
    "integer": {"format": "int64", "minimum": 0, "maximum": LARGEST_INTEGER},
    "string": {"maxLength": LARGEST_ANSWER},
}


def _component_name(schema: Any) -> str:
    """The name of a schema among the components: that of its class, less the word Schema."""
    made = schema() if isinstance(schema, type) else schema
    name = type(made).__name__.removesuffix("Schema")
    if made.partial is True:
        return f"{name}Patch"
    return f"{name}Put" if made.partial else name


def schema_plugin() -> MarshmallowPlugin:
    """What makes JSON Schemas of marshmallow's, named as the API names them."""
    return MarshmallowPlugin(schema_name_resolver=_component_name)


def close_objects(schemas: Json, plugin: MarshmallowPlugin) -> None:
    """Add what marshmallow's fields do not say: no unknown fields, and which go together."""
    if "Position" in schemas:
        schemas["Position"] |= _CONDITIONS_FIT_THE_STANCE
    if "Condition" in schemas:
        schemas["Condition"] |= _SAYS_SOMETHING
    converter = plugin.converter
    assert converter is not None
    for key, name in converter.refs.items():
        if issubclass(key[0], StrictSchema):
            schemas[name]["additionalProperties"] = False
        if "included" in schemas[name]["properties"]:
            schemas[name]["properties"]["included"] = {"$ref": "#/components/schemas/Included"}
    schemas["Included"] = _included(schemas)


def _included(schemas: Json) -> Json:
    """The schema of the records that are given beside others: by collection, then by slug."""
    names = {name: _component_name(SECTIONS[name].schema) for name in _EXPANDED}
    return {
        "type": "object",
        "description": "The records that are named here, by slug, where expand asks for them.",
        "readOnly": True,
        "properties": {
            name: {
                "type": "object",
                "additionalProperties": {"$ref": f"#/components/schemas/{component}"},
            }
            for name, component in names.items()
            if component in schemas
        },
        "additionalProperties": False,
    }


def bounded(node: Any) -> Any:
    """`node` with the bounds of answers wherever a schema in it gives none."""
    if isinstance(node, list):
        return [bounded(item) for item in node]
    if not isinstance(node, dict):
        return node
    own = {name: bounded(value) for name, value in node.items() if name not in _VALUES}
    types = node.get("type")
    for kind in types if isinstance(types, list) else [types]:
        if isinstance(kind, str) and not {"enum", "const"} & node.keys():
            own = _BOUNDS.get(kind, {}) | own
    return own | {name: node[name] for name in _VALUES if name in node}


@lru_cache(maxsize=1)
def document_schema() -> Json:
    """The JSON Schema (2020-12) of a negotiation as a document, from the marshmallow schemas."""
    plugin = schema_plugin()
    spec = APISpec("document", __version__, "3.1.0", plugins=[plugin])
    spec.components.schema("Document", schema=DocumentSchema)
    definitions: Json = spec.to_dict()["components"]["schemas"]
    close_objects(definitions, plugin)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A negotiation as one document",
        "$ref": "#/$defs/Document",
        "$defs": _with_local_refs(definitions),
    }


def _with_local_refs(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            name: value.replace("#/components/schemas/", "#/$defs/")
            if name == "$ref"
            else _with_local_refs(value)
            for name, value in node.items()
        }
    return [_with_local_refs(item) for item in node] if isinstance(node, list) else node
