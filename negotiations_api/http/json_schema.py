"""JSON Schema (2020-12), made of the marshmallow schemas: what is accepted is what is written."""

from functools import lru_cache
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from negotiations_api import __version__
from negotiations_api.schemas.base import StrictSchema
from negotiations_api.schemas.document import DocumentSchema

Json = dict[str, Any]

_CONDITIONS_FIT_THE_STANCE: Json = {
    "if": {"properties": {"stance": {"const": "conditional"}}, "required": ["stance"]},
    "then": {"properties": {"conditions": {"minItems": 1}}, "required": ["conditions"]},
    "else": {"properties": {"conditions": {"maxItems": 0}}},
}
_SAYS_SOMETHING: list[Json] = [
    {"properties": {"demands": {"minItems": 1}}, "required": ["demands"]},
    {"properties": {"text": {"type": "string"}}, "required": ["text"]},
]


def _component_name(schema: Any) -> str:
    """The name of a schema among the components: that of its class, less the word Schema."""
    made = schema() if isinstance(schema, type) else schema
    name = type(made).__name__.removesuffix("Schema")
    return f"{name}Patch" if made.partial else name


def schema_plugin() -> MarshmallowPlugin:
    """What makes JSON Schemas of marshmallow's, named as the API names them."""
    return MarshmallowPlugin(schema_name_resolver=_component_name)


def close_objects(schemas: Json, plugin: MarshmallowPlugin) -> None:
    """Add what marshmallow's fields do not say: no unknown fields, and which go together."""
    if "Position" in schemas:
        schemas["Position"] |= _CONDITIONS_FIT_THE_STANCE
    if "Condition" in schemas:
        schemas["Condition"]["anyOf"] = _SAYS_SOMETHING
    converter = plugin.converter
    assert converter is not None
    for key, name in converter.refs.items():
        if issubclass(key[0], StrictSchema):
            schemas[name]["additionalProperties"] = False


@lru_cache(maxsize=1)
def document_schema() -> Json:
    """The JSON Schema (2020-12) of a negotiation as a document, from the marshmallow schemas."""
    plugin = schema_plugin()
    spec = APISpec("document", __version__, "3.1.0", plugins=[plugin])
    spec.components.schema("Document", schema=DocumentSchema)
    definitions: Json = _with_local_refs(spec.to_dict()["components"]["schemas"])
    close_objects(definitions, plugin)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A negotiation as one document",
        "$ref": "#/$defs/Document",
        "$defs": definitions,
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
