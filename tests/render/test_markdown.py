"""A page as Markdown."""

from textwrap import dedent

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it.token import Token

from negotiations_api.render.markdown import page_markdown
from negotiations_api.render.page import Page, Section, Table
from negotiations_api.render.style import plain
from tests.render.hostile import MARKUP, PARSER, TEXTS

WORD_JOINER = "\u2060"


def tokens_of(page: Page) -> list[Token]:
    """The page as a reader of Markdown understands it."""
    return PARSER.parse(page_markdown(page))


def inlines_of(page: Page) -> list[str]:
    """The texts of headings, paragraphs, items and cells; nothing else may be in them."""
    texts = []
    for token in tokens_of(page):
        if token.type == "inline":
            children = token.children or []
            assert {child.type for child in children} <= {"text"}, page_markdown(page)
            texts.append("".join(child.content for child in children))
    return texts


def as_read(text: str) -> str:
    """`text` on one line; an address is broken where a reader would make it a link."""
    return " ".join(plain(text).split())


@given(st.lists(TEXTS, min_size=8, max_size=8))
@settings(deadline=None)
def test_no_text_is_more_than_text(texts: list[str]) -> None:
    title, part, sentence, item, head, cell, other, last = texts
    table = Table(("a", head), ((cell, other), (last, None)))
    page = Page(title, (Section(part, (sentence,), (item, "b"), table),))
    wanted = [title, part]
    wanted += [sentence] if as_read(sentence) else []
    wanted += [item] if as_read(item) else []
    wanted += ["b", "a", head, cell, other, last, "-"]
    read = [text.replace(WORD_JOINER, "") for text in inlines_of(page)]
    assert read == [as_read(text).replace(WORD_JOINER, "") for text in wanted]


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4))
@settings(deadline=None)
@example([("a | b", "\\"), ("\\|", "\\\\|"), ("|", "`|`")])
def test_no_cell_breaks_the_table(rows: list[tuple[str, str]]) -> None:
    types = [
        token.type
        for token in tokens_of(Page("t", (Section(None, table=Table(("a", "b"), tuple(rows))),)))
    ]
    assert types.count("table_open") == 1
    assert types.count("tr_open") == len(rows) + 1
    assert types.count("td_open") == 2 * len(rows)


@pytest.mark.parametrize("text", MARKUP)
def test_a_page_of_a_title_and_a_sentence_is_nothing_else(text: str) -> None:
    types = {token.type for token in tokens_of(Page(text, (Section(None, (text,)),)))}
    assert types <= {
        *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline")
    }


@pytest.mark.parametrize(
    "text",
    ["http://example.org", "HTTPS://example.org", "www.example.org", "WWW.example.org", "a@b.org"],
)
def test_an_address_that_a_reader_would_make_a_link_is_broken_unseen(text: str) -> None:
    written = page_markdown(Page(text, ()))
    assert text not in written
    assert text in written.replace(WORD_JOINER, "")


def test_a_whole_page() -> None:
    table = Table(("party", "value", "n"), (("usa", 0.8333, 12), ("prk", None, 3), ("a|b", 0.5, 0)))
    page = Page(
        "Agreement",
        (
            Section(None, ("First.", "Second.")),
            Section("Pairs", (), ("- one", "1. two"), table),
            Section("Nothing", table=Table(("party",), ())),
        ),
    )
    assert page_markdown(page) == dedent(
        """\
        # Agreement

        First.

        Second.

        ## Pairs

        - \\- one
        - 1\\. two

        | party | value | n |
        | --- | ---: | ---: |
        | usa | 0.833 | 12 |
        | prk | - | 3 |
        | a\\|b | 0.500 | 0 |

        ## Nothing
        """
    )
