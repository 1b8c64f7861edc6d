"""The six operations of a resource: list, create, read, replace, patch, delete."""

from typing import Any

from flask import request

from negotiations_api.database import Access
from negotiations_api.database.rights import check_may_make, rights_of
from negotiations_api.http.addresses import COLLECTIONS
from negotiations_api.http.body import MERGE_PATCH, ROWS
from negotiations_api.http.lists import Lists
from negotiations_api.http.operation import Answer, Call, OperationView, operation
from negotiations_api.http.preconditions import refuse_match, require_record_match
from negotiations_api.http.representations import CSV, JSON, NDJSON, TEXT
from negotiations_api.http.resource import Endpoints, Resource
from negotiations_api.http.shapes import LIST, RECORD, WriteQuery, shown_query
from negotiations_api.models import Negotiation, Position
from negotiations_api.records.assign import merge
from negotiations_api.records.bulk import create_all
from negotiations_api.records.faults import Fault, Invalid, Missing
from negotiations_api.records.write import create, remove, replace
from negotiations_api.schemas.bulk import BulkSchema
from negotiations_api.schemas.listing import listing_of
from negotiations_api.schemas.strict import one


class RecordViews(Endpoints):
    """The views of the records of a resource."""

    def __init__(self, resource: Resource) -> None:
        super().__init__(resource)
        self.lists = Lists(resource)
        self.shown = shown_query(self.schema)

    def list(self) -> OperationView:
        """GET on the collection."""
        resource = self.resource

        @operation(
            self.contract(
                f"list_{COLLECTIONS[resource.noun]}",
                f"The {COLLECTIONS[resource.noun]}, page by page",
                schema=listing_of(resource.schema),
                renderers=LIST,
                query=self.lists.query,
                problems=("not-found",) if resource.is_owned else (),
                has_past=resource.is_owned,
            )
        )
        def view(call: Call, **path: str) -> Answer:
            self.open(call, path)
            return self.lists.show(call)

        return view

    def create(self) -> OperationView:
        """POST on the collection: one record, or many demands or positions."""
        resource = self.resource

        @operation(
            self.contract(
                f"create_{resource.noun}",
                f"Record a new {resource.noun}" + (", or many" if resource.takes_many else ""),
                schema=resource.schema,
                status=201,
                renderers=RECORD,
                query=WriteQuery,
                takes=dict.fromkeys(
                    (JSON, *((NDJSON, CSV) if resource.takes_many else ())), resource.schema
                ),
                also={200: BulkSchema} if resource.takes_many else {},
                access=Access.WRITE,
                problems=(*(("not-found",) if resource.is_owned else ()), "conflict"),
            )
        )
        def view(call: Call, **path: str) -> Answer:
            self.open(call, path)
            if resource.model is Negotiation:
                check_may_make(rights_of(call.session))
            if request.mimetype in ROWS:
                return self._create_all(call)
            if resource.takes_many and isinstance(call.body.value, list):
                detail = f"Write one object here; many at once go as {' or '.join(ROWS)}."
                raise Invalid([Fault("", detail)])
            record = create(
                call.session, resource.model, self.schema, call.body.value, call.negotiation
            )
            return self.answer(call, record, 201)

        return view

    def _create_all(self, call: Call) -> Answer:
        model: Any = self.resource.model
        assert call.negotiation is not None
        made = create_all(call.session, model, self.schema, call.body.value, call.negotiation)
        if call.media == TEXT:
            return Answer(f"{COLLECTIONS[made.noun]} recorded: {len(made.keys):,}\n")
        return Answer(BulkSchema().dump({"created": len(made.keys), "keys": made.keys}))

    def read(self) -> OperationView:
        """GET on a record."""
        resource = self.resource

        @operation(
            self.contract(
                f"read_{self.resource.noun}",
                f"One {self.resource.noun}",
                schema=self.resource.schema,
                renderers=RECORD,
                query=self.shown,
                problems=("not-found",),
                has_past=resource.is_owned or resource.model is Negotiation,
            )
        )
        def view(call: Call, **path: str) -> Answer:
            return self.read_record(call, path)

        return view

    def replace(self) -> OperationView:
        """PUT on a record: replaces it whole, or creates it under the slug in the address."""
        resource = self.resource

        @operation(
            self.contract(
                f"replace_{self.resource.noun}",
                f"Replace {one(resource.noun)}"
                + ("" if resource.model is Position else ", or create it under this name"),
                schema=resource.schema,
                renderers=RECORD,
                query=WriteQuery,
                takes={JSON: resource.schema},
                access=self.writes,
                creates=resource.model is not Position,
                problems=("not-found", "conflict", "stale", "precondition-required"),
            )
        )
        def view(call: Call, **path: str) -> Answer:
            self.open(call, path)
            try:
                record = self.find(call, path, lock=True)
            except Missing:
                if resource.model is Position:
                    raise
                return self._create_at(call, path[resource.noun])
            require_record_match(record)
            payload = self._named(call.body.value, record.key)
            replace(call.session, record, self.schema, payload, call.negotiation)
            return self.answer(call, record)

        return view

    def _create_at(self, call: Call, key: str) -> Answer:
        if self.resource.model is Negotiation:
            check_may_make(rights_of(call.session))
        refuse_match()
        payload = self._named(call.body.value, key)
        record = create(call.session, self.resource.model, self.schema, payload, call.negotiation)
        return self.answer(call, record, 201)

    def _named(self, payload: Any, key: str) -> Any:
        """The body of a PUT, with the name that the address gives it if it has none itself."""
        name = self.schema.key[0]
        if self.resource.model is Position or not isinstance(payload, dict):
            return payload
        named = {name: key} | payload
        if named[name] != key:
            raise Invalid([Fault(f"/{name}", f"The address says '{key}': write the same here.")])
        return named

    def patch(self) -> OperationView:
        """PATCH on a record: JSON Merge Patch."""
        resource = self.resource

        @operation(
            self.contract(
                f"patch_{self.resource.noun}",
                f"Change some fields of {one(resource.noun)} (JSON Merge Patch)",
                schema=resource.schema,
                renderers=RECORD,
                query=WriteQuery,
                takes={MERGE_PATCH: resource.schema, JSON: resource.schema},
                access=self.writes,
                problems=("not-found", "conflict", "stale", "precondition-required"),
            )
        )
        def view(call: Call, **path: str) -> Answer:
            self.open(call, path)
            record = self.find(call, path, lock=True)
            require_record_match(record)
            merged = merge(record, self.schema, call.body.value)
            replace(call.session, record, self.schema, merged, call.negotiation)
            return self.answer(call, record)

        return view

    @property
    def _deletion(self) -> str:
        if self.resource.model is Negotiation:
            return "Delete a negotiation with all that it owns"
        return f"Delete {one(self.resource.noun)} that nothing refers to"

    def delete(self) -> OperationView:
        """DELETE on a record."""

        @operation(
            self.contract(
                f"delete_{self.resource.noun}",
                self._deletion,
                status=204,
                renderers={},
                access=self.writes,
                has_etag=False,
                problems=("not-found", "conflict", "stale", "precondition-required"),
            )
        )
        def view(call: Call, **path: str) -> Answer:
            self.open(call, path)
            record = self.find(call, path, lock=True)
            require_record_match(record)
            remove(call.session, record)
            return Answer(status=204)

        return view
