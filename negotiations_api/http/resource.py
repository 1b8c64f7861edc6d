"""CRUD, declared: a `Resource` says what is special to a noun, `make_blueprint` does the rest."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import Select, func, select

from negotiations_api.database import Access
from negotiations_api.http.addresses import COLLECTIONS, address, collection
from negotiations_api.http.body import MERGE_PATCH
from negotiations_api.http.filters import conditions, list_query
from negotiations_api.http.operation import Answer, Call, Operation, operation
from negotiations_api.http.pages import after, next_address, read_cursor, write_cursor
from negotiations_api.http.preconditions import etag, refuse_match, require_match, revision_etag
from negotiations_api.http.representations import JSON
from negotiations_api.models import Negotiation, Owned, Participant, Position, Record
from negotiations_api.records.faults import Fault, Invalid, Missing, Other
from negotiations_api.records.find import eager, find, in_scope, is_catalogue
from negotiations_api.records.write import create, merge, remove, replace
from negotiations_api.schemas.base import RecordSchema
from negotiations_api.schemas.listing import listing_of


@dataclass(frozen=True, slots=True)
class Resource:
    """A noun with an address: what is stored, what is shown, what lists filter and sort by.

    `sorts` are columns that are never null; the first is the order of a list that asks for none.
    """

    model: type[Record]
    schema: type[RecordSchema]
    filters: tuple[str, ...] = ()
    sorts: tuple[str, ...] = ("slug",)

    @property
    def noun(self) -> str:
        """Its name, singular."""
        return self.model.noun

    @property
    def is_owned(self) -> bool:
        """Whether a negotiation owns it."""
        return issubclass(self.model, Owned)


def make_blueprint(resource: Resource) -> Blueprint:
    """The six operations of a resource: list, create, read, replace, patch, delete."""
    blueprint = Blueprint(COLLECTIONS[resource.noun], __name__)
    many = collection(resource.noun, None)
    if resource.is_owned:
        many = many.replace("/v1/", "/v1/negotiations/<negotiation>/")
    one = f"{many}/<{resource.noun}>"
    views = _Views(resource)
    for method, rule, view in (
        ("GET", many, views.list()),
        ("POST", many, views.create()),
        ("GET", one, views.read()),
        ("PUT", one, views.replace()),
        ("PATCH", one, views.patch()),
        ("DELETE", one, views.delete()),
    ):
        name = view.operation.name  # type: ignore[attr-defined]  # set by `operation`
        blueprint.add_url_rule(rule, name, view, methods=[method])
    return blueprint


class _Views:
    """The views of one resource; the address gives `negotiation` (if owned) and the key."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self.schema = resource.schema()
        self.options = eager(self.schema, resource.model)
        self.writes = Access.CATALOGUE if is_catalogue(resource.model) else Access.WRITE
        self.parent = ("not-found",) if resource.is_owned else ()

    def _contract(self, verb: str, summary: str, **more: Any) -> Operation:
        noun = COLLECTIONS[self.resource.noun] if verb == "list" else self.resource.noun
        return Operation(
            name=f"{verb}_{noun}", summary=summary, tag=COLLECTIONS[self.resource.noun], **more
        )

    def _find(self, call: Call, path: dict[str, str], *, lock: bool = False) -> Record:
        return find(
            call.session,
            self.resource.model,
            path[self.resource.noun],
            call.negotiation,
            options=self.options,
            lock=lock and not self.resource.is_owned,
        )

    def _open(self, call: Call, path: dict[str, str]) -> None:
        if self.resource.is_owned:
            call.open(path["negotiation"])

    def _answer(self, call: Call, record: Record, status: int = 200) -> Answer:
        headers = {}
        if isinstance(record, Negotiation):
            call.negotiation = record
        if status == 201:
            slug = call.negotiation.slug if call.negotiation and self.resource.is_owned else None
            headers["Location"] = address(Other(record.noun, record.key, slug))
        return Answer(self.schema.dump(record), status, etag(record), headers)

    def list(self) -> Callable[..., Response]:
        """GET on the collection."""
        resource = self.resource

        @operation(
            self._contract(
                "list",
                f"The {COLLECTIONS[resource.noun]}, page by page",
                schema=listing_of(resource.schema),
                query=list_query(resource.schema, resource.filters, resource.sorts),
                problems=self.parent,
                has_etag=resource.is_owned,
            )
        )
        def view(call: Call, **path: str) -> Answer:
            self._open(call, path)
            if call.negotiation is None:
                body = self._page(call)
                return Answer(body, headers=_links(body))
            tag = revision_etag(call.negotiation, call.media)
            body = self._page(call)
            return Answer(body, etag=tag, headers=_links(body))

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

    def create(self) -> Callable[..., Response]:
        """POST on the collection."""
        resource = self.resource

        @operation(
            self._contract(
                "create",
                f"Record a new {resource.noun}",
                schema=resource.schema,
                status=201,
                takes={JSON: resource.schema},
                access=Access.WRITE,
                problems=(*self.parent, "conflict"),
            )
        )
        def view(call: Call, **path: str) -> Answer:
            self._open(call, path)
            record = create(
                call.session, resource.model, self.schema, call.body.value, call.negotiation
            )
            return self._answer(call, record, 201)

        return view

    def read(self) -> Callable[..., Response]:
        """GET on a record."""

        @operation(
            self._contract(
                "read",
                f"One {self.resource.noun}",
                schema=self.resource.schema,
                problems=("not-found",),
            )
        )
        def view(call: Call, **path: str) -> Answer:
            self._open(call, path)
            return self._answer(call, self._find(call, path))

        return view

    def replace(self) -> Callable[..., Response]:
        """PUT on a record: replaces it whole, or creates it under the slug in the address."""
        resource = self.resource

        @operation(
            self._contract(
                "replace",
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
            self._open(call, path)
            try:
                record = self._find(call, path, lock=True)
            except Missing:
                if resource.model is Position:
                    raise
                return self._create_at(call, path[resource.noun])
            require_match(etag(record))
            payload = self._named(call.body.value, record.key)
            replace(call.session, record, self.schema, payload, call.negotiation)
            return self._answer(call, record)

        return view

    def _create_at(self, call: Call, key: str) -> Answer:
        refuse_match()
        payload = self._named(call.body.value, key)
        record = create(call.session, self.resource.model, self.schema, payload, call.negotiation)
        return self._answer(call, record, 201)

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
            self._contract(
                "patch",
                f"Change some fields of a {resource.noun} (JSON Merge Patch)",
                schema=resource.schema,
                takes={MERGE_PATCH: resource.schema, JSON: resource.schema},
                access=self.writes,
                problems=("not-found", "conflict", "stale", "precondition-required"),
            )
        )
        def view(call: Call, **path: str) -> Answer:
            self._open(call, path)
            record = self._find(call, path, lock=True)
            require_match(etag(record))
            merged = merge(record, self.schema, call.body.value)
            replace(call.session, record, self.schema, merged, call.negotiation)
            return self._answer(call, record)

        return view

    def delete(self) -> Callable[..., Response]:
        """DELETE on a record."""

        @operation(
            self._contract(
                "delete",
                f"Delete a {self.resource.noun} that nothing refers to",
                status=204,
                access=self.writes,
                has_etag=False,
                problems=("not-found", "conflict", "stale", "precondition-required"),
            )
        )
        def view(call: Call, **path: str) -> Answer:
            self._open(call, path)
            record = self._find(call, path, lock=True)
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
