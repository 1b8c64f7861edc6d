"""The six operations of a resource: list, create, read, replace, patch, delete."""

from collections.abc import Callable
from typing import Any

from flask import Response, request
from sqlalchemy import Select, func, select

from negotiations_api.database import Access
from negotiations_api.http.addresses import COLLECTIONS
from negotiations_api.http.body import MERGE_PATCH
from negotiations_api.http.filters import conditions, list_query
from negotiations_api.http.operation import Answer, Call, operation
from negotiations_api.http.pages import after, next_address, read_cursor, write_cursor
from negotiations_api.http.preconditions import etag, refuse_match, require_match, revision_etag
from negotiations_api.http.problem import Problem
from negotiations_api.http.representations import JSON
from negotiations_api.http.resource import Endpoints, Resource
from negotiations_api.models import Participant, Position, Record
from negotiations_api.records.assign import merge
from negotiations_api.records.faults import Fault, Invalid, Missing
from negotiations_api.records.find import in_scope
from negotiations_api.records.resolve import look_up, references, unresolved
from negotiations_api.records.write import create, remove, replace
from negotiations_api.schemas.fields import Reference
from negotiations_api.schemas.listing import listing_of


class RecordViews(Endpoints):
    """The views of the records of a resource."""

    def __init__(self, resource: Resource) -> None:
        super().__init__(resource)
        self.query = list_query(resource.schema, resource.filters, resource.sorts)
        self.filters = self.query()
        self.by_slug = {n for n, f in self.filters.fields.items() if isinstance(f, Reference)}

    def list(self) -> Callable[..., Response]:
        """GET on the collection."""
        resource = self.resource

        @operation(
            self.contract(
                f"list_{COLLECTIONS[resource.noun]}",
                f"The {COLLECTIONS[resource.noun]}, page by page",
                schema=listing_of(resource.schema),
                query=self.query,
                problems=("not-found",) if resource.is_owned else (),
                has_etag=resource.is_owned,
            )
        )
        def view(call: Call, **path: str) -> Answer:
            self.open(call, path)
            self._refuse_unknown(call)
            if call.negotiation is None:
                return Answer(lambda: self._page(call), headers_of=_links)
            tag = revision_etag(call.negotiation, call.media, question=request.full_path)
            return Answer(lambda: self._page(call), etag=tag, headers_of=_links)

        return view

    def _page(self, call: Call) -> dict[str, Any]:
        model, query = self.resource.model, call.query
        statement = in_scope(model, call.negotiation).where(*conditions(model, self.schema, query))
        name, descending = query["sort"]
        column = (
            Participant.party.property.mapper.class_.slug
            if name == "party"
            else getattr(model, name)
        )
        cursor = read_cursor(query.get("after"), (str, int))
        page = after(statement, (column, model.id), descending, cursor)
        rows = (
            call.session.scalars(page.limit(query["limit"] + 1).options(*self.options))
            .unique()
            .all()
        )
        records = rows[: query["limit"]]
        body: dict[str, Any] = {"items": self.schema.dump(records, many=True), "next": None}
        if len(rows) > len(records):
            last = records[-1]
            body["next"] = next_address(write_cursor([_sorted_by(last, name), last.id]))
        if "count" in query:
            body["count"] = _count(call, statement)
        return body

    def _refuse_unknown(self, call: Call) -> None:
        """Refuse filters that name what is not there: their list would be empty, and mislead."""
        filters = self.filters.load({k: v for k, v in request.args.items() if k in self.by_slug})
        wanted = list(references(self.filters, filters))
        found = look_up(call.session, call.negotiation, {(n, slug) for _, n, slug in wanted})
        errors = [
            {
                "parameter": at.removeprefix("/"),
                "detail": unresolved(call.session, call.negotiation, noun, slug),
            }
            for at, noun, slug in wanted
            if (noun, slug) not in found
        ]
        if errors:
            detail = " ".join(f"{error['parameter']}: {error['detail']}" for error in errors)
            raise Problem("bad-query", detail, errors=errors)

    def create(self) -> Callable[..., Response]:
        """POST on the collection."""
        resource = self.resource

        @operation(
            self.contract(
                f"create_{self.resource.noun}",
                f"Record a new {resource.noun}",
                schema=resource.schema,
                status=201,
                takes={JSON: resource.schema},
                access=Access.WRITE,
                problems=(*(("not-found",) if resource.is_owned else ()), "conflict"),
            )
        )
        def view(call: Call, **path: str) -> Answer:
            self.open(call, path)
            record = create(
                call.session, resource.model, self.schema, call.body.value, call.negotiation
            )
            return self.answer(call, record, 201)

        return view

    def read(self) -> Callable[..., Response]:
        """GET on a record."""

        @operation(
            self.contract(
                f"read_{self.resource.noun}",
                f"One {self.resource.noun}",
                schema=self.resource.schema,
                problems=("not-found",),
            )
        )
        def view(call: Call, **path: str) -> Answer:
            self.open(call, path)
            return self.answer(call, self.find(call, path))

        return view

    def replace(self) -> Callable[..., Response]:
        """PUT on a record: replaces it whole, or creates it under the slug in the address."""
        resource = self.resource

        @operation(
            self.contract(
                f"replace_{self.resource.noun}",
                f"Replace a {resource.noun}"
                + ("" if resource.model is Position else ", or create it under this name"),
                schema=resource.schema,
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
            require_match(etag(record))
            payload = self._named(call.body.value, record.key)
            replace(call.session, record, self.schema, payload, call.negotiation)
            return self.answer(call, record)

        return view

    def _create_at(self, call: Call, key: str) -> Answer:
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

    def patch(self) -> Callable[..., Response]:
        """PATCH on a record: JSON Merge Patch."""
        resource = self.resource

        @operation(
            self.contract(
                f"patch_{self.resource.noun}",
                f"Change some fields of a {resource.noun} (JSON Merge Patch)",
                schema=resource.schema,
                takes={MERGE_PATCH: resource.schema, JSON: resource.schema},
                access=self.writes,
                problems=("not-found", "conflict", "stale", "precondition-required"),
            )
        )
        def view(call: Call, **path: str) -> Answer:
            self.open(call, path)
            record = self.find(call, path, lock=True)
            require_match(etag(record))
            merged = merge(record, self.schema, call.body.value)
            replace(call.session, record, self.schema, merged, call.negotiation)
            return self.answer(call, record)

        return view

    def delete(self) -> Callable[..., Response]:
        """DELETE on a record."""

        @operation(
            self.contract(
                f"delete_{self.resource.noun}",
                f"Delete a {self.resource.noun} that nothing refers to",
                status=204,
                access=self.writes,
                has_etag=False,
                problems=("not-found", "conflict", "stale", "precondition-required"),
            )
        )
        def view(call: Call, **path: str) -> Answer:
            self.open(call, path)
            record = self.find(call, path, lock=True)
            require_match(etag(record))
            remove(call.session, record)
            return Answer(status=204)

        return view


def _links(page: dict[str, Any]) -> dict[str, str]:
    return {"Link": f'<{page["next"]}>; rel="next"'} if page["next"] else {}


def _sorted_by(record: Record, name: str) -> Any:
    return record.key if name == "party" else getattr(record, name)


def _count(call: Call, statement: Select[Any]) -> int:
    return call.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
