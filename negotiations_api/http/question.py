"""A question: an answer that is derived from negotiations as they stand, in every representation.

Whatever is asked, the parameters of its looks, the ETag and the representations are the same; a
view says what to compute, and nothing is computed for a client that has the answer already.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import Any

from flask import request
from marshmallow import Schema

from negotiations_api.http.operation import QUESTIONS, Answer, Call, Operation
from negotiations_api.http.parameters import Whole
from negotiations_api.http.preconditions import revision_etag
from negotiations_api.http.ready import RestsOn
from negotiations_api.http.representations import CSV, JSON, MARKDOWN, SVG, TEXT, json_bytes
from negotiations_api.models import Negotiation
from negotiations_api.render.csv import table_csv
from negotiations_api.render.markdown import page_markdown
from negotiations_api.render.page import Page, Table, page_text
from negotiations_api.render.style import DEFAULT_WIDTH, NARROWEST, WIDEST, Style
from negotiations_api.schemas.answer import AcrossSchema, AnswerSchema
from negotiations_api.schemas.base import StrictSchema
from negotiations_api.schemas.compiled import Dump, compile_dump
from negotiations_api.schemas.fields import Choice


class Color(StrEnum):
    """Whether a text is in colour."""

    ALWAYS = "always"
    NEVER = "never"


class LooksQuery(StrictSchema):
    """How a text looks."""

    width = Whole(
        NARROWEST,
        WIDEST,
        load_default=DEFAULT_WIDTH,
        metadata={"description": "The columns that a text keeps to."},
    )
    color = Choice(
        Color,
        load_default=Color.NEVER,
        metadata={"description": "Whether a text is in colour, by terminal escapes."},
    )


@dataclass(frozen=True, slots=True)
class Looks:
    """How an answer is shown: as a page (text and Markdown), as a table (CSV), as a picture.

    `text` is for answers that have a text of their own; `svg` is the module in `render/svg/`
    that draws the answer. It is imported when it is first asked for, since a plotting library takes
    longer to import than the rest of the service.
    """

    page: Callable[[Any], Page]
    table: Callable[[Any], Table]
    text: Callable[[Any, Style], str] | None = None
    svg: str | None = None

    def show(self, answer: Any, media: str, style: Style) -> str:
        """`answer` as `media`."""
        if media == TEXT and self.text is not None:
            return self.text(answer, style)
        if media == TEXT:
            return page_text(self.page(answer), style)
        if media == MARKDOWN:
            return page_markdown(self.page(answer))
        if media == CSV:
            return table_csv(self.table(answer))
        module = import_module(f"negotiations_api.render.svg.{self.svg}")
        drawn: str = getattr(module, f"{self.svg}_svg")(answer)
        return drawn


def style_of(call: Call) -> Style:
    """How the client wants texts to look."""
    width = call.query.get("width", DEFAULT_WIDTH)
    return Style(width, call.query.get("color") is Color.ALWAYS)


def text_bytes(text: str) -> bytes:
    """A text as it is sent."""
    return text.encode()


def question(
    name: str,
    summary: str,
    schema: type[Schema],
    query: type[LooksQuery],
    looks: Looks,
    *,
    problems: tuple[str, ...] = (),
    has_past: bool = True,
) -> Operation:
    """The contract of a question."""
    media = (TEXT, MARKDOWN, CSV, *((SVG,) if looks.svg else ()))
    return Operation(
        name=name,
        summary=summary,
        tag=QUESTIONS,
        schema=schema,
        renderers={JSON: json_bytes} | dict.fromkeys(media, text_bytes),
        query=query,
        problems=("not-found", *problems),
        has_past=has_past,
    )


def shown(schema: type[Schema] | Schema, computed: Any) -> tuple[dict[str, Any], bool]:
    """What `schema` shows of an answer, and whether that is derived from one negotiation."""
    dump, is_of_one = _dump_of(schema)
    return dump(computed), is_of_one


@cache
def _dump_of(schema: type[Schema] | Schema) -> tuple[Dump, bool]:
    made = schema() if isinstance(schema, type) else schema
    is_of_one = isinstance(made, AnswerSchema)
    # What an answer says of its negotiations, it does not know itself.
    said = (AnswerSchema if is_of_one else AcrossSchema)().fields
    return compile_dump(type(made)(exclude=set(said) & set(made.fields))), is_of_one


def answer(
    call: Call,
    asked: Operation,
    looks: Looks,
    negotiations: Sequence[Negotiation],
    compute: Callable[[], Any],
    *,
    day: str = "",
    version: str = "",
    dated_path: str = "",
) -> Answer:
    """The answer that `compute` makes of `negotiations`, if it is wanted at all.

    `day` is today, where the answer changes with the calendar, and `dated_path` an address that
    says that day, where no parameter does; `version` stands for what else it depends on.
    """

    def body() -> Any:
        computed = compute()
        if call.media != JSON:
            return looks.show(computed, call.media, style_of(call))
        assert asked.schema is not None
        dumped, is_of_one = shown(asked.schema, computed)
        if is_of_one:
            (opened,) = negotiations
            return {"negotiation": opened.slug, "revision": opened.revision} | dumped
        return {"revisions": {one.slug: one.revision for one in negotiations}} | dumped

    tag = revision_etag(
        negotiations, call.media, day=day, question=request.full_path, version=version
    )
    states = tuple((one.id, one.revision) for one in negotiations)
    key = (states, version, day, request.full_path, call.media)
    # What is shared and asked for may go without any of the revisions telling of it.
    is_told = not version and call.query.keys().isdisjoint(("issue", "party"))
    rests_on = RestsOn(key, states, day) if is_told else None
    return Answer(body, etag=tag, key=key, rests_on=rests_on, day=day, dated_path=dated_path)
