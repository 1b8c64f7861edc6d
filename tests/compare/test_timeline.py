"""Which entries a timeline has, in which order."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.compare.change import Change
from negotiations_api.compare.commitment import CommitmentStatus
from negotiations_api.compare.position import Stance
from negotiations_api.compare.timeline import EntryKind, Timeline
from tests.compare.factories import NUCLEAR
from tests.compare.happenings import (
    DEMANDS,
    PARTIES,
    RECORDS,
    Record,
    account,
    commitment,
    event,
    meeting,
    shown,
    taken,
)


def keys(answer: Timeline) -> list[str]:
    """The records of a timeline."""
    return [entry.key for entry in answer.entries]


def test_each_position_is_a_change_from_the_partys_one_before_on_the_same_demand() -> None:
    history = [
        taken("2018", stance=Stance.REJECT),
        taken("2018-06", stance=Stance.RESERVE),
        taken("2018-06-12", "usa", Stance.ACCEPT),
        taken("2018-07", "prk", Stance.REJECT, id="other", demand="freeze"),
        taken("2019", stance=Stance.RESERVE),
        taken("2019-02", stance=Stance.REJECT),
    ]
    assert [(entry.key, entry.change) for entry in shown({"positions": history}).entries] == [
        ("prk-2018", Change.NEW),
        ("prk-2018-06", Change.SOFTENED),
        ("usa-2018-06-12", Change.NEW),
        ("other", Change.NEW),
        ("prk-2019", Change.UNCHANGED),
        ("prk-2019-02", Change.HARDENED),
    ]


def test_a_position_is_a_change_also_from_one_before_the_period() -> None:
    history = [taken("2018", stance=Stance.REJECT), taken("2019", stance=Stance.ACCEPT)]
    (only,) = shown({"positions": history}, "2019").entries
    assert only.change is Change.SOFTENED


@pytest.mark.parametrize(
    ("ends_on", "how"),
    [
        pytest.param("2018-12-31", Change.SOFTENED, id="until the day before"),
        pytest.param("2018-12-30", Change.NEW, id="one day without a position"),
        pytest.param("2018-02-28", Change.NEW, id="long gone"),
    ],
)
def test_a_position_after_a_lapse_is_new(ends_on: str, how: Change) -> None:
    history = [
        taken("2018", stance=Stance.REJECT, until=ends_on, ends_on=ends_on),
        taken("2019", stance=Stance.ACCEPT),
        taken("2019-02", stance=Stance.RESERVE),
    ]
    changes = [entry.change for entry in shown({"positions": history}).entries]
    assert changes == [Change.NEW, how, Change.HARDENED]


def test_entries_stand_by_first_day_and_a_coarser_date_before_a_finer_one() -> None:
    # The keys run the other way, so that they don't decide.
    in_turn = ["2018-12-31", "2019", "2019-01", "2019-01-01", "2019-02"]
    events = [event(f"event-{9 - turn}", date) for turn, date in enumerate(in_turn)]
    assert [entry.date for entry in shown({"events": events}).entries] == in_turn


def test_what_has_one_date_stands_by_kind_and_then_by_record() -> None:
    day = "2019-02-27"
    answer = shown(
        {
            "events": [event("a", day)],
            "commitments": [commitment(CommitmentStatus.PLEDGED, day, slug="b")],
            "accounts": [account("d", day), account("c", day)],
            "positions": [taken(day, id="e")],
            "meetings": [meeting("hanoi", day)],
        }
    )
    assert [(entry.kind.value, entry.key) for entry in answer.entries] == [
        ("meeting", "hanoi"),
        ("position", "e"),
        ("account", "c"),
        ("account", "d"),
        ("commitment", "b"),
        ("event", "a"),
    ]


def test_the_two_entries_of_a_commitment_that_was_dated_back_stand_by_their_dates() -> None:
    undertaken = commitment(CommitmentStatus.BREACHED, "2018-04-21", status_since="2018")
    entries = shown({"commitments": [undertaken]}).entries
    assert [(entry.date, entry.says) for entry in entries] == [
        ("2018", "breached"),
        ("2018-04-21", "pledged"),
    ]


FEW: Record = {
    "positions": [
        taken("2018-06-12", "usa", id="usa-relief"),
        taken("2018-06-12", "prk", id="prk-freeze", demand="freeze"),
    ],
    "meetings": [
        meeting("hanoi", "2019-02-27", parties=("usa", "prk"), agenda=("relief",)),
        meeting("beijing", "2019-03", parties=("chn", "prk")),
    ],
    "accounts": [account("told", "2019-03-01")],
    "commitments": [commitment(CommitmentStatus.PLEDGED, "2019-04", slug="pledge")],
    "events": [event("visit", "2019-06", parties=("chn",), issues=("sanctions-relief",))],
}


@pytest.mark.parametrize(
    ("only", "found"),
    [
        ({}, ["prk-freeze", "usa-relief", "hanoi", "beijing", "told", "pledge", "visit"]),
        ({"party": "prk"}, ["prk-freeze", "hanoi", "beijing", "told", "pledge"]),
        ({"party": "usa"}, ["usa-relief", "hanoi"]),
        ({"party": "chn"}, ["beijing", "visit"]),
        ({"issue": "sanctions-relief"}, ["usa-relief", "hanoi", "told", "visit"]),
        ({"issue": "denuclearisation"}, ["prk-freeze", "pledge"]),
        ({"kind": EntryKind.MEETING}, ["hanoi", "beijing"]),
        ({"kind": EntryKind.EVENT}, ["visit"]),
        ({"party": "usa", "issue": "sanctions-relief"}, ["usa-relief", "hanoi"]),
        ({"party": "usa", "kind": EntryKind.MEETING}, ["hanoi"]),
        ({"party": "kor"}, []),
    ],
    ids=str,
)
def test_a_timeline_may_be_of_a_party_on_an_issue_and_of_a_kind(
    only: dict[str, Any], found: list[str]
) -> None:
    assert keys(shown(FEW, **only)) == found


def test_the_host_of_a_meeting_does_not_tell_of_its_accounts() -> None:
    record: Record = {"meetings": [meeting(parties=("vnm",))], "accounts": [account()]}
    assert keys(shown(record, party="vnm")) == ["hanoi"]


@pytest.mark.parametrize(
    ("date", "until", "period", "is_in"),
    [
        pytest.param("2019-02-27", None, "2019-02", True, id="a day in it"),
        pytest.param("2019-03-01", None, "2019-02", False, id="a day after it"),
        pytest.param("2019", None, "2019-02", True, id="a year around it"),
        pytest.param("2018", None, "2019", False, id="the year before it"),
        pytest.param("2019-01-30", "2019-02-01", "2019-02", True, id="until its first day"),
        pytest.param("2019-01-30", "2019-01-31", "2019-02", False, id="until the day before it"),
        pytest.param("2018", "2020", "2019-02", True, id="all the time"),
        pytest.param("2019-02-28", "2019-03", "2019-02", True, id="from its last day"),
    ],
)
def test_meetings_and_events_are_in_a_period_on_any_day_of_which_they_last(
    date: str, until: str | None, period: str, is_in: bool
) -> None:
    record: Record = {
        "meetings": [meeting("met", date, ends_on=until)],
        "events": [event("visit", date, until=until)],
    }
    assert keys(shown(record, period)) == (["met", "visit"] if is_in else [])


@pytest.mark.parametrize(
    ("date", "is_in"), [("2018", False), ("2019", True), ("2019-02", True), ("2019-03", False)]
)
def test_a_position_is_in_the_period_in_which_it_was_taken_and_not_in_those_that_it_holds(
    date: str, is_in: bool
) -> None:
    held = taken(date, until="2020")
    assert keys(shown({"positions": [held]}, "2019-02")) == ([held.id] if is_in else [])


def test_the_end_of_a_position_without_a_successor_is_no_entry() -> None:
    assert shown({"positions": [taken("2018", until="2019-02")]}, "2019").entries == ()


def test_of_a_commitment_only_what_became_of_it_in_the_period_is_shown() -> None:
    undertaken = commitment(CommitmentStatus.DELIVERED, "2018-04-21", status_since="2019-10-05")
    (only,) = shown({"commitments": [undertaken]}, "2019").entries
    assert (only.date, only.says) == ("2019-10-05", "delivered")


def test_a_timeline_says_of_which_period_it_is() -> None:
    assert shown({}, "2018/..").period.text == "2018/.."


@pytest.mark.parametrize(
    "record",
    [
        pytest.param({"positions": [taken("2019", demand="unheard-of")]}, id="a position"),
        pytest.param({"meetings": [meeting(agenda=("unheard-of",))]}, id="an agenda"),
        pytest.param({"accounts": [account()]}, id="an account of a meeting that is not there"),
    ],
)
def test_what_names_something_that_is_not_there_is_an_error_and_not_left_out(
    record: Record,
) -> None:
    with pytest.raises(KeyError, match=r"unheard-of|hanoi"):
        shown(record)


FILTERS = st.fixed_dictionaries(
    {
        "period": st.sampled_from(["..", "2018", "2019"]).map(lambda start: f"{start}/.."),
        "party": st.none() | PARTIES,
        "issue": st.none() | st.just(NUCLEAR.slug),
        "kind": st.none() | st.sampled_from(EntryKind),
    }
)


@given(RECORDS, FILTERS)
@settings(deadline=None)
def test_a_filter_leaves_out_entries_and_changes_nothing_about_the_others(
    record: Record, only: dict[str, Any]
) -> None:
    kept = shown(record, **only).entries
    assert list(kept) == [entry for entry in shown(record).entries if entry in kept]


@given(RECORDS, FILTERS, st.data())
@settings(deadline=None)
def test_the_order_of_the_record_changes_nothing(
    record: Record, only: dict[str, Any], data: st.DataObject
) -> None:
    everything: dict[str, Any] = {"demands": DEMANDS, **record}
    shuffled: Any = {noun: data.draw(st.permutations(held)) for noun, held in everything.items()}
    assert shown(shuffled, **only) == shown(record, **only)
