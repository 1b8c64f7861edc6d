"""Identifiers."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from negotiations_api.models.identifier import LENGTH, PATTERN, format_id, new_id, parse_id

identifiers = st.integers(0, 2**63 - 1)
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def test_100_000_identifiers_increase() -> None:
    made = [new_id() for _ in range(100_000)]
    assert all(earlier < later for earlier, later in pairwise(made))


def test_identifiers_do_not_count_what_stands_between() -> None:
    """How far two are apart says little of how many were made between them."""
    made = [new_id() for _ in range(10_000)]
    steps = [later - earlier for earlier, later in pairwise(made)]
    assert len(set(steps)) > 1000
    two = [later - earlier for earlier, later in zip(made, made[2:], strict=False)]
    assert sorted(steps)[9000] > sorted(two)[1000] * 2


def test_identifiers_that_threads_make_at_the_same_time_are_all_different() -> None:
    together = threading.Barrier(8)

    def make() -> list[int]:
        together.wait()
        return [new_id() for _ in range(12_500)]

    with ThreadPoolExecutor(8) as threads:
        made = [threads.submit(make) for _ in range(8)]
        assert len({identifier for each in made for identifier in each.result()}) == 100_000


def test_the_identifiers_of_each_thread_increase() -> None:
    with ThreadPoolExecutor(8) as threads:
        made = [threads.submit(lambda: [new_id() for _ in range(5_000)]) for _ in range(8)]
    assert all(earlier < later for each in made for earlier, later in pairwise(each.result()))


def test_an_identifier_fits_in_63_bits() -> None:
    assert 0 < new_id() < 2**63


@given(identifiers)
@example(0)
@example(2**63 - 1)
def test_an_identifier_is_read_back_from_its_text(identifier: int) -> None:
    assert parse_id(format_id(identifier)) == identifier


@given(identifiers)
def test_an_identifier_is_read_back_from_small_letters(identifier: int) -> None:
    assert parse_id(format_id(identifier).lower()) == identifier


@given(identifiers)
@example(0)
@example(2**63 - 1)
def test_the_text_of_an_identifier_has_the_form_that_the_contract_says(identifier: int) -> None:
    assert re.search(PATTERN, format_id(identifier))


@given(identifiers, identifiers)
def test_the_texts_sort_as_the_identifiers_do(one: int, other: int) -> None:
    assert (format_id(one) < format_id(other)) is (one < other)


@given(st.text(CROCKFORD + CROCKFORD.lower(), max_size=2 * LENGTH))
def test_a_text_of_another_length_is_no_identifier(text: str) -> None:
    assert (parse_id(text) is None) is (len(text) != LENGTH or text[0] > "7")


@pytest.mark.parametrize(
    "character", "ILOUilou-_ .:+/\0\n\u0663\u017f\xdf\ufb00\u0131\xe9\xc5\U0001f600"
)
@pytest.mark.parametrize("place", [0, 6, 12])
def test_a_text_with_another_character_is_no_identifier(character: str, place: int) -> None:
    text = "0" * place + character + "0" * (LENGTH - 1 - place)
    assert parse_id(text) is None


@pytest.mark.parametrize("text", ["8000000000000", "ZZZZZZZZZZZZZ"])
def test_a_text_beyond_63_bits_is_no_identifier(text: str) -> None:
    assert parse_id(text) is None


@given(st.text(max_size=2 * LENGTH) | st.text(min_size=LENGTH, max_size=LENGTH))
def test_any_text_is_an_identifier_of_63_bits_or_none(text: str) -> None:
    identifier = parse_id(text)
    assert identifier is None or format_id(identifier) == text.upper()
