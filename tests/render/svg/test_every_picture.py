"""What holds for every picture, whatever it shows."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import matplotlib as mpl
import pytest

from tests.render.svg.answers import Talks, talks
from tests.render.svg.pictures import OF_NOTHING, PICTURES
from tests.render.svg.reading import (
    PIXELS_PER_POINT,
    SVG,
    labels_of,
    overlaps,
    root_of,
    size_of,
    styles_of,
    texts_of,
)

SIZES = {"1 x 1": (1, 1), "2 x 5": (2, 5), "7 x 21": (7, 21), "30 x 60": (30, 60)}
HOSTILE = "<script>alert(1)</script> & $x^$ \"' \x00\x1b[31m\n\r\t\u202e\ufffe\uffff\ud800 ]]> -->"
LONG = "of the complete, verifiable and irreversible " * 8
KOREAN = "조선민주주의인민공화국 "
TAGS = {"svg", "title", "desc", "defs", "style", "g", "path", "text", "use", "image", "clipPath"}
TAGS |= {"pattern", "rect"}

Paint = Callable[[Talks], str]


@pytest.fixture(params=PICTURES)
def paint(request: pytest.FixtureRequest) -> Paint:
    return PICTURES[request.param]


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    return SIZES[request.param]


@pytest.fixture(params=OF_NOTHING)
def of_nothing(request: pytest.FixtureRequest) -> str:
    return OF_NOTHING[request.param]()


def settings() -> dict[str, Any]:
    """The settings but for the backend, which matplotlib chooses when it is asked for."""
    return {name: mpl.rcParams[name] for name in mpl.rcParams if name != "backend"}


def test_no_text_stands_on_another(paint: Paint, size: tuple[int, int]) -> None:
    assert overlaps(paint(talks(*size))) == []


def test_no_text_leaves_the_sheet(paint: Paint, size: tuple[int, int]) -> None:
    svg = paint(talks(*size))
    wide, high = size_of(svg)
    outside = [
        label.text
        for label in labels_of(svg)
        if any(not (0 <= x <= wide and 0 <= y <= high) for x, y in label.corners)
    ]
    assert outside == []


def test_long_names_and_titles_are_cut_short(paint: Paint) -> None:
    svg = paint(talks(4, 12, lambda name: f"{name} {LONG}"))
    assert overlaps(svg) == []
    assert any(text.endswith("…") for text in texts_of(svg))


def test_names_in_other_scripts_have_room(paint: Paint) -> None:
    svg = paint(talks(4, 12, lambda name: f"{KOREAN * 2}{name[:4]}"))
    assert overlaps(svg) == []
    assert any(KOREAN.strip() in text for text in texts_of(svg))


def test_letters_are_at_least_nine_pixels_high(paint: Paint) -> None:
    sizes = {label.size for label in labels_of(paint(talks(30, 60)))}
    assert min(sizes) * PIXELS_PER_POINT >= 9


def test_it_says_what_it_is_before_anything_else(paint: Paint) -> None:
    root = root_of(paint(talks(7, 21)))
    title, description = root[0], root[1]
    assert (title.tag, description.tag) == (f"{SVG}title", f"{SVG}desc")
    assert title.text
    assert description.text
    assert root.attrib["role"] == "img"
    labelled_by = root.attrib["aria-labelledby"].split()
    assert labelled_by == [title.attrib["id"], description.attrib["id"]]


def test_it_shows_its_title_and_description(paint: Paint) -> None:
    svg = paint(talks(7, 21))
    shown = " ".join(texts_of(svg))
    said = [element.text or "nothing" for element in root_of(svg)[:2]]
    assert [text for text in said if text not in shown] == []


def test_no_two_pictures_on_a_page_share_the_ids_that_name_them() -> None:
    roots = [root_of(paint(talks(2, 5))) for paint in PICTURES.values()]
    ids = [element.attrib["id"] for root in roots for element in root[:2]]
    assert len(set(ids)) == len(ids)


def test_it_is_a_document_that_ends_in_one_line_feed(paint: Paint) -> None:
    svg = paint(talks(2, 5))
    assert svg.startswith('<?xml version="1.0" encoding="utf-8"?>\n<svg ')
    assert re.search(r"[^\n]\n\Z", svg)


def test_the_same_answer_gives_the_same_bytes(paint: Paint) -> None:
    assert paint(talks(7, 21)) == paint(talks(7, 21))


def test_several_threads_draw_what_one_draws() -> None:
    alone = [paint(talks(3, 8)) for paint in PICTURES.values()]
    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(p, talks(3, 8)) for _ in range(3) for p in PICTURES.values()]
    assert [future.result() for future in futures] == alone * 3


def test_matplotlib_is_left_as_it_was(paint: Paint) -> None:
    with mpl.rc_context({"text.usetex": True, "font.size": 30.0, "path.sketch": (1, 1, 1)}):
        before = settings()
        svg = paint(talks(2, 5))
        assert settings() == before
    assert svg == paint(talks(2, 5))


def test_it_stands_on_white(paint: Paint) -> None:
    assert styles_of(paint(talks(2, 5)))[0] == "fill: #ffffff"


def test_its_fonts_end_in_one_that_every_machine_has(paint: Paint) -> None:
    texts = root_of(paint(talks(2, 5))).iter(f"{SVG}text")
    families = {re.findall(r"font-family: ([^;]+)", text.attrib["style"])[0] for text in texts}
    assert {family.split(", ")[-1] for family in families} == {"sans-serif"}


def test_hostile_texts_are_but_texts(paint: Paint) -> None:
    svg = paint(talks(3, 8, lambda name: f"{HOSTILE[:18]} {name[:3]} {HOSTILE}"))
    assert {element.tag.removeprefix(SVG) for element in root_of(svg).iter()} <= TAGS
    assert any("<script>" in text for text in texts_of(svg))
    controls = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0))} - {"\n"}
    assert not set(svg) & (controls | set("\u202e\ufffe\uffff\ud800"))


def test_dollars_begin_no_formula(paint: Paint) -> None:
    svg = paint(talks(3, 8, lambda name: f"$x^2$ {name}"))
    assert any("$x^2$" in text for text in texts_of(svg))


def test_no_address_is_in_it_but_the_names_of_formats(paint: Paint) -> None:
    addresses = set(re.findall(r"https?://[^\"\s<]+", paint(talks(7, 21))))
    assert addresses == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_of_nothing_it_says_so(of_nothing: str) -> None:
    assert any("There is nothing to show" in text for text in texts_of(of_nothing))
    assert "There is nothing to show" in (root_of(of_nothing)[1].text or "")
    assert overlaps(of_nothing) == []
