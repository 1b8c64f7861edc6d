"""A timeline as swim lanes."""

import re
from collections import Counter
from itertools import combinations

import pytest

from negotiations_api.compare.change import Change
from negotiations_api.compare.period import ALWAYS
from negotiations_api.compare.timeline import Entry, EntryKind, Timeline
from negotiations_api.render.svg.timeline import timeline_svg
from tests.render.svg.answers import entry, talks, timeline
from tests.render.svg.reading import SVG, labels_of, markers_of, root_of, styles_of, texts_of

BAND = "fill: #dcdcdc"
BAR = "fill: #bcd9ea"


def of(*entries: Entry) -> str:
    return timeline_svg(Timeline(ALWAYS, entries))


def legend_of(svg: str) -> dict[str, float]:
    """Where (x) the sample of each kind stands: the nearest marker to the left of its name."""
    xs = sorted(marker.at[0] for marker in markers_of(svg))
    starts = {label.text: label.corners[0][0] for label in labels_of(svg)}
    return {kind: max(x for x in xs if x < starts[kind]) for kind in EntryKind}


def test_there_is_a_lane_for_each_party() -> None:
    texts = texts_of(of(entry(parties=("prk", "usa")), entry(parties=("usa",))))
    assert [texts.count("prk"), texts.count("usa")] == [1, 1]


def test_what_concerns_nobody_in_particular_has_a_lane() -> None:
    assert "all, or others" in texts_of(of(entry()))
    assert "all, or others" not in texts_of(of(entry(parties=("usa",))))


def test_the_lanes_stand_in_the_order_of_their_slugs_and_nobody_last() -> None:
    parties = [("usa",), ("prk", "usa"), (), ("chn", "usa")]
    labels = labels_of(of(*[entry(parties=each) for each in parties]))
    lanes = ["chn", "prk", "usa", "all, or others"]
    levels = {label.text: label.corners[0][1] for label in labels}
    assert sorted(lanes, key=levels.__getitem__) == lanes


def test_an_entry_has_its_number_in_each_of_its_lanes_and_in_the_list() -> None:
    texts = Counter(texts_of(of(entry(parties=("prk", "usa")), entry(parties=("usa",)))))
    assert (texts["1"], texts["2"]) == (3, 2)


def test_no_marker_hides_another() -> None:
    svg = timeline_svg(timeline(talks(7, 60)))
    near = [
        (a, b)
        for a, b in combinations([marker.at for marker in markers_of(svg)], 2)
        if abs(a[0] - b[0]) < 7 and abs(a[1] - b[1]) < 7
    ]
    assert near == []


def test_every_kind_has_a_shape_of_its_own() -> None:
    legend = {marker.shape for marker in markers_of(of(entry()))}
    assert len(legend) == len(EntryKind)


@pytest.mark.parametrize("kind", EntryKind)
def test_an_entry_has_the_shape_of_its_kind_in_its_lane_and_in_the_list(kind: EntryKind) -> None:
    shapes = Counter(marker.shape for marker in markers_of(of(entry(kind))))
    assert sorted(shapes.values()) == [1, 1, 1, 1, 3]
    [shape] = [shape for shape, times in shapes.items() if times == 3]
    markers = [marker for marker in markers_of(of(entry(kind))) if marker.shape == shape]
    assert legend_of(of(entry(kind)))[kind.value] in {marker.at[0] for marker in markers}


def test_a_meeting_is_a_band_across_the_lanes_of_those_who_attended() -> None:
    others = entry(parties=("swe",))
    svg = of(entry(EntryKind.MEETING, parties=("prk", "usa")), others)
    drawn = [style for style in styles_of(svg) if style == BAND]
    without = [style for style in styles_of(of(others)) if style == BAND]
    assert len(drawn) - len(without) == 2


def test_what_lasts_is_a_bar() -> None:
    lasting, short = (
        styles_of(of(entry(date="2019-01-01", until=until), entry(date="2019-12-31")))
        for until in ("2019-06-30", "2019-01-01")
    )
    assert lasting.count(BAR) - short.count(BAR) == 1


def bars_of(svg: str) -> list[tuple[float, float]]:
    """Where each bar of what lasts begins and ends, but for that of the legend."""
    paths = (path.attrib for path in root_of(svg).iter(f"{SVG}path"))
    corners = (
        [float(x) for x in re.findall(r"[ML] (\S+)", path["d"])]
        for path in paths
        if path.get("style") == BAR
    )
    *bars, _ = [(min(xs), max(xs)) for xs in corners]
    return bars


@pytest.mark.parametrize(
    ("until", "end"), [("2018-07-07", "2018-07-08"), ("2018-08", "2018-09-01")]
)
def test_what_lasts_from_a_month_on_ends_with_its_last_day(until: str, end: str) -> None:
    svg = of(entry(date="2018-07", until=until), entry(date=end, until="2018-12-31"))
    (_, stop), (start, _) = bars_of(svg)
    assert stop == pytest.approx(start, abs=0.01)


def test_the_list_says_when_who_what_and_how() -> None:
    position = entry(
        EntryKind.POSITION,
        date="2019-02",
        until="2019-04",
        title="reject: A treaty",
        says="reject",
        change=Change.HARDENED,
        parties=("prk", "usa"),
    )
    said = "2019-02 to 2019-04 · prk, usa: reject: A treaty (hardened)"
    assert said in texts_of(of(position))


def test_what_the_list_has_to_cut_is_known_by_its_slug() -> None:
    title = "It happens, as it has happened before, and as it will again, " * 5
    position = entry(EntryKind.POSITION, title=title, key="018f", demands=("treaty",))
    texts = texts_of(of(entry(title=title, key="hanoi"), position))
    assert {"hanoi", "treaty"} <= set(texts)
    assert "018f" not in texts


def test_a_timeline_without_end_is_cut_and_says_so() -> None:
    svg = of(*[entry(title=f"Visit {n}", parties=("usa",)) for n in range(1200)])
    assert "the first 1000 of 1200 entries" in (root_of(svg)[1].text or "")
    assert "1001" not in texts_of(svg)
