"""What each entry of a timeline tells of its record."""

import pytest

from negotiations_api.compare.change import Change
from negotiations_api.compare.commitment import CommitmentStatus
from negotiations_api.compare.meeting import Outcome
from negotiations_api.compare.position import Stance
from negotiations_api.compare.timeline import Entry, EntryKind
from tests.compare.factories import SANCTIONS, demand
from tests.compare.happenings import (
    RELIEF,
    Record,
    account,
    commitment,
    event,
    meeting,
    shown,
    taken,
)


def only_entry(record: Record, kind: EntryKind | None = None) -> Entry:
    """The one entry of a record, or the one of a kind."""
    (only,) = shown(record, kind=kind).entries
    return only


def test_a_position_says_where_its_party_stands() -> None:
    held = taken(
        "2018-06", stance=Stance.ACCEPT, summary="At last.", until="2019", meeting="singapore"
    )
    assert only_entry({"positions": [held]}) == Entry(
        kind=EntryKind.POSITION,
        key="prk-2018-06",
        date="2018-06",
        until="2019",
        title="accept: Relief from the sanctions",
        text="At last.",
        says="accept",
        change=Change.NEW,
        parties=("prk",),
        issues=("sanctions-relief",),
        demands=("relief",),
        meeting="singapore",
    )


def test_a_meeting_says_its_outcome_and_names_what_was_on_its_agenda() -> None:
    met = meeting(
        ends_on="2019-02-28",
        summary="It ended early.",
        parties=("usa", "prk", "usa"),
        agenda=("relief", "freeze"),
    )
    assert only_entry({"meetings": [met]}) == Entry(
        kind=EntryKind.MEETING,
        key="hanoi",
        date="2019-02-27",
        until="2019-02-28",
        title="hanoi summit",
        text="It ended early.",
        says="no_agreement",
        change=None,
        parties=("prk", "usa"),
        issues=("denuclearisation", "sanctions-relief"),
        demands=("freeze", "relief"),
        meeting=None,
    )


def test_an_issue_with_two_demands_on_the_agenda_is_named_once() -> None:
    demands = [RELIEF, demand("oil", SANCTIONS)]
    met = meeting(agenda=("relief", "oil"))
    assert only_entry({"meetings": [met], "demands": demands}).issues == ("sanctions-relief",)


def test_an_account_says_the_outcome_that_it_claims_and_is_about_its_meetings_agenda() -> None:
    told = account(speaker="Ri Yong Ho", outcome=Outcome.BROKE_DOWN, summary="A part only.")
    met = meeting(parties=("usa", "prk"), agenda=("relief", "freeze"))
    assert only_entry({"accounts": [told], "meetings": [met]}, EntryKind.ACCOUNT) == Entry(
        kind=EntryKind.ACCOUNT,
        key="hanoi-prk",
        date="2019-03-01",
        until=None,
        title="Account of hanoi summit by Ri Yong Ho",
        text="A part only.",
        says="broke_down",
        change=None,
        parties=("prk",),
        issues=("denuclearisation", "sanctions-relief"),
        demands=("freeze", "relief"),
        meeting="hanoi",
    )


def test_an_account_without_a_speaker_is_by_its_party_and_may_claim_no_outcome() -> None:
    told = only_entry({"accounts": [account()], "meetings": [meeting()]}, EntryKind.ACCOUNT)
    assert (told.title, told.says) == ("Account of hanoi summit by North Korea", None)


def test_an_event_says_its_kind() -> None:
    happened = event(
        until="2019-06-21",
        text="The first in years.",
        parties=("prk", "chn"),
        issues=("sanctions-relief", "denuclearisation"),
    )
    assert only_entry({"events": [happened]}) == Entry(
        kind=EntryKind.EVENT,
        key="visit",
        date="2019-06-20",
        until="2019-06-21",
        title="The visit",
        text="The first in years.",
        says="visit",
        change=None,
        parties=("chn", "prk"),
        issues=("denuclearisation", "sanctions-relief"),
        demands=(),
        meeting=None,
    )


@pytest.mark.parametrize(
    ("status", "since"),
    [
        pytest.param(CommitmentStatus.DELIVERED, None, id="delivered at once"),
        pytest.param(CommitmentStatus.DELIVERED, "2018-04-21", id="delivered since that day"),
        pytest.param(CommitmentStatus.PLEDGED, None, id="pledged"),
        pytest.param(CommitmentStatus.PLEDGED, "2018-05", id="pledged, and said so again"),
    ],
)
def test_a_commitment_that_stands_as_on_its_first_day_is_one_entry(
    status: CommitmentStatus, since: str | None
) -> None:
    undertaken = commitment(status, status_since=since, text="No more tests.", meeting="singapore")
    assert only_entry({"commitments": [undertaken]}) == Entry(
        kind=EntryKind.COMMITMENT,
        key="prk-freeze",
        date="2018-04-21",
        until=None,
        title=f"{status.value}: Suspension of tests",
        text="No more tests.",
        says=status,
        change=None,
        parties=("prk",),
        issues=("denuclearisation",),
        demands=("freeze",),
        meeting="singapore",
    )


def test_a_commitment_was_pledged_until_the_day_on_which_something_became_of_it() -> None:
    undertaken = commitment(CommitmentStatus.IN_PROGRESS, status_since="2018-05", text="No tests.")
    pledged, since = shown({"commitments": [undertaken]}).entries
    assert (pledged.date, pledged.says) == ("2018-04-21", "pledged")
    assert (since.date, since.says) == ("2018-05", "in_progress")
    assert [pledged.title, since.title] == [
        "pledged: Suspension of tests",
        "in progress: Suspension of tests",
    ]
    assert {(entry.key, entry.text) for entry in (pledged, since)} == {("prk-freeze", "No tests.")}
