"""Lists of records: their parameters, their pages, and whole lists."""

import datetime as dt
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache, partial
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, bindparam, func, select

from negotiations_api.database.rights import visible
from negotiations_api.http.addresses import COLLECTIONS
from negotiations_api.http.filters import Filter, filters_of
from negotiations_api.http.operation import Answer, Call
from negotiations_api.http.pages import (
    Dumped,
    Sort,
    after,
    after_parameter,
    foreign_cursor,
    is_whole,
    limit_parameter,
    link_to,
    read_cursor,
    read_page,
    read_pages,
    write_cursor,
)
from negotiations_api.http.preconditions import catalogue_etag, negotiations_etag, revision_etag
from negotiations_api.http.problem import bad_query
from negotiations_api.http.representations import JSON
from negotiations_api.http.resource import Endpoints, Resource
from negotiations_api.http.shapes import ShownList, beside, chosen, list_text, rows, shown_query
from negotiations_api.http.streams import Stream, spool
from negotiations_api.models import Negotiation, Record
from negotiations_api.records.find import in_scope, key_column
from negotiations_api.records.hints import unresolved
from negotiations_api.records.reader import Reader
from negotiations_api.records.resolve import look_up
from negotiations_api.records.search import Unsearchable, is_searchable, matching
from negotiations_api.schemas.base import StrictSchema
from negotiations_api.schemas.fields import Choice, Text

TIMES = ("created_at", "updated_at")
TOTAL = "Total-Count"

Conditions = Sequence[ColumnElement[bool]]
"""What the records of a list are all of."""


class Count(StrEnum):
    """Whether a list says how many records there are in all."""

    EXACT = "exact"


