"""How records are shown: which of their fields, what beside them, in which representation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from negotiations_api.http.included import expandable, include
from negotiations_api.http.operation import Call, Renderer
from negotiations_api.http.parameters import Name, Separated
from negotiations_api.http.problem import bad_query
from negotiations_api.http.query import DryRunQuery
from negotiations_api.http.question import LooksQuery, style_of, text_bytes
from negotiations_api.http.representations import CSV, JSON, NDJSON, TEXT, json_bytes
from negotiations_api.render.csv import table_csv
from negotiations_api.render.page import page_text
from negotiations_api.render.record import list_page, list_table, record_page
from negotiations_api.schemas.base import RecordSchema

RECORD: Mapping[str, Renderer] = {JSON: json_bytes, TEXT: text_bytes}
"""The representations of a record."""


@dataclass(frozen=True, slots=True)
class ShownList:
    """A list as it is to be rendered, and the headers that tell of it."""

    content: Any
    headers: Mapping[str, str]


def _content(shown: ShownList) -> bytes:
    return text_bytes(shown.content)


LIST: Mapping[str, Renderer] = {
    JSON: lambda shown: json_bytes(shown.content),
    TEXT: _content,
    CSV: _content,
    NDJSON: _content,
}
"""The representations of a list of records."""


class WriteQuery(LooksQuery, DryRunQuery):
    """The parameters of a write that is answered with a record."""


def shown_query(schema: RecordSchema) -> type[LooksQuery]:
    """The parameters that say how records of `schema` are shown."""
    names = [name for name in schema.fields if name != "included"]
    parameters: dict[str, Any] = {
        # A schema of marshmallow's has an attribute `fields` itself.
        "only": Separated(
            Name(names, "field"),
            data_key="fields",
            metadata={
                "description": "Only these fields, with commas between them. JSON has what a "
                "record cannot be without as well."
            },
        )
    }
    if nouns := expandable(schema):
        parameters["expand"] = Separated(
            Name(nouns, "record to expand"),
            metadata={"description": "Give records of these kinds beside those that name them."},
        )
    return type("ShownQuery", (LooksQuery,), parameters)


def asked_fields(call: Call, schema: RecordSchema) -> tuple[str, ...] | None:
    """The names of the fields that are asked for, in the order in which they come; None if all are.

    In JSON those that a record must have are always there, so that it is one by the contract.
    """
    asked = call.query.get("only")
    if asked is None or call.media not in {JSON, NDJSON}:
        return asked and tuple(asked)
    needed = {name for name, field in schema.fields.items() if field.required}
    needed.update(schema.inseparable, {"id"}, asked)
    return tuple(name for name in schema.fields if name in needed)


def chosen(
    call: Call, schema: RecordSchema, dumped: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """The fields of records that are asked for."""
    names = asked_fields(call, schema)
    return list(dumped) if names is None else [{n: one[n] for n in names} for one in dumped]


def beside(
    call: Call, schema: RecordSchema, dumped: Sequence[Mapping[str, Any]]
) -> dict[str, dict[str, Any]] | None:
    """What `expand` asks for beside the records. Raises Problem where there is no place for it."""
    nouns = call.query.get("expand")
    if nouns is None:
        return None
    if call.media != JSON:
        raise bad_query({"expand": "Only JSON has room for other records: leave expand out."})
    return include(call.session, call.negotiation, schema, dumped, nouns)


def record_body(call: Call, schema: RecordSchema, dumped: Mapping[str, Any], title: str) -> Any:
    """A record as `call` wants it: what the renderers of `RECORD` take."""
    included = beside(call, schema, [dumped])
    (shown,) = chosen(call, schema, [dumped])
    if call.media == TEXT:
        return page_text(record_page(title, shown), style_of(call))
    return shown if included is None else {**shown, "included": included}


def list_text(
    call: Call,
    schema: RecordSchema,
    dumped: Sequence[Mapping[str, Any]],
    title: str,
    *,
    more: str | None,
    count: int | None,
) -> str:
    """Records as a text, CSV or NDJSON, as `call` wants it.

    `more` is the address of the next page, `count` how many there are in all, if it is asked for.
    """
    beside(call, schema, dumped)
    if call.media != TEXT:
        return rows(call, schema, dumped, is_first=True)
    shown = chosen(call, schema, dumped)
    page = list_page(title, shown, len(schema.key), call.query.get("only"), more, count)
    return page_text(page, style_of(call))


def rows(
    call: Call, schema: RecordSchema, dumped: Sequence[Mapping[str, Any]], *, is_first: bool
) -> str:
    """Records as lines of CSV, or of NDJSON; the first of CSV begin with a header."""
    shown = chosen(call, schema, dumped)
    if call.media == NDJSON:
        return "".join(json_bytes(record).decode() for record in shown)
    columns = call.query.get("only") or [name for name in schema.fields if name != "included"]
    return table_csv(list_table(shown, columns), with_header=is_first)
