"""Which words a text is found by, and what a query looks for."""

import pytest

from negotiations_api.models.search_words import (
    LARGEST,
    LONGEST,
    Term,
    Unsearchable,
    kept_words,
    read_terms,
)


def is_found(text: str, query: str) -> bool:
    """Whether a record with `text` has every word of `query`."""
    kept = (kept_words([text]) or "").split(" ")
    return all(
        any(word.startswith(term.word) for word in kept) if term.is_prefix else term.word in kept
        for term in read_terms(query)
    )


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Relief from sanctions", "sanction"),
        ("A sanction is lifted", "lifting sanctions"),
        ("Complete denuclearization", "denuclearisation"),
        ("Organised by the ministry", "organizing"),
        ("SANCTIONS", "sanctions"),
        ("Der Gruß", "GRUSS"),
        ("São Tomé", "sao tome"),
        ("sao tome", "São Tomé"),
        ("Ελλάδα", "ελλαδα"),
        ("\ufb01ssile", "fissile"),
        ("\uff12\uff10\uff11\uff19", "2019"),
        ("North-Korea", "korea"),
        ("sanctions-relief", "relief sanctions"),
        ("North Korea\u2019s sites", "korea"),
        ("North Korea", "Korea's"),
        ("the U.S. side", "us"),
        ("the US side", "U.S."),
        ("a U.S.-led force", "US led"),
        ("It went to the U.S.Then it ended", "then"),
        ("denu\u00adclear", "denuclear"),
        ("dismantlement", "dismant*"),
        ("dismantlement", '"dismant*"'),
        ("dismantlement of the site", "dismant* sites"),
        ("the U.S. side", "U.S.*"),
        ("朝鲜半岛无核化", "无核化"),
        ("朝鲜半岛无核化", "岛"),
        ("朝鲜半岛无核化", "半岛*"),
        ("G7会議", "g7 会議"),
        ("ﾊﾟﾘ協定", "パリ"),
        ("ข้อตกลงหยุดยิง", "หยุดยิง"),
        ("한반도 비핵화", "비핵화"),
        ("한반도 비핵화", "비핵*"),
        ("परमाणु समझौता", "परमाणु"),
        ("اتِّفَاق", "اتفاق"),
        ("Договор", "договор"),
        ("1️⃣ step", "1"),
    ],
)
def test_a_text_is_found_by(text: str, query: str) -> None:
    assert is_found(text, query)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Relief from sanctions", "sanctions treaty"),
        ("dismantlement", "dismant"),
        ("happy", "happi*"),
        ("reunification", "*unification*"),
        ("無核", "核無"),
        ("कि", "कु"),
        ("が", "か"),
        ("a.b and c", "abc"),
        ("sanctions", "sanctions AND"),
    ],
)
def test_a_text_is_not_found_by(text: str, query: str) -> None:
    assert not is_found(text, query)


def test_a_word_counts_once_in_a_query() -> None:
    assert len(read_terms("relief Relief RELIEF relief* rélief")) == 2


def test_a_word_with_a_star_is_the_beginning_of_words_as_they_are_written() -> None:
    assert read_terms("Treaties*") == [Term("treaties", is_prefix=True)]


@pytest.mark.parametrize(
    "query", ["", " ", "*", '"', "***", "!&|", "\\", "\u0301\u0302", "\u0941", "\ud800", "\0", "❤️"]
)
def test_a_query_without_a_word_is_refused_with_an_example(query: str) -> None:
    with pytest.raises(Unsearchable, match=r"no word in this: give .* sanction\*"):
        read_terms(query)


def test_a_query_of_too_many_words_or_characters_is_refused_with_the_bound() -> None:
    read_terms(" ".join(f"word{number}" for number in range(32)))
    with pytest.raises(Unsearchable, match="At most 32 words; this has 33"):
        read_terms(" ".join(f"word{number}" for number in range(33)))
    read_terms("x" * 1000)
    with pytest.raises(Unsearchable, match="At most 1000 characters; this has 10000"):
        read_terms("x" * 10_000)


def test_text_without_a_word_is_kept_as_nothing() -> None:
    assert kept_words([None, "", " ... ", "\u0301"]) is None


def test_the_order_of_the_texts_makes_no_difference() -> None:
    texts = ["Relief from sanctions", None, "sanctions lifted"]
    assert kept_words(texts) == kept_words(reversed(texts))


def test_only_the_first_characters_of_a_long_word_count() -> None:
    assert is_found("x" * (LONGEST + 5), "x" * (LONGEST + 9))
    assert not is_found("x" * (LONGEST - 5), "x" * (LONGEST + 9))


def test_a_record_keeps_no_more_words_than_the_engines_take() -> None:
    kept = kept_words(["".join(chr(0x20000 + i) + " " for i in range(60_000))])
    assert kept is not None
    assert len(kept.encode()) <= LARGEST
