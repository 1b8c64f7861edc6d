"""What happened, in order, rendered."""

from typing import Any

import pytest
from hypothesis import given, settings

from negotiations_api.compare.change import Change
from negotiations_api.compare.period import parse_period
from negotiations_api.compare.timeline import Entry, EntryKind, Timeline
from negotiations_api.render.page import Table
from negotiations_api.render.timeline import timeline_page, timeline_table
from tests.render.hostile import TEXTS, WIDTHS, check_page, check_table

SUMMIT = {
    "kind": EntryKind.MEETING,
    "key": "hanoi",
    "date": "2019-02-27",
    "until": "2019-02-28",
    "title": "Hanoi summit",
    "text": None,
    "says": "no_agreement",
    "change": None,
    "parties": ("prk", "usa"),
    "issues": (),
    "demands": ("cvid", "sanctions-relief"),
    "meeting": None,
}


def entry(**said: Any) -> Entry:
    """The Hanoi summit, unless it says otherwise."""
    return Entry(**SUMMIT | said)


def timeline(*entries: Entry) -> Timeline:
    """A timeline of two years."""
    return Timeline(parse_period("2018/2019"), entries)


@pytest.mark.parametrize(
    ("told", "item"),
    [
        (
            entry(),
            "2019-02-27 to 2019-02-28, meeting of prk, usa: Hanoi summit (no agreement)",
        ),
        (
            entry(until="2019-02-27", says=None, parties=()),
            "2019-02-27, meeting: Hanoi summit",
        ),
        (
            entry(
                kind=EntryKind.POSITION,
                until=None,
                title="reject: Peace\n treaty",
                says="reject",
                change=Change.HARDENED,
                parties=("usa",),
            ),
            "2019-02-27, position of usa: reject: Peace treaty (hardened)",
        ),
    ],
)
def test_an_entry_is_a_line(told: Entry, item: str) -> None:
    assert timeline_page(timeline(told)).sections[1].items == (item,)


def test_each_year_has_a_heading() -> None:
    entries = [entry(date=date) for date in ("2018", "2018-06-12", "2019-02")]
    page = timeline_page(timeline(*entries))
    assert page.title == "Timeline of 2018/2019"
    assert [(section.title, len(section.items)) for section in page.sections] == [
        (None, 0),
        ("2018", 2),
        ("2019", 1),
    ]


def test_it_begins_with_how_many_there_are() -> None:
    counts = [timeline_page(timeline(*[entry()] * n)).sections[0].paragraphs for n in range(3)]
    assert counts == [("0 entries.",), ("1 entry.",), ("2 entries.",)]


def test_the_table_has_all_that_an_entry_says() -> None:
    table = timeline_table(timeline(entry(text="They\nleft.")))
    assert table == Table(
        (
            *("kind", "key", "date", "until", "title", "says", "change"),
            *("parties", "issues", "demands", "meeting", "text"),
        ),
        (
            (
                *("meeting", "hanoi", "2019-02-27", "2019-02-28", "Hanoi summit", "no_agreement"),
                *(None, "prk usa", None, "cvid sanctions-relief", None, "They\nleft."),
            ),
        ),
    )


@given(TEXTS, WIDTHS)
@settings(deadline=None, max_examples=25)
def test_it_keeps_to_the_width_whatever_the_record_says(text: str, width: int) -> None:
    shown = timeline(entry(title=text, text=text))
    check_page(timeline_page(shown), width)
    check_table(timeline_table(shown))
