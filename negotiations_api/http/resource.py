"""A resource, declared: what is special to a noun. `http/crud.py` makes its endpoints of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from negotiations_api.database import Access
from negotiations_api.database.rights import check_may_change, rights_of
from negotiations_api.database.sight import check_sees_enough_to_rewrite
from negotiations_api.http.addresses import COLLECTIONS, address, collection
from negotiations_api.http.operation import Answer, Call, Operation
from negotiations_api.http.preconditions import content_etag, etag
from negotiations_api.http.representations import json_bytes
from negotiations_api.http.shapes import asked_fields, record_body
from negotiations_api.models import Audience, Negotiation, Owned, Record
from negotiations_api.records.as_seen import show_as_seen
from negotiations_api.records.faults import Missing, Other
from negotiations_api.records.find import eager, find, is_catalogue
from negotiations_api.records.reader import FoundRow, Reader, reader_of
from negotiations_api.schemas.base import RecordSchema


@dataclass(frozen=True, slots=True)
class Resource:
    """A noun with an address: what is stored, what is shown, what lists filter and sort by.

    `sorts` are columns that are never null; the first is the order of a list that asks for none.
    `takes_many` says whether a POST may have many of them.
    """

    model: type[Record]
    schema: type[RecordSchema]
    filters: tuple[str, ...] = ()
    sorts: tuple[str, ...] = ("slug",)
    takes_many: bool = False

    @property
    def noun(self) -> str:
        """Its name, singular."""
        return self.model.noun

    @property
    def is_owned(self) -> bool:
        """Whether a negotiation owns it."""
        return issubclass(self.model, Owned)

    @property
    def many(self) -> str:
        """The address of its collection, as a rule of Flask's."""
        return collection(self.noun, "<negotiation>" if self.is_owned else None)

    @property
    def one(self) -> str:
        """The address of one of it, as a rule of Flask's."""
        return f"{self.many}/<{self.noun}>"


class Endpoints:
    """What the endpoints of a resource share; the address gives `negotiation` and the key."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self.schema = resource.schema()
        self.options = eager(self.schema, resource.model)
        self.writes = Access.CATALOGUE if is_catalogue(resource.model) else Access.WRITE

    def contract(self, name: str, summary: str, **more: Any) -> Operation:
        """The contract of one of its operations."""
        return Operation(name=name, summary=summary, tag=COLLECTIONS[self.resource.noun], **more)

    def open(self, call: Call, path: dict[str, str]) -> None:
        """Open the negotiation of the address, if there is one in it. Raises Missing."""
        if self.resource.is_owned:
            call.open(path["negotiation"])

    def find(self, call: Call, path: dict[str, str], *, lock: bool = False) -> Record:
        """The record of the address, to be changed if it is to be locked.

        Raises Missing, and Forbidden if the caller sees it and may not change it.
        """
        found = find(
            call.session,
            self.resource.model,
            path[self.resource.noun],
            call.negotiation,
            options=self.options,
            lock=lock and not self.resource.is_owned,
        )
        if isinstance(found, Negotiation):
            call.sight_of(found)
        if lock:
            check_may_change(rights_of(call.session), found)
            check_sees_enough_to_rewrite(call.session, found)
            show_as_seen(call.session, found)
        return found

    def reader(self, call: Call) -> Reader:
        """What reads just what `call` asks for."""
        # What is expanded may be named by a field that is not asked for.
        asked = None if "expand" in call.query else asked_fields(call, self.schema)
        fields = None if asked is None else frozenset(asked)
        return reader_of(self.resource.model, self.resource.schema, fields)

    def address(self, call: Call, record: Record) -> str:
        """The address of a record."""
        slug = call.negotiation.slug if call.negotiation and self.resource.is_owned else None
        return address(Other(record.noun, record.key, slug))

    def answer(self, call: Call, record: Record, status: int = 200) -> Answer:
        """The answer that shows a record."""
        if isinstance(record, Negotiation):
            call.negotiation = record
        show_as_seen(call.session, record)
        if isinstance(record, Audience):
            call.see_anew()
        headers = {"Location": self.address(call, record)} if status == 201 else {}
        return self._shown(call, record, lambda: self.schema.dump(record), status, headers)

    def read_record(self, call: Call, path: dict[str, str]) -> Answer:
        """The answer that shows the record of the address. Raises Missing."""
        if self.resource.model is Negotiation:
            return self.answer(call, call.open(path[self.resource.noun]))
        reader = self.reader(call)
        found = self.find_row(call, path, reader)
        return self._shown(call, found, lambda: reader.dump(call.session, [found.row])[0])

    def find_row(self, call: Call, path: dict[str, str], reader: Reader) -> FoundRow:
        """The record of the address, as `reader` reads it, with its negotiation opened.

        Raises Missing.
        """
        key, slug = path[self.resource.noun], path.get("negotiation")
        if call.known:
            self.open(call, path)
            return self._found(call, reader, key, slug)
        try:
            found = self._found(call, reader, key, slug)
        except Missing:
            # What is missing is told of what the caller sees.
            self.open(call, path)
            return self._found(call, reader, key, slug)
        if found.negotiation is not None and found.negotiation.is_divided:
            self.open(call, path)
            return self._found(call, reader, key, slug)
        return found

    def _found(self, call: Call, reader: Reader, key: str, slug: str | None) -> FoundRow:
        found = reader.find(call.session, key, slug)
        call.negotiation = found.negotiation
        return found

    def _shown(
        self,
        call: Call,
        record: Record | FoundRow,
        dump: Callable[[], Mapping[str, Any]],
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        def body() -> Any:
            title = f"{record.noun.capitalize()} {record.key}"
            return record_body(call, self.schema, dump(), title)

        if "expand" not in call.query:
            return Answer(body, status, etag(record, call.media), headers or {})
        shown = body()
        # What stands beside the record may change while it stays.
        beside = content_etag(json_bytes(shown))[:16]
        return Answer(shown, status, etag(record, call.media, beside), headers or {})
