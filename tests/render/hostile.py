"""Texts that could break what they are rendered in, and what a rendering has to keep to."""

import csv
import io
import re

from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.cells import cell_len

from negotiations_api.render.csv import table_csv
from negotiations_api.render.markdown import page_markdown
from negotiations_api.render.page import Page, Table, page_text
from negotiations_api.render.style import Style

MARKUP = [
    "[red]x[/red] :smile: [link=https://example.org]y[/link]",
    "a | b \\\\| c \\\\",
    "# heading",
    "- item",
    "1. item",
    "<script>alert(1)</script> &amp; &lt;",
    "[a](https://example.org) ![b](c) <https://example.org>",
    "`code` *strong* _weak_ ~~gone~~ $x$",
    "https://example.org www.example.org somebody@example.org",
    "=1+1",
    "one\n\n# two\r\n| three |",
    "\x1b[2J\x1b]0;title\x07 \x9b31m \u202e \x00",
    "x" * 250,
    "democratic-" * 20,
    "한반도의완전한비핵화" * 12,
    "👩‍🚀 é́ می‌خواهد",
    "",
    "  ",
]

TEXTS = st.one_of(
    st.sampled_from(MARKUP),
    st.text(max_size=20),
    st.text(st.sampled_from("ab \n\t\r\x1b[3m|\\`*_<>&#-"), max_size=100),
    st.text(st.sampled_from("제재를 전면적으로해제a -"), max_size=200),
)

WIDTHS = st.integers(40, 120)
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
CONTROLS = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0))} - {"\n"}
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def check_page(page: Page, width: int) -> None:
    """No line is wider than it may be, nothing is obeyed, colour changes no letter.

    But for addresses, which are whole. And no text of it is markup in Markdown.
    """
    text = page_text(page, Style(width))
    addresses = [section.address for section in page.sections]
    lines = [line for line in text.split("\n") if line not in addresses]
    assert [line for line in lines if cell_len(line) > width] == []
    assert not CONTROLS & set(text)
    assert re.search(r"[^\n]\n\Z", text) or text.strip() == ""
    assert ESCAPE.sub("", page_text(page, Style(width, color=True))) == text
    read = [token for token in PARSER.parse(page_markdown(page)) if token.type == "inline"]
    assert {child.type for token in read for child in token.children or []} <= {"text"}


def check_table(table: Table) -> None:
    """It is a table, of as many cells a row as it has columns, and CSV gives the texts back."""
    assert {len(row) for row in table.rows} <= {len(table.header)}
    assert len(set(table.header)) == len(table.header)
    read = list(csv.reader(io.StringIO(table_csv(table), newline="")))
    assert [len(row) for row in read] == [len(table.header)] * (len(table.rows) + 1)
