"""The parts of a record (conditions, citations, claims ...) at addresses of their own.

`.../citations` is the list, `.../citations/0` its first part: the address of the record followed by
the JSON Pointer. A change of a part is a change of its record: it goes through the same checks, and
the ETag is the record's (docs/decisions/0007).
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from flask import request
from marshmallow import Schema, fields

from negotiations_api.http.body import MERGE_PATCH
from negotiations_api.http.operation import Answer, Call, OperationView, operation
from negotiations_api.http.preconditions import etag, require_record_match
from negotiations_api.http.question import LooksQuery, style_of
from negotiations_api.http.representations import JSON, TEXT
from negotiations_api.http.resource import Endpoints, Resource
from negotiations_api.http.shapes import RECORD, WriteQuery
from negotiations_api.models import Record
from negotiations_api.records.assign import merge_values
from negotiations_api.records.faults import Fault, Invalid, Missing
from negotiations_api.records.find import part_schema
from negotiations_api.records.reader import FoundRow, reader_of
from negotiations_api.records.write import replace
from negotiations_api.render.page import page_text
from negotiations_api.render.record import list_page, record_page
from negotiations_api.schemas.listing import listing_of
from negotiations_api.schemas.strict import one


def parts_of(resource: Resource) -> Iterator[tuple[str, Schema]]:
    """The lists of parts of a resource: the name of the field, and the schema of a part."""
    for name, field in resource.schema().fields.items():
        is_list = isinstance(field, fields.List) and not isinstance(field.inner, fields.Pluck)
        schema = part_schema(field)
        if is_list and schema is not None:
            yield name, schema


class PartViews(Endpoints):
    """The views of one list of parts; the address gives the record and the `index`."""

    def __init__(self, resource: Resource, name: str, part: Schema) -> None:
        super().__init__(resource)
        self.name = name
        self.part = part
        self.many = f"{resource.one}/{name}"
        self.one = f"{self.many}/<index>"
        self.title = f"{name} of {one(resource.noun)}".replace("_", " ")

    def _view(
        self, verb: str, summary: str, **more: Any
    ) -> Callable[[Callable[..., Answer]], OperationView]:
        name = f"{verb}_{self.resource.noun}_{self.name}"
        reads = "access" not in more
        shown: dict[str, Any] = {"renderers": RECORD, "query": LooksQuery if reads else WriteQuery}
        if more.get("status") == 204:
            shown = {"renderers": {}}
        if reads and self.resource.is_owned:
            shown["has_past"] = True
        return operation(self.contract(name, summary, **shown, **more))

    def _answer(
        self,
        call: Call,
        record: Record | FoundRow,
        part: Any,
        index: int,
        status: int = 200,
        **headers: str,
    ) -> Answer:
        """The answer that shows a part, which is the one at `index`."""
        title = f"{self.name.capitalize()} {index} of {record.noun} {record.key}"
        shown = page_text(record_page(title, part), style_of(call)) if call.media == TEXT else part
        return Answer(shown, status, etag(record, call.media), headers)

    def _parts(self, record: Record) -> list[Any]:
        dumped: list[Any] = self.schema.dump(record)[self.name]
        return dumped

    def _read(self, call: Call, path: dict[str, str]) -> tuple[FoundRow, list[Any]]:
        """What stands for the record of the address, and its parts. Raises Missing."""
        reader = reader_of(self.resource.model, self.resource.schema, frozenset({self.name}))
        found = self.find_row(call, path, reader)
        (shown,) = reader.dump(call.session, [found.row])
        return found, shown[self.name]

    def _index(self, text: str, parts: list[Any]) -> int:
        if text.isascii() and text.isdecimal() and len(text) < 10 and int(text) < len(parts):
            return int(text)
        there = f"0 to {len(parts) - 1}" if parts else "none"
        raise Missing(f"There is no '{text[:80]}' in the {self.title}; there is {there}.")

    def _at(self, call: Call, path: dict[str, str]) -> tuple[Record, list[Any], int]:
        """The record to be changed, its parts, and the index of the one in the address.

        Raises Missing, and Problem for an If-Match that is missing or of another version.
        """
        record = self.find(call, path, lock=True)
        parts = self._parts(record)
        index = self._index(path["index"], parts)
        require_record_match(record)
        return record, parts, index

    def _write(self, call: Call, record: Record, parts: list[Any]) -> None:
        """Make `parts` those of the record; faults point into the body, which is one of them."""
        payload = self.schema.dump(record) | {self.name: parts}
        try:
            replace(call.session, record, self.schema, payload, call.negotiation)
        except Invalid as error:
            raise Invalid([self._in_body(fault) for fault in error.faults]) from None

    def _in_body(self, fault: Fault) -> Fault:
        """The same fault, in the body: the others were as they should be without it.

        A part that comes again is found fault with where it does, be that another than the new one.
        """
        inner = re.sub(rf"^/{self.name}(/[0-9]+)?(?=/|$)", "", fault.pointer)
        return Fault(inner, fault.detail)

    def list(self) -> OperationView:
        """GET on the parts."""

        @self._view(
            "list",
            f"The {self.title}",
            schema=listing_of(type(self.part)),
            problems=("not-found",),
        )
        def view(call: Call, **path: str) -> Answer:
            record, parts = self._read(call, path)
            shown: Any = {"items": parts, "next": None}
            if call.media == TEXT:
                title = f"{self.name.capitalize()} of {record.noun} {record.key}"
                shown = page_text(list_page(title, parts), style_of(call))
            return Answer(shown, etag=etag(record, call.media))

        return view

    def create(self) -> OperationView:
        """POST on the parts: one more, at the end."""

        @self._view(
            "add_to",
            f"Add to the {self.title}",
            schema=type(self.part),
            status=201,
            takes={JSON: type(self.part)},
            access=self.writes,
            problems=("not-found", "conflict", "stale"),
        )
        def view(call: Call, **path: str) -> Answer:
            self.open(call, path)
            record = self.find(call, path, lock=True)
            if "If-Match" in request.headers:  # one more goes with whatever else is changed
                require_record_match(record)
            parts = self._parts(record)
            self._write(call, record, [*parts, call.body.value])
            location = f"{self.address(call, record)}/{self.name}/{len(parts)}"
            part = self._parts(record)[-1]
            return self._answer(call, record, part, len(parts), 201, Location=location)

        return view

    def read(self) -> OperationView:
        """GET on a part."""

        @self._view(
            "read", f"One of the {self.title}", schema=type(self.part), problems=("not-found",)
        )
        def view(call: Call, **path: str) -> Answer:
            record, parts = self._read(call, path)
            index = self._index(path["index"], parts)
            return self._answer(call, record, parts[index], index)

        return view

    def replace(self) -> OperationView:
        """PUT on a part."""
        return self._change("replace", f"Replace one of the {self.title}", {JSON: type(self.part)})

    def patch(self) -> OperationView:
        """PATCH on a part: JSON Merge Patch."""
        return self._change(
            "patch",
            f"Change some fields of one of the {self.title} (JSON Merge Patch)",
            {MERGE_PATCH: type(self.part), JSON: type(self.part)},
        )

    def _change(self, verb: str, summary: str, takes: dict[str, Any]) -> OperationView:
        @self._view(
            verb,
            summary,
            schema=type(self.part),
            takes=takes,
            access=self.writes,
            problems=("not-found", "conflict", "stale", "precondition-required"),
        )
        def view(call: Call, **path: str) -> Answer:
            self.open(call, path)
            record, parts, index = self._at(call, path)
            body = call.body.value
            parts[index] = merge_values(parts[index], body) if verb == "patch" else body
            self._write(call, record, parts)
            return self._answer(call, record, self._parts(record)[index], index)

        return view

    def delete(self) -> OperationView:
        """DELETE on a part."""

        @self._view(
            "delete",
            f"Delete one of the {self.title}",
            status=204,
            access=self.writes,
            problems=("not-found", "conflict", "invalid", "stale", "precondition-required"),
        )
        def view(call: Call, **path: str) -> Answer:
            self.open(call, path)
            record, parts, index = self._at(call, path)
            self._write(call, record, parts[:index] + parts[index + 1 :])
            return Answer(status=204, etag=etag(record))

        return view
