"""Where the accounts of a meeting contradict each other, rendered."""

import pytest
from hypothesis import given, settings

from negotiations_api.compare.account import Account, Claim
from negotiations_api.compare.contradictions import (
    ClaimedOutcome,
    ComparedAccount,
    ComparedAccounts,
    ComparedTopic,
    Finding,
    Word,
)
from negotiations_api.compare.meeting import Level, Meeting, Outcome
from negotiations_api.compare.position import Party
from negotiations_api.render.contradictions import contradictions_page, contradictions_table
from tests.compare.factories import PRK, USA
from tests.render.hostile import TEXTS, WIDTHS, check_page, check_table


def compared(
    word: Word | None = Word.SILENT,
    text: str = "All of\n them.",
    ends_on: str | None = "2019-02-28",
) -> ComparedAccounts:
    """Three accounts of Hanoi: one affirms, one denies, a third party leaves the topic out."""
    claims = (Claim("all-sanctions", True, text), Claim("all-sanctions", False), None)
    outcomes = (Outcome.NO_AGREEMENT, Outcome.BROKE_DOWN, None)
    accounts = tuple(
        ComparedAccount(
            Account(
                f"hanoi-{party.slug}",
                "hanoi",
                party,
                "2019-02-28",
                speaker=speaker,
                outcome=outcome,
                claims=(claim,) if claim else (),
            ),
            is_third_party=party.slug == "kor",
        )
        for party, speaker, claim, outcome in zip(
            (USA, PRK, Party("kor", "South Korea")),
            ("Donald Trump", None, None),
            claims,
            outcomes,
            strict=True,
        )
    )
    meeting = Meeting(
        "hanoi", "Hanoi summit", "2019-02-27", Level.SUMMIT, Outcome.NO_AGREEMENT, ends_on
    )
    return ComparedAccounts(
        meeting=meeting,
        accounts=accounts,
        topics=(
            ComparedTopic("all-sanctions", Finding.CONTRADICTED, claims, ("usa",), ("prk",), word),
        ),
        outcomes=tuple(
            ClaimedOutcome(each.account.outcome, (each.account.slug,)) for each in accounts
        ),
        outcomes_differ=True,
    )


@pytest.mark.parametrize(
    ("ends_on", "dates"),
    [
        (None, "2019-02-27"),
        ("2019-02-27", "2019-02-27"),
        ("2019-02-28", "2019-02-27 to 2019-02-28"),
    ],
)
def test_it_is_titled_with_the_meeting_and_its_days(ends_on: str | None, dates: str) -> None:
    page = contradictions_page(compared(ends_on=ends_on))
    assert page.title == f"Accounts of Hanoi summit, {dates}"


def test_it_begins_with_what_was_found() -> None:
    page = contradictions_page(compared())
    assert page.sections[0].paragraphs == ("3 accounts, 1 topic: 1 contradicted.",)


def test_each_account_says_who_gives_it_and_when() -> None:
    assert contradictions_page(compared()).sections[1].items == (
        "hanoi-usa: United States (usa), Donald Trump, 2019-02-28",
        "hanoi-prk: North Korea (prk), 2019-02-28",
        "hanoi-kor: South Korea (kor), 2019-02-28, a third party",
    )


def test_the_outcomes_stand_side_by_side() -> None:
    outcomes = contradictions_page(compared()).sections[2]
    assert outcomes.paragraphs == (
        "On record: no agreement.",
        "The accounts differ on the outcome.",
    )
    assert outcomes.items == (
        "no agreement: hanoi-usa",
        "broke down: hanoi-prk",
        "none claimed: hanoi-kor",
    )


def test_a_topic_says_what_each_account_makes_of_it() -> None:
    topic = contradictions_page(compared()).sections[3]
    assert topic.title == "all-sanctions: contradicted"
    assert topic.items == (
        "hanoi-usa affirms: All of them.",
        "hanoi-prk denies",
        "hanoi-kor leaves it out",
    )


@pytest.mark.parametrize(
    ("word", "said"),
    [
        (None, ()),
        (Word.AFFIRMS, ("Third parties affirm it.",)),
        (Word.DENIES, ("Third parties deny it.",)),
        (Word.DIVIDED, ("Third parties are divided.",)),
        (Word.SILENT, ("Third parties are silent.",)),
    ],
)
def test_third_parties_have_a_word_where_there_are_any(
    word: Word | None, said: tuple[str, ...]
) -> None:
    assert contradictions_page(compared(word)).sections[3].paragraphs == said


def test_a_meeting_without_accounts_says_so() -> None:
    meeting = compared().meeting
    page = contradictions_page(ComparedAccounts(meeting, (), (), (), outcomes_differ=False))
    assert [each.paragraphs for each in page.sections] == [
        ("No account of the meeting is recorded.",)
    ]


def test_the_table_has_a_row_for_each_topic_and_account() -> None:
    table = contradictions_table(compared())
    assert table.header == (
        *("topic", "finding", "account", "party", "speaker", "says", "text", "third_party"),
    )
    start = ("all-sanctions", "contradicted")
    assert table.rows == (
        (*start, "hanoi-usa", "usa", "Donald Trump", "affirmed", "All of\n them.", "false"),
        (*start, "hanoi-prk", "prk", None, "denied", None, "false"),
        (*start, "hanoi-kor", "kor", None, "left_out", None, "true"),
    )


@given(TEXTS, WIDTHS)
@settings(deadline=None, max_examples=25)
def test_it_keeps_to_the_width_whatever_the_record_says(text: str, width: int) -> None:
    check_page(contradictions_page(compared(text=text)), width)
    check_table(contradictions_table(compared(text=text)))
