"""What the accounts of a meeting say together."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.compare.account import Account, Claim
from negotiations_api.compare.contradictions import (
    ClaimedOutcome,
    ComparedAccounts,
    ComparedTopic,
    Finding,
    Word,
    compare_accounts,
)
from negotiations_api.compare.meeting import Level, Meeting, Outcome
from negotiations_api.compare.position import Party

HANOI = Meeting("hanoi", "Hanoi summit", "2019-02-27", Level.SUMMIT, Outcome.NO_AGREEMENT)
PRINCIPALS = {"usa", "prk"}
TOPIC = "full-sanctions-removal-demanded"


def account(party: str, slug: str | None = None, /, **said: Any) -> Account:
    """An account of the Hanoi summit, named after its party unless it says otherwise."""
    facts: dict[str, Any] = {"meeting": "hanoi", "date": "2019-02-28"}
    claims = tuple(Claim(topic, yes) for topic, yes in said.pop("claims", {}).items())
    return Account(slug or party, party=Party(party, party), claims=claims, **facts | said)


def affirms(party: str, slug: str | None = None, topic: str = TOPIC) -> Account:
    """An account that affirms a topic."""
    return account(party, slug, claims={topic: True})


def denies(party: str, slug: str | None = None, topic: str = TOPIC) -> Account:
    """An account that denies a topic."""
    return account(party, slug, claims={topic: False})


def compared(*accounts: Account) -> ComparedAccounts:
    """The accounts of Hanoi, where the United States and North Korea are the principals."""
    return compare_accounts(HANOI, accounts, PRINCIPALS)


def topic_of(*accounts: Account) -> ComparedTopic:
    """The only topic of some accounts."""
    (only,) = compared(*accounts).topics
    return only


@pytest.mark.parametrize(
    ("accounts", "finding"),
    [
        pytest.param([affirms("usa"), denies("prk")], Finding.CONTRADICTED, id="one each"),
        pytest.param(
            [affirms("usa", "a"), denies("usa", "b"), affirms("prk")],
            Finding.CONTRADICTED,
            id="a party against itself and another that affirms",
        ),
        pytest.param(
            [affirms("usa", "a"), denies("usa", "b"), denies("prk")],
            Finding.CONTRADICTED,
            id="a party against itself and another that denies",
        ),
        pytest.param(
            [affirms("usa"), affirms("prk"), denies("kor")],
            Finding.CONTRADICTED,
            id="a third party against both",
        ),
        pytest.param(
            [affirms("usa", "a"), denies("usa", "b")],
            Finding.SELF_CONTRADICTED,
            id="a party against itself alone",
        ),
        pytest.param(
            [affirms("usa", "a"), denies("usa", "b"), account("prk")],
            Finding.SELF_CONTRADICTED,
            id="a party against itself, and another that leaves it out",
        ),
        pytest.param([affirms("usa"), affirms("prk")], Finding.CORROBORATED, id="both affirm"),
        pytest.param([denies("usa"), denies("kor")], Finding.CORROBORATED, id="both deny"),
        pytest.param([affirms("usa"), account("prk")], Finding.SINGLE, id="one affirms"),
        pytest.param([denies("usa")], Finding.SINGLE, id="one denies"),
        pytest.param(
            [affirms("usa", "a"), affirms("usa", "b")], Finding.SINGLE, id="one says it twice"
        ),
    ],
)
def test_what_the_parties_make_of_a_topic(accounts: list[Account], finding: Finding) -> None:
    assert topic_of(*accounts).finding is finding


def test_a_topic_names_once_and_by_slug_who_affirms_and_who_denies_it() -> None:
    topic = topic_of(
        denies("prk"), affirms("usa", "b"), affirms("usa", "a"), affirms("kor"), denies("usa", "c")
    )
    assert (topic.affirmed_by, topic.denied_by) == (("kor", "usa"), ("prk", "usa"))


def test_the_claims_of_a_topic_follow_the_accounts_and_none_is_left_out() -> None:
    topic = topic_of(denies("usa"), account("prk"), affirms("kor"))
    assert topic.claims == (None, Claim(TOPIC, affirmed=False), Claim(TOPIC, affirmed=True))


@pytest.mark.parametrize(
    ("third", "word"),
    [
        pytest.param([affirms("kor")], Word.AFFIRMS, id="affirms"),
        pytest.param([affirms("kor"), account("chn")], Word.AFFIRMS, id="affirms, beside silence"),
        pytest.param([denies("kor"), denies("chn")], Word.DENIES, id="denies"),
        pytest.param([affirms("kor"), denies("chn")], Word.DIVIDED, id="divided"),
        pytest.param([affirms("kor", "a"), denies("kor", "b")], Word.DIVIDED, id="one is divided"),
        pytest.param([account("kor")], Word.SILENT, id="silent"),
        pytest.param([affirms("kor", topic="other")], Word.SILENT, id="speaks of something else"),
        pytest.param([], None, id="there is none"),
    ],
)
def test_what_third_parties_say_does_not_depend_on_the_principals(
    third: list[Account], word: Word | None
) -> None:
    topics = compared(affirms("usa"), denies("prk"), *third).topics
    assert [topic.third_parties for topic in topics if topic.topic == TOPIC] == [word]


def test_accounts_stand_principals_first_then_by_party_date_and_slug() -> None:
    given_order = [
        account("chn", "1"),
        account("usa", "2", date="2019-03-01"),
        account("usa", "4", date="2019-03"),
        account("usa", "3", date="2019-03"),
        account("usa", "5", date="2019-02-28"),
        account("prk", "6", date="2019-05"),
    ]
    answer = compared(*given_order)
    assert [each.account.slug for each in answer.accounts] == ["6", "5", "2", "3", "4", "1"]
    assert [each.is_third_party for each in answer.accounts] == [False] * 5 + [True]


def test_contradictions_come_first_and_topics_of_one_finding_by_name() -> None:
    answer = compared(
        account("usa", "a", claims={"s2": True, "s1": True, "c": True, "x": True, "b": True}),
        account("usa", "b", claims={"x": False}),
        account("prk", "c", claims={"c": True, "b": False}),
        account("prk", "d", claims={"a": True}),
        account("kor", "e", claims={"a": False}),
    )
    assert [(topic.topic, topic.finding) for topic in answer.topics] == [
        ("a", Finding.CONTRADICTED),
        ("b", Finding.CONTRADICTED),
        ("x", Finding.SELF_CONTRADICTED),
        ("c", Finding.CORROBORATED),
        ("s1", Finding.SINGLE),
        ("s2", Finding.SINGLE),
    ]


def test_outcomes_are_in_their_own_order_with_the_accounts_that_claim_them() -> None:
    answer = compared(
        account("kor"),
        account("prk", outcome=Outcome.BROKE_DOWN),
        account("usa", "usa-2", outcome=Outcome.BROKE_DOWN),
        account("usa", "usa-1", outcome=Outcome.AGREEMENT),
    )
    assert answer.outcomes == (
        ClaimedOutcome(Outcome.AGREEMENT, ("usa-1",)),
        ClaimedOutcome(Outcome.BROKE_DOWN, ("prk", "usa-2")),
        ClaimedOutcome(None, ("kor",)),
    )


@pytest.mark.parametrize(
    ("outcomes", "differ"),
    [
        ([Outcome.AGREEMENT, Outcome.NO_AGREEMENT], True),
        ([Outcome.AGREEMENT, Outcome.AGREEMENT], False),
        ([Outcome.AGREEMENT, None], False),
        ([Outcome.AGREEMENT, Outcome.UNKNOWN], False),
        ([None, None], False),
        ([], False),
    ],
)
def test_outcomes_differ_where_two_accounts_claim_different_ones(
    outcomes: list[Outcome | None], differ: bool
) -> None:
    accounts = [account("usa", str(n), outcome=outcome) for n, outcome in enumerate(outcomes)]
    assert compared(*accounts).outcomes_differ is differ


def test_an_account_of_another_meeting_has_no_part() -> None:
    other = account("prk", meeting="singapore", claims={TOPIC: False}, outcome=Outcome.AGREEMENT)
    answer = compared(affirms("usa"), other)
    assert answer == compared(affirms("usa"))


def test_a_meeting_without_accounts_has_nothing_to_compare() -> None:
    assert compared() == ComparedAccounts(HANOI, (), (), (), outcomes_differ=False)


ACCOUNTS = st.lists(
    st.builds(
        lambda party, slug, claims, outcome, date: account(
            party, slug, claims=claims, outcome=outcome, date=date
        ),
        party=st.sampled_from(["usa", "prk", "kor", "chn"]),
        slug=st.sampled_from([f"account-{n}" for n in range(9)]),
        claims=st.dictionaries(st.sampled_from(["a", "b"]), st.booleans()),
        outcome=st.none() | st.sampled_from([Outcome.AGREEMENT, Outcome.BROKE_DOWN]),
        date=st.sampled_from(["2019", "2019-02", "2019-02-28"]),
    ),
    unique_by=lambda each: each.slug,
    max_size=6,
)


@given(ACCOUNTS)
@settings(deadline=None)
def test_a_topic_is_contradicted_exactly_where_two_parties_say_the_opposite(
    accounts: list[Account],
) -> None:
    said = [(each.party.slug, claim) for each in accounts for claim in each.claims]
    contradicted = {
        one.topic
        for party, one in said
        for other_party, other in said
        if party != other_party and one.topic == other.topic and one.affirmed != other.affirmed
    }
    found = {t.topic for t in compared(*accounts).topics if t.finding is Finding.CONTRADICTED}
    assert found == contradicted


@given(ACCOUNTS)
@settings(deadline=None)
def test_every_account_and_every_claim_is_shown_once(accounts: list[Account]) -> None:
    answer = compared(*accounts)
    shown = [each.account for each in answer.accounts]
    assert sorted(shown, key=lambda each: each.slug) == sorted(accounts, key=lambda e: e.slug)
    for column, each in enumerate(shown):
        claims = [topic.claims[column] for topic in answer.topics]
        assert {claim for claim in claims if claim is not None} == set(each.claims)


@given(ACCOUNTS, st.data())
@settings(deadline=None)
def test_the_order_of_the_accounts_changes_nothing(
    accounts: list[Account], data: st.DataObject
) -> None:
    assert compared(*data.draw(st.permutations(accounts))) == compared(*accounts)
