"""An answer as a page of titles, sentences, lists and tables, and that page as text."""

from collections.abc import Iterator
from dataclasses import dataclass

from negotiations_api.render.style import Ink, Style, plain
from negotiations_api.render.table import Cell, Table, table_lines

__all__ = ["Cell", "Page", "Section", "Table", "page_text"]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page: its title, sentences, a bulleted list, a table, an address, in this order.

    The address stands whole on a line of its own, however long, so that it can be copied.
    """

    title: str | None
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    table: Table | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What a reader gets of an answer, whatever the markup."""

    title: str
    sections: tuple[Section, ...]


def page_text(page: Page, style: Style) -> str:
    """The page as text of `style.width` columns, with one line feed at its end."""
    lines = [style.paint(line, Ink.STRONG) for line in style.wrap(page.title, "", "  ")]
    for section in page.sections:
        body = list(_section(section, style))
        lines += ["", *body] if body else []
    return "\n".join(lines).rstrip("\n") + "\n"


def _section(section: Section, style: Style) -> Iterator[str]:
    if section.title is not None:
        for line in style.wrap(section.title, "", "  "):
            yield style.paint(line, Ink.HEADING)
    for paragraph in section.paragraphs:
        yield from style.wrap(paragraph, "", "  ")
    for item in section.items:
        yield from style.wrap(item, "- ", "  ")
    if section.table is not None and section.table.rows:
        if section.paragraphs or section.items:
            yield ""
        yield from table_lines(section.table, style)
    if section.address is not None:
        yield plain(section.address)