class Lists(Endpoints):
    """The list of a resource's records."""

    def __init__(self, resource: Resource) -> None:
        super().__init__(resource)
        self.filters = filters_of(resource.model, self.schema, resource.filters)
        self.query = self._query()

    def _query(self) -> type[StrictSchema]:
        parameters: dict[str, Any] = {}
        for one in self.filters:
            one.field.data_key = one.name
            parameters[one.key] = one.field
        if is_searchable(self.resource.model):
            parameters["q"] = Text(
                1000,
                metadata={
                    "description": "Only what has all these words, in any of their forms; "
                    "word* is what begins so."
                },
            )
        sorts = (*self.resource.sorts, *TIMES)
        parameters["sort"] = Sort(
            sorts,
            load_default=(sorts[0], False),
            metadata={
                "description": f"In which order: by one of these, -field for the last first; by "
                f"{sorts[0]} if it is left out."
            },
        )
        parameters["limit"] = limit_parameter()
        parameters["after"] = after_parameter()
        parameters["count"] = Choice(
            Count, metadata={"description": "Also say how many there are in all."}
        )
        return type("ListQuery", (shown_query(self.schema),), parameters)

    def show(self, call: Call) -> Answer:
        """The page, or the whole list, that `call` asks for. Raises Problem."""
        conditions = self._conditions(call)
        title = COLLECTIONS[self.resource.noun].capitalize()
        if self.resource.model is Negotiation:
            etag = negotiations_etag(call.session, call.media, request.full_path)
        elif call.negotiation is None:
            etag = catalogue_etag(call.session, self.resource.model, call.media, request.full_path)
        else:
            etag = revision_etag(call.negotiation, call.media, question=request.full_path)
            title += f" of {call.negotiation.slug}"
        read = self._whole if is_whole(call) else self._page
        return Answer(
            lambda: read(call, conditions, title),
            etag=etag,
            headers_of=lambda shown: shown.headers,
        )

    def _conditions(self, call: Call) -> Conditions:
        given = [one for one in self.filters if one.key in call.query]
        values = self._resolved(call, given) if given else {}
        conditions = [one.condition(values[one.key]) for one in given]
        if self.resource.model is Negotiation:
            conditions.append(visible(call.session))
        if "q" in call.query:
            try:
                conditions.append(matching(call.session, self.resource.model, call.query["q"]))
            except Unsearchable as error:
                raise bad_query({"q": str(error)}) from None
        return conditions

    def _resolved(self, call: Call, given: Sequence[Filter]) -> dict[str, Any]:
        """The values of the filters, records for their slugs.

        Raises Problem for a slug that stands for nothing: an empty list would mislead.
        """
        values = {one.key: call.query[one.key] for one in given}
        asked = [
            (one, one.noun, [value] if isinstance(value, str) else value)
            for one in given
            if one.noun and (value := values[one.key]) is not None
        ]
        wanted = {(noun, slug) for _, noun, slugs in asked for slug in slugs}
        found = look_up(call.session, call.negotiation, wanted)
        errors: dict[str, str] = {}
        for one, noun, slugs in asked:
            for slug in slugs:
                if (noun, slug) not in found:
                    detail = unresolved(call.session, call.negotiation, noun, slug)
                    errors.setdefault(one.name, detail)
            values[one.key] = [found.get((noun, slug)) for slug in slugs]
        if errors:
            raise bad_query(errors)
        return values

    def _page(self, call: Call, conditions: Conditions, title: str) -> ShownList:
        dumped, more = read_page(call, partial(self._read, call, conditions))
        headers = link_to(more)
        count = self._count(call, conditions)
        if count is not None:
            headers[TOTAL] = str(count)
        if call.media != JSON:
            text = list_text(call, self.schema, dumped, title, more=more, count=count)
            return ShownList(text, headers)
        body: dict[str, Any] = {
            "items": chosen(call, self.schema, dumped),
            "next": more,
        }
        included = beside(call, self.schema, dumped)
        body |= {} if count is None else {"count": count}
        return ShownList(body if included is None else body | {"included": included}, headers)

    def _whole(self, call: Call, conditions: Conditions, _: str) -> Stream:
        """All records."""
        beside(call, self.schema, [])
        count = self._count(call, conditions)
        headers = {} if count is None else {TOTAL: str(count)}
        return spool(self._chunks(call, conditions), headers)

    def _chunks(self, call: Call, conditions: Conditions) -> Iterator[bytes]:
        for number, dumped in enumerate(read_pages(call, partial(self._read, call, conditions))):
            yield rows(call, self.schema, dumped, is_first=number == 0).encode()
            call.session.expunge_all()

    def _count(self, call: Call, conditions: Conditions) -> int | None:
        if "count" not in call.query:
            return None
        statement = in_scope(self.resource.model, call.negotiation).where(*conditions)
        return call.session.scalar(select(func.count()).select_from(statement.subquery())) or 0

    def _read(
        self, call: Call, conditions: Conditions, limit: int, cursor: str | None
    ) -> tuple[Dumped, str | None]:
        """The records after `cursor`, and the cursor of those after them, if there are any."""
        name, descending = call.query["sort"]
        model = self.resource.model
        owner = call.negotiation.slug if call.negotiation else ""
        order = cursor_order(owner, model, name, descending=descending)
        start = read_cursor(cursor, order, (str, int))
        if start is not None and name in TIMES:
            start[0] = _moment(start[0])
        reader = self.reader(call)
        columns, page = _page_of(reader, name, descending)
        if start is not None:
            conditions = (*conditions, after(columns, descending, start))
        if conditions:
            page = page.where(*conditions)
        given = {"rows": limit + 1, "negotiation": call.negotiation and call.negotiation.id}
        found = reader.rows(call.session, page, given)
        dumped = reader.dump(call.session, found[:limit])
        if len(found) <= limit:
            return dumped, None
        *_, value, identifier = found[limit - 1]
        text = value.isoformat() if isinstance(value, dt.datetime) else value
        return dumped, write_cursor(order, [text, identifier])


def cursor_order(owner: str, model: type[Record], name: str, *, descending: bool) -> str:
    """What tells the cursors of one list and order from those of others.

    `owner` is the slug of the negotiation that the records belong to, if one owns them.
    """
    return f"{owner} {model.noun} {'-' if descending else ''}{name}"


@lru_cache(maxsize=1024)
def _page_of(
    reader: Reader, name: str, descending: bool
) -> tuple[Sequence[SQLColumnExpression[Any]], Select[Any]]:
    """What a page is sorted by, and the select that reads it without filters and cursor.

    It is made once: to make it, and to look up its SQL by all of its parts, takes as long as to run
    it. It takes the number of `rows`, and the id of the `negotiation` if one owns the records.
    """
    model = reader.model
    # A participant goes by its party's slug.
    column = key_column(model) if name == "party" else getattr(model, name)
    columns = (column, model.id)
    statement = reader.select(in_scope(model, bindparam("negotiation")), *columns)
    order = (c.desc() if descending else c.asc() for c in columns)
    return columns, statement.order_by(*order).limit(bindparam("rows"))


def _moment(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise foreign_cursor() from None
