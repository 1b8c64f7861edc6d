"""Any record, and any list of records, as a page and as a table.

A record comes as its JSON representation, and keeps the names of the fields there: what is read in
the text can be asked for, filtered by and changed under the same name.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from negotiations_api.render.page import Cell, Page, Section, Table
from negotiations_api.render.part import has_parts, part_words, slug_of, value_words
from negotiations_api.render.style import Style

KEPT_BY_THE_SERVICE = ("id", "created_at", "updated_at", "recorded_by", "changed_by")
"""What nobody wrote, and stands last."""

LONG = ("text", "summary", "url")
"""What is too long for a row: a list is for finding a record, which then has it whole."""

LONGEST_CELL = 60
"""The columns of a terminal that a cell of a list takes at most; the record has the whole text."""

_EMPTY: tuple[Any, ...] = (None, "", [], {})
_WORD = re.compile(r"[^\s\[]\S*")


def record_page(title: str, record: Mapping[str, Any]) -> Page:
    """A line for each field that is not empty, then the parts, a list each, then id and times."""
    written = {name: value for name, value in record.items() if name not in KEPT_BY_THE_SERVICE}
    parts = {name: value for name, value in written.items() if has_parts(value)}
    simple = {name: value for name, value in written.items() if name not in parts}
    kept = {name: record.get(name) for name in KEPT_BY_THE_SERVICE}
    return Page(
        title,
        (
            Section(None, tuple(_lines(simple))),
            *(
                Section(name, items=tuple(part_words(name, part) for part in value))
                for name, value in parts.items()
            ),
            Section(None, tuple(_lines(kept))),
        ),
    )


def _lines(record: Mapping[str, Any]) -> Iterator[str]:
    said = ((name, value_words(value)) for name, value in record.items())
    return (f"{name}: {words}" for name, words in said if words)


def list_page(
    title: str,
    records: Sequence[Mapping[str, Any]],
    keys: int = 1,
    columns: Sequence[str] | None = None,
    more: str | None = None,
    count: int | None = None,
) -> Page:
    """A row for each record, then how many are shown.

    The first `keys` columns say which record a row is about. Without `columns`, there is one for
    each field that any record has something in, but those that only the record itself shows: its
    parts, its id and times, who wrote it, its long texts. Parts have no id, and show their texts.
    `more` is the address of the next page, `count` how many there are on all pages.
    """
    shown = list(columns) if columns is not None else [*_worth_it(records)]
    rows = tuple(tuple(_short(name, record.get(name)) for name in shown) for record in records)
    table = Table(tuple(shown), rows, keys) if shown else None
    return Page(
        title,
        (Section(None, table=table), Section(None, (_how_many(rows, more, count),), address=more)),
    )


def _how_many(rows: Sequence[Any], more: str | None, count: int | None) -> str:
    if not rows:
        return "There is none." if count is None else f"None of {count} is shown."
    shown = f"{len(rows)} shown" if count is None else f"{len(rows)} of {count} shown"
    return f"{shown}; the next are at:" if more else f"{shown}; there are no more."


def _fields(records: Sequence[Mapping[str, Any]]) -> list[str]:
    """The fields of all records, in the order of the first."""
    return list(dict.fromkeys(name for record in records for name in record))


def _worth_it(records: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    left_out = {*KEPT_BY_THE_SERVICE, *(LONG if any("id" in record for record in records) else ())}
    for name in _fields(records):
        values = [record.get(name) for record in records]
        is_simple = not any(has_parts(value) or _is_object(value) for value in values)
        if name not in left_out and is_simple and any(value not in _EMPTY for value in values):
            yield name


def _is_object(value: Any) -> bool:
    """Whether a value is an object that no slug stands for."""
    return isinstance(value, Mapping) and slug_of(value) is None


def _short(name: str, value: Any) -> Cell:
    """A value in a cell that is read: numbers as such, an expanded record by its slug."""
    shown = value if _is_object(value) else slug_of(value)
    if shown in _EMPTY:
        return None
    if isinstance(shown, int | float) and not isinstance(shown, bool):
        return shown
    if has_parts(shown):
        words = "; ".join(part_words(name, part) for part in shown)
    else:
        words = value_words(shown)
    return Style().shorten(words, LONGEST_CELL)


def list_table(records: Sequence[Mapping[str, Any]], columns: Sequence[str] | None = None) -> Table:
    """A row for each record, with all that it says in one row for programs.

    Without `columns`, there is one for each field of any record. Slugs in a list have a space
    between them; other lists, and objects, are JSON; true and false are written so, and what is
    empty is None.
    """
    header = tuple(_fields(records) if columns is None else columns)
    return Table(header, tuple(tuple(_cell(record.get(n)) for n in header) for record in records))


def _cell(value: Any) -> Cell:
    match value:
        case bool():
            return "true" if value else "false"
        case None | int() | float() | str():
            return value
        case list() | dict() if not value:
            return None
        case list() if all(isinstance(item, str) and _WORD.fullmatch(item) for item in value):
            return " ".join(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
