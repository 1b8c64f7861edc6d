"""Histories: the pages of the changes of a negotiation, or of one record, the newest first."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import request
from marshmallow import ValidationError, validates_schema

from negotiations_api.http.operation import Answer, Call, Operation
from negotiations_api.http.pages import (
    Dumped,
    after_parameter,
    is_whole,
    limit_parameter,
    link_to,
    read_cursor,
    read_page,
    read_pages,
    write_cursor,
)
from negotiations_api.http.parameters import Name, Whole
from negotiations_api.http.preconditions import catalogue_etag, revision_etag
from negotiations_api.http.question import LooksQuery, style_of
from negotiations_api.http.representations import JSON, NDJSON, TEXT, json_bytes
from negotiations_api.http.shapes import LIST, ShownList
from negotiations_api.http.streams import Stream, spool
from negotiations_api.models import Action
from negotiations_api.models.base import LONGEST_NAME
from negotiations_api.records.find import NOUNS
from negotiations_api.records.history import Entry, Which, point_of, read_newest, signed_for
from negotiations_api.render.csv import table_csv
from negotiations_api.render.page import page_text
from negotiations_api.render.record import list_page, list_table
from negotiations_api.schemas.change import LARGEST_REVISION, ChangeSchema, HistorySchema
from negotiations_api.schemas.fields import Choice, Text

HISTORY = "history"
"""The tag of the operations on the history of the record."""

COLUMNS = ("revision", "at", "action", "noun", "key", "by", "changed", "reason")
"""What a text shows of each change."""

SCHEMA = ChangeSchema()


class OfRecordQuery(LooksQuery):
    """The parameters of the history of what no negotiation owns."""

    action = Choice(Action, metadata={"description": "Only changes of that kind."})
    by = Text(
        LONGEST_NAME,
        metadata={"description": "Only changes by that name.", "examples": ["analyst"]},
    )
    limit = limit_parameter()
    after = after_parameter()


class InNegotiationQuery(OfRecordQuery):
    """The parameters of the history of a record that a negotiation owns."""

    since = Whole(
        0,
        LARGEST_REVISION,
        "a revision, a whole number",
        metadata={"description": "Only from that revision on, with it."},
    )
    until = Whole(
        0,
        LARGEST_REVISION,
        "a revision, a whole number",
        metadata={"description": "Only up to that revision, with it."},
    )

    @validates_schema(skip_on_field_errors=False)
    def _in_order(self, given: dict[str, Any], **_: Any) -> None:
        since, until = given.get("since"), given.get("until")
        if since is not None and until is not None and until < since:
            raise ValidationError(
                f"{until} is before since {since}: give {since} or more.", "until"
            )


class OfNegotiationQuery(InNegotiationQuery):
    """The parameters of the history of a negotiation."""

    noun = Name(
        sorted(NOUNS), "kind of record", metadata={"description": "Only changes of such records."}
    )


def history_operation(name: str, summary: str, query: type[LooksQuery]) -> Operation:
    """The contract of a history."""
    return Operation(
        name=name,
        summary=summary,
        tag=HISTORY,
        schema=HistorySchema,
        renderers=LIST,
        query=query,
        problems=("not-found",),
    )


def which_of(call: Call, **more: Any) -> Which:
    """The changes that `call` asks for."""
    query = call.query
    return Which(
        action=query.get("action"),
        who=query.get("by"),
        since=query.get("since"),
        until=query.get("until"),
        **more,
    )


class HistoryPages:
    """One history, as `call` wants it. `oldest` finds what stands behind all others."""

    def __init__(
        self,
        call: Call,
        which: Which,
        title: str,
        oldest: Callable[[], Entry | None] | None = None,
    ) -> None:
        self.call = call
        self.which = which
        self.title = title
        self.oldest = oldest

    def show(self, model: Any) -> Answer:
        """The page, or the whole history, of a record of `model`. Raises Problem."""
        call = self.call
        if call.negotiation is None:
            question = f"{request.full_path} {signed_for(call.whole)}"
            etag = catalogue_etag(call.session, model, call.media, question)
        else:
            etag = revision_etag(
                call.negotiation,
                call.media,
                question=request.full_path,
                version=signed_for(call.whole),
            )
        return Answer(
            self._whole if is_whole(call) else self._page,
            etag=etag,
            headers_of=lambda shown: shown.headers,
        )

    def _page(self) -> ShownList:
        dumped, more = read_page(self.call, self._read)
        headers = link_to(more)
        if self.call.media == JSON:
            return ShownList({"items": dumped, "next": more}, headers)
        if self.call.media == TEXT:
            page = list_page(self.title, dumped, columns=COLUMNS, more=more)
            return ShownList(page_text(page, style_of(self.call)), headers)
        return ShownList(_rows(self.call.media, dumped, is_first=True), headers)

    def _whole(self) -> Stream:
        return spool(self._chunks(), {})

    def _chunks(self) -> Iterator[bytes]:
        for number, dumped in enumerate(read_pages(self.call, self._read)):
            yield _rows(self.call.media, dumped, is_first=number == 0).encode()

    def _read(self, limit: int, cursor: str | None) -> tuple[Dumped, str | None]:
        """The changes after `cursor`, and the cursor of those after them, if there are any."""
        start = read_cursor(cursor, request.path, (int, int))
        before = None if start is None else (start[0], start[1])
        found = read_newest(self.call.session, self.which, limit + 1, before)
        if len(found) <= limit:
            last = self.oldest() if self.oldest else None
            if (
                last is not None
                and self.which.has(last)
                and (before is None or point_of(last) < before)
            ):
                found.append(last)
        dumped: Dumped = SCHEMA.dump(found[:limit], many=True)
        if len(found) <= limit:
            return dumped, None
        return dumped, write_cursor(request.path, point_of(found[limit - 1]))


def _rows(media: str, dumped: Dumped, *, is_first: bool) -> str:
    """Changes as lines of CSV, or of NDJSON; the first of CSV begin with a header."""
    if media == NDJSON:
        return "".join(json_bytes(one).decode() for one in dumped)
    return table_csv(list_table(dumped, list(SCHEMA.fields)), with_header=is_first)
