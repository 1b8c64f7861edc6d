"""What a party may be assumed to concede, and what that opens."""

import re

import pytest
from hypothesis import given, settings

from negotiations_api.compare.position import Stance
from negotiations_api.compare.roadmap import (
    Assumption,
    Concession,
    MalformedAssumption,
    Obstacle,
    parse_assumption,
)
from tests.compare.factories import after, together_with
from tests.compare.roads import Negotiation, asked, delivered, negotiations, stands, steps

TALKS = Negotiation(
    [asked("cvid", "prk"), asked("relief", "usa"), asked("guarantees", "usa"), asked("troops")],
    [
        stands("cvid", "prk", together_with("relief")),
        stands("relief", "usa", after("cvid")),
        stands("guarantees", "usa", after("cvid")),
    ],
)


@pytest.mark.parametrize("concession", Concession)
def test_an_assumption_is_read_as_it_is_written(concession: Concession) -> None:
    assumption = Assumption("cvid", "prk", concession)
    assert parse_assumption(str(assumption)) == assumption


@pytest.mark.parametrize(
    "text",
    ["", "cvid", "cvid:prk", "cvid:prk:reject", "cvid:prk:accept:", ":prk:accept", "cvid::accept"],
)
def test_what_is_no_assumption_is_refused_with_the_right_form(text: str) -> None:
    with pytest.raises(
        MalformedAssumption, match=r"demand:party:accept .* demand:party:reciprocal"
    ):
        parse_assumption(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("unheard-of:prk:accept", "there is no demand 'unheard-of'"),
        ("cvid:usa:accept", "not addressed to 'usa'; it is addressed to prk"),
        ("troops:usa:accept", "not addressed to 'usa'; it is addressed to nobody"),
        ("cvid:prk:reciprocal", "'prk' has no precondition on 'cvid'"),
    ],
)
def test_an_assumption_that_cannot_be_made_is_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(MalformedAssumption, match=re.escape(says)):
        TALKS.roadmap(parse_assumption(text))


def test_an_assumed_change_to_reciprocal_opens_a_deadlock() -> None:
    found = TALKS.roadmap(parse_assumption("relief:usa:reciprocal"))
    assert steps(found) == [["cvid", "relief"], ["guarantees"]]
    assert [str(assumption) for assumption in found.assumed] == ["relief:usa:reciprocal"]


def test_an_assumed_acceptance_takes_the_place_of_any_position() -> None:
    demands = [asked("cvid", "prk", "rok", "usa", "chn"), asked("relief", "usa")]
    talks = Negotiation(
        demands,
        [
            stands("cvid", "prk", stance=Stance.REJECT),
            stands("cvid", "rok", after("relief")),
            stands("cvid", "usa", stance=Stance.RESERVE),
        ],
    )
    assumed = [Assumption("cvid", party, Concession.ACCEPT) for party in demands[0].addressed_to]
    assert steps(talks.roadmap(*assumed)) == [["cvid"]]


def test_what_one_party_no_longer_waits_for_is_no_matter_when_the_rest_comes_together() -> None:
    """Relief and the freeze come together once the United States no longer wait for CVID."""
    talks = Negotiation(
        [asked("cvid", "prk"), asked("relief", "usa", "rok"), asked("freeze", "prk")],
        [
            stands("cvid", "prk", stance=Stance.REJECT),
            stands("relief", "usa", after("cvid")),
            stands("relief", "rok", together_with("freeze")),
            stands("freeze", "prk", together_with("relief")),
        ],
    )
    assert [(str(one.assumption), one.opens) for one in talks.roadmap().concessions] == [
        ("cvid:prk:accept", ("cvid", "freeze", "relief")),
        ("relief:usa:accept", ("freeze", "relief")),
        ("freeze:prk:accept", ("freeze",)),
    ]


def test_acceptance_goes_further_than_a_change_to_reciprocal() -> None:
    talks = Negotiation(
        [asked("relief", "usa"), asked("cvid")], [stands("relief", "usa", after("cvid"))]
    )
    accept, reciprocal = (Assumption("relief", "usa", concession) for concession in Concession)
    assert steps(talks.roadmap(reciprocal)) == []
    assert steps(talks.roadmap(accept, reciprocal)) == [["relief"]]


def test_concessions_that_open_most_come_first_and_of_those_the_smaller() -> None:
    assert [(str(one.assumption), one.opens) for one in TALKS.roadmap().concessions] == [
        ("relief:usa:reciprocal", ("cvid", "guarantees", "relief")),
        ("cvid:prk:accept", ("cvid", "guarantees", "relief")),
        ("relief:usa:accept", ("cvid", "guarantees", "relief")),
        ("guarantees:usa:accept", ("guarantees",)),
    ]


def test_there_is_no_concession_where_two_parties_would_have_to_concede() -> None:
    found = Negotiation(
        [asked("cvid", "prk", "usa")], [stands("cvid", "prk", stance=Stance.REJECT)]
    ).roadmap()
    assert not found.concessions
    assert [block.obstacle for block in found.blocked[0].blocks] == [
        Obstacle.REJECTED,
        Obstacle.NOT_RECORDED,
    ]


@given(negotiations())
@settings(max_examples=80, deadline=None)
def test_concessions_are_the_assumptions_that_open_something(talks: Negotiation) -> None:
    found = talks.roadmap()
    before = delivered(found)
    expected = {}
    for demand in talks.demands:
        for party in demand.addressed_to:
            for concession in Concession:
                assumption = Assumption(demand.slug, party, concession)
                try:
                    opened = delivered(talks.roadmap(assumption)) - before
                except MalformedAssumption:
                    continue
                if opened:
                    expected[assumption] = tuple(sorted(opened))
    assert {one.assumption: one.opens for one in found.concessions} == expected
    sizes = [len(one.opens) for one in found.concessions]
    assert sizes == sorted(sizes, reverse=True)
