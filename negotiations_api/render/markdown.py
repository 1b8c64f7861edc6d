"""A page as Markdown (GitHub Flavored Markdown 0.29), in which no text of the record is markup."""

import re
from collections.abc import Iterator, Sequence

from negotiations_api.render.page import Page, Section
from negotiations_api.render.style import plain
from negotiations_api.render.table import Table, is_numeric, read_rows

_MARKUP = re.compile(r"[\\`*_\[\]<>&#|~$]")
_BLOCK = re.compile(r"^(?=[-+=])|^[0-9]{1,9}(?=[.)](?:\s|$))")
_AUTOLINK = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)(?=[\w-]+\.)", re.IGNORECASE)
_NO_BREAK = "\u2060"  # word joiner: takes no room, and no address goes on behind it


def page_markdown(page: Page) -> str:
    """The page as Markdown, a heading to each section, with one line feed at its end."""
    blocks = [f"# {escaped(page.title)}".rstrip()]
    for section in page.sections:
        blocks += _section(section)
    return "\n\n".join(blocks) + "\n"


def escaped(text: str) -> str:
    """`text` in one line that reads as it is written: no markup, no link, no HTML."""
    line = " ".join(plain(text).split())
    return _MARKUP.sub(lambda found: f"\\{found[0]}", _AUTOLINK.sub(_NO_BREAK, line))


def _line(text: str) -> str:
    """`text` escaped where it begins a line, and could begin a list or a rule there."""
    return _BLOCK.sub(lambda found: f"{found[0]}\\", escaped(text))


def _section(section: Section) -> Iterator[str]:
    if section.title is not None:
        yield f"## {escaped(section.title)}".rstrip()
    yield from (text for paragraph in section.paragraphs if (text := _line(paragraph)))
    if section.items:
        yield "\n".join(f"- {_line(item)}".rstrip() for item in section.items)
    if section.table is not None and section.table.rows:
        yield "\n".join(_table(section.table))
    if section.address is not None:
        yield _line(section.address)


def _table(table: Table) -> Iterator[str]:
    yield _row(table.header)
    rules = ("---:" if is_numeric(table, column) else "---" for column in range(len(table.header)))
    yield f"| {' | '.join(rules)} |"
    yield from (_row(row) for row in read_rows(table))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(escaped(cell) for cell in cells)} |"
