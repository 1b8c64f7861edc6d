"""The field types of the record."""

import calendar
import datetime as dt
import json
import math
import re
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields

from negotiations_api.compare.meeting import Outcome
from negotiations_api.compare.position import Stance
from negotiations_api.schemas.fields import (
    Choice,
    Date,
    Flag,
    Identifier,
    Moment,
    Number,
    Pattern,
    Reference,
    References,
    Several,
    Slug,
    Text,
    Url,
    line,
    near_miss,
    prose,
)

NO_TEXTS = [1, 1.0, True, False, [], ["a"], {}, {"a": "b"}]
FIELDS: list[fields.Field[Any]] = [
    Text(10),
    Slug(),
    Reference("party"),
    References("party"),
    Date(),
    Number(),
    Flag(),
    Choice(Stance),
    Url(),
]


def refusal(field: fields.Field[Any], value: Any) -> str:
    """What a field says of a value that it refuses."""
    with pytest.raises(ValidationError) as refused:
        field.deserialize(value)
    return json.dumps(refused.value.messages, ensure_ascii=False)


def shown(field: fields.Field[Any], value: Any) -> Any:
    """What goes out for a value."""
    return Schema.from_dict({"field": field})().dump({"field": value})["field"]


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: type(field).__name__)
def test_null_is_refused_where_it_is_not_allowed(field: fields.Field[Any]) -> None:
    assert "null" in refusal(field, None)


@pytest.mark.parametrize(
    "field",
    [Text(10), Slug(), Date(), Number(), Flag(), Choice(Stance), Url()],
    ids=lambda field: type(field).__name__,
)
def test_nothing_is_shown_as_null(field: fields.Field[Any]) -> None:
    assert shown(field, None) is None


# Text


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=10).filter(
        lambda text: text.strip()
    )
)
def test_a_text_is_kept_as_it_is(text: str) -> None:
    assert Text(10).deserialize(text) == text


@pytest.mark.parametrize("value", NO_TEXTS)
@pytest.mark.parametrize("field", [Text(10), Slug(), Reference("party"), Url()])
def test_what_is_no_text_is_not_made_into_one(field: fields.Field[Any], value: Any) -> None:
    assert "Write a text." in refusal(field, value)


@pytest.mark.parametrize("text", ["", " ", "\n", " \t\n", "\u2003"])
def test_an_empty_text_is_refused(text: str) -> None:
    assert "leave the field out" in refusal(Text(10), text)


def test_a_text_has_at_most_its_longest_characters() -> None:
    assert Text(10).deserialize("😀" * 10) == "😀" * 10


def test_a_longer_text_is_refused_with_both_lengths() -> None:
    assert "At most 10 characters; this has 11." in refusal(Text(10), "x" * 11)


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\r", "\x1f"])
def test_control_characters_are_refused(character: str) -> None:
    assert re.search("control character U|in one line", refusal(Text(10), f"a{character}b"))


@given(st.text("a .\n\r\t\0\x1b\x7f\x85\u2003\u2028", max_size=10) | st.text(max_size=10))
@pytest.mark.parametrize("field", [Text(10), Text(10, paragraphs=True)], ids=["line", "prose"])
def test_the_pattern_of_a_text_matches_what_is_taken(field: Text, text: str) -> None:
    try:
        field.deserialize(text)
    except ValidationError:
        assert not text or not re.fullmatch(field.metadata["pattern"], text)
    else:
        assert re.fullmatch(field.metadata["pattern"], text)


@pytest.mark.parametrize(("field", "longest"), [(line(), 500), (prose(), 20_000)])
def test_lines_and_prose_have_their_lengths(field: fields.Field[Any], longest: int) -> None:
    assert f"At most {longest} characters" in refusal(field, "x" * (longest + 1))


def test_prose_may_have_paragraphs() -> None:
    assert prose().deserialize("One.\n\n\tTwo.") == "One.\n\n\tTwo."


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("One.\r\n\r\n\tTwo.\r\n", "One.\n\n\tTwo.\n"),
        ("One.\nTwo.\r\nThree.", "One.\nTwo.\nThree."),
        ("\r\na", "\na"),
    ],
)
def test_prose_ends_its_lines_with_a_line_feed(text: str, kept: str) -> None:
    assert prose().deserialize(text) == kept


def test_the_length_of_prose_is_that_of_what_is_sent() -> None:
    assert prose().deserialize("\r\n" * 9_999 + "xy") == "\n" * 9_999 + "xy"
    said = refusal(prose(), "\r\n" * 10_000 + "x")
    assert said == '["At most 20000 characters; this has 20001."]'


@pytest.mark.parametrize("text", ["a\rb", "a\r", "\ra", "a\n\rb", "a\r\r\nb", "a\r\nb\rc"])
def test_a_lone_carriage_return_in_prose_is_refused_by_its_code_point(text: str) -> None:
    assert refusal(prose(), text) == '["Leave the control character U+000D out."]'


@pytest.mark.parametrize(
    ("character", "code"), [("\0", "U+0000"), ("\x1b", "U+001B"), ("\x85", "U+0085")]
)
@pytest.mark.parametrize("field", [line(), prose()], ids=["line", "prose"])
def test_a_control_character_is_refused_by_its_code_point(
    field: fields.Field[Any], character: str, code: str
) -> None:
    said = refusal(field, f"a{character}b")
    assert said == f'["Leave the control character {code} out."]'


@pytest.mark.parametrize("text", ["\r\n", " \r\n\t", "\r"])
def test_prose_of_nothing_but_line_breaks_is_refused_as_empty(text: str) -> None:
    assert "leave the field out" in refusal(prose(), text)


@pytest.mark.parametrize("character", ["\n", "\r", "\r\n", "\t", "\u2028", "\u2029"])
def test_a_line_break_in_a_line_is_refused_as_such(character: str) -> None:
    said = refusal(line(), f"a{character}b")
    assert said == '["Write it in one line, without line breaks."]'


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=5))
def test_every_text_that_is_taken_fits_the_pattern_of_texts(text: str) -> None:
    try:
        kept = prose().deserialize(text)
    except ValidationError:
        return
    assert re.search(prose().metadata["pattern"], kept)


@pytest.mark.parametrize(
    ("field", "pattern"),
    [
        (Pattern(8, "[A-Z]{2}", "no code"), "^[A-Z]{2}$"),
        (Slug(), "^[a-z0-9]+(-[a-z0-9]+)*$"),
        (Reference("party"), "^[a-z0-9]+(-[a-z0-9]+)*$"),
    ],
    ids=["pattern", "slug", "reference"],
)
def test_a_text_of_a_given_form_is_described_by_its_own_pattern(field: Text, pattern: str) -> None:
    assert field.metadata["pattern"] == pattern


def test_a_pattern_gives_its_advice() -> None:
    assert "'gb' is no code: write one like GB" in refusal(
        Pattern(8, "[A-Z]{2}", "no code: write one like GB"), "gb"
    )


@pytest.mark.parametrize("text", ["GBR", "GB\n", "xGB"])
def test_a_pattern_fits_the_whole_text(text: str) -> None:
    assert "no code" in refusal(Pattern(8, "[A-Z]{2}", "no code"), text)


# Slug, Reference, References


@pytest.mark.parametrize("slug", ["usa", "us-dprk", "2019", "a-1-b", "x" * 80])
def test_a_slug_is_small_letters_digits_and_single_hyphens(slug: str) -> None:
    assert Slug().deserialize(slug) == slug


@pytest.mark.parametrize(
    "slug", ["USA", "us_dprk", "us dprk", "-usa", "usa-", "us--dprk", "süd", "usa\n", "a/b", "a.b"]
)
def test_what_is_no_slug_is_refused_with_an_example(slug: str) -> None:
    assert "small letters, digits and single hyphens, like 'sanctions-relief'" in refusal(
        Slug(), slug
    )


def test_a_slug_has_at_most_80_characters() -> None:
    assert "At most 80 characters" in refusal(Slug(), "x" * 81)


def test_a_reference_is_shown_as_the_slug_of_its_record() -> None:
    assert shown(Reference("party"), SimpleNamespace(slug="usa")) == "usa"


def test_references_are_given_in_their_order() -> None:
    assert References("party").deserialize(["usa", "prk", "chn"]) == ["chn", "prk", "usa"]


def test_references_are_shown_as_slugs() -> None:
    parties = [SimpleNamespace(slug="prk"), SimpleNamespace(slug="usa")]
    assert shown(References("party"), parties) == ["prk", "usa"]


def test_no_references_are_an_empty_list() -> None:
    assert References("party").deserialize([]) == []


@pytest.mark.parametrize("value", ["usa", 1, True, {}, {"usa": 1}])
def test_references_are_a_list(value: Any) -> None:
    assert "Not a valid list." in refusal(References("party"), value)


def test_each_reference_that_stands_twice_is_refused_with_its_index() -> None:
    with pytest.raises(ValidationError) as refused:
        References("party").deserialize(["usa", "prk", "usa", "chn", "prk", "usa"])
    assert refused.value.messages == {
        2: ["'usa' stands here twice; name it once."],
        4: ["'prk' stands here twice; name it once."],
        5: ["'usa' stands here twice; name it once."],
    }


def test_each_reference_that_is_no_slug_is_refused_with_its_index() -> None:
    with pytest.raises(ValidationError) as refused:
        References("party").deserialize(["usa", 1, "USA", None])
    assert isinstance(refused.value.messages, dict)
    assert list(refused.value.messages) == [1, 2, 3]


def test_a_list_has_as_many_entries_as_it_says() -> None:
    slugs = [f"party-{number:05}" for number in range(1000)]
    assert References("party").deserialize(slugs) == slugs
    assert References("party").metadata["maxItems"] == 1000


@pytest.mark.parametrize("field", [References("party"), Several(Slug()), Several(Flag(), most=2)])
def test_a_longer_list_is_refused_with_both_numbers(field: Several) -> None:
    values = ["a"] * (field.most + 1)
    said = f"Give at most {field.most:,} entries; this has {len(values):,}."
    assert said in refusal(field, values)


# Date


@pytest.mark.parametrize("date", ["2019", "2019-04", "2019-04-12", "2020-02-29", "0001", "9999"])
def test_a_date_keeps_its_precision(date: str) -> None:
    assert Date().deserialize(date) == date


@pytest.mark.parametrize(
    "date",
    [
        "",
        "19",
        "2019-4",
        "2019-13",
        "2019-00",
        "2019-02-29",
        "2019-04-31",
        "0000",
        "12.04.2019",
        "2019-04-12T10:00",
        "2019-04-12Z",
        " 2019",
        "2019\n",
        "20190412",
        "2019-W15",
        "2019-04-",
        "2019?",
        "201X",
        "-2019",
        "٢٠١٩",
        "today",
    ],
)
def test_what_is_no_date_is_refused_with_the_three_forms(date: str) -> None:
    said = refusal(Date(), date)
    assert all(form in said for form in ("(2019-04-12)", "(2019-04)", "(2019)"))


@pytest.mark.parametrize("value", [2019, 20190412, 2019.0, True, [], {}])
def test_a_date_is_not_made_from_anything_but_a_text(value: Any) -> None:
    assert "Write the date as a text" in refusal(Date(), value)


DATE_PATTERN = re.compile(Date().metadata["pattern"])
TWO_DIGITS = [f"{number:02}" for number in range(100)]


def test_the_pattern_of_dates_takes_the_months_01_to_12() -> None:
    taken = [month for month in TWO_DIGITS if DATE_PATTERN.fullmatch(f"2019-{month}")]
    assert taken == TWO_DIGITS[1:13]


@pytest.mark.parametrize("month", TWO_DIGITS[1:13])
@pytest.mark.parametrize("year", ["2019", "2020", "1900", "2000", "0004", "0100"])
def test_the_pattern_of_dates_takes_the_days_of_the_calendar(year: str, month: str) -> None:
    taken = [day for day in TWO_DIGITS if DATE_PATTERN.fullmatch(f"{year}-{month}-{day}")]
    last = calendar.monthrange(int(year), int(month))[1]
    assert taken == TWO_DIGITS[1 : last + 1]


@pytest.mark.parametrize("rest", ["", "-04", "-04-12"])
def test_the_pattern_of_dates_takes_every_year_but_0000(rest: str) -> None:
    years = [f"{number:04}" for number in range(10_000)]
    taken = [year for year in years if DATE_PATTERN.fullmatch(f"{year}{rest}")]
    assert taken == years[1:]


@pytest.mark.parametrize(
    "date",
    [
        "",
        "19",
        "20190",
        "00001",
        "2019-4",
        "2019-04-1",
        "2019-04-123",
        "2019-",
        "2019-04-",
        "2019-13-01",
        "2019-00-01",
        " 2019",
        "2019 ",
        "20190412",
        "2019-04-12T10:00",
        "-2019",
        "٢٠١٩",
    ],
)
def test_the_pattern_of_dates_does_not_take_another_form(date: str) -> None:
    assert DATE_PATTERN.search(date) is None


@given(st.dates().map(str), st.sampled_from([4, 7, 10]))
def test_every_date_fits_the_pattern_of_dates(day: str, length: int) -> None:
    assert DATE_PATTERN.fullmatch(Date().deserialize(day[:length]))


# Number


@pytest.mark.parametrize("value", [0, 12, -3, 1.5, 1e300, -0.0])
def test_a_number_is_read_as_it_is(value: float) -> None:
    assert Number().deserialize(value) == value


@pytest.mark.parametrize("value", [True, False, "12", "1.5", "", [], [1], {}])
def test_what_is_no_number_is_not_made_into_one(value: Any) -> None:
    assert "Write a number, without quotation marks." in refusal(Number(), value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 10**400, -(10**400)])
def test_a_number_that_is_not_finite_is_refused(value: float) -> None:
    assert "finite number" in refusal(Number(), value)


@pytest.mark.parametrize("value", [-0.001, 100.001, -1, 101, math.nan, math.inf, 10**400])
def test_a_number_out_of_its_range_is_refused_with_the_range(value: float) -> None:
    assert "Give a number from 0 to 100." in refusal(Number(0, 100), value)


@pytest.mark.parametrize("value", [0, 100, 0.5])
def test_a_range_has_its_ends(value: float) -> None:
    assert Number(0, 100).deserialize(value) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.0, "12"),
        (-3.0, "-3"),
        (0.0, "0"),
        (-0.0, "0"),
        (1.5, "1.5"),
        (0.1, "0.1"),
        (2.0**52, "4503599627370496"),
        (1e300, "1e+300"),
        (12, "12"),
    ],
)
def test_a_whole_number_is_shown_without_a_fraction(value: float, text: str) -> None:
    assert repr(shown(Number(), value)) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_shown_as_the_same_number(value: float) -> None:
    assert shown(Number(), value) == value


# Flag


@pytest.mark.parametrize("value", [True, False])
def test_a_flag_is_true_or_false(value: bool) -> None:
    assert Flag().deserialize(value) is value


@pytest.mark.parametrize("value", ["true", "false", "yes", "", 0, 1, 1.0, [], {}])
def test_what_is_no_flag_is_not_made_into_one(value: Any) -> None:
    assert "Write true or false, without quotation marks." in refusal(Flag(), value)


# Choice


@pytest.mark.parametrize("stance", Stance)
def test_a_choice_takes_each_value_of_its_enum(stance: Stance) -> None:
    assert Choice(Stance).deserialize(stance.value) is stance


@pytest.mark.parametrize("value", ["", "yes", "maybe", 1, True, [], ["demand"], {}])
def test_what_is_no_choice_is_refused_with_the_values(value: Any) -> None:
    assert "Choose one of demand, accept, conditional, reserve, reject." in refusal(
        Choice(Stance), value
    )


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("acept", "accept"),
        ("Accept", "accept"),
        ("accepted", "accept"),
        ("conditionnal", "conditional"),
        ("demands", "demand"),
        (" reject", "reject"),
    ],
)
def test_a_near_miss_names_the_choice_that_may_be_meant(value: str, meant: str) -> None:
    assert f"did you mean '{meant}'?" in refusal(Choice(Stance), value)


def test_a_near_miss_of_two_words_names_the_nearer_one() -> None:
    assert "did you mean 'no_agreement'?" in refusal(Choice(Outcome), "no-agreement")


def test_a_choice_is_shown_as_its_value() -> None:
    assert shown(Choice(Stance), Stance.CONDITIONAL) == "conditional"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("titel", "; did you mean 'title'?"),
        ("xyz", ""),
        ("", ""),
        ("slug", "; did you mean 'slug'?"),
    ],
)
def test_a_near_miss_is_named_only_where_something_is_near(word: str, said: str) -> None:
    assert near_miss(word, ["slug", "title"]) == said


# Url


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://example.org/a/b?c=d&e=f#g",
        "https://example.org:8443/x",
        "https://xn--r8jz45g.jp/",
        "https://例え.jp/記事",
        "HTTPS://EXAMPLE.ORG/",
    ],
)
def test_an_address_is_kept_as_it_is(url: str) -> None:
    assert Url().deserialize(url) == url
    assert re.search(Url().metadata["pattern"], url)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("http://a", True),
        ("https://a", True),
        ("hTTp://a", True),
        ("http:/a", False),
        ("httpss://a", False),
        ("httpx://a", False),
        ("ftp://a", False),
        (" https://a", False),
        ("see https://a", False),
        ("ftp://a\nhttps://a", False),
        ("javascript:alert('https://a')", False),
        ("", False),
    ],
)
def test_the_pattern_of_addresses_takes_http_and_https(text: str, fits: bool) -> None:
    assert bool(re.search(Url().metadata["pattern"], text)) is fits


def test_an_address_is_described_as_one() -> None:
    assert Url().metadata["format"] == "uri"


@pytest.mark.parametrize(
    "url",
    [
        "example.org",
        "/a",
        "ftp://example.org",
        "javascript:alert(1)",
        "https://",
        "https:// a.org",
        "https://example.org/a b",
        "https://example .org/",
        "http://[::1",
        "mailto:a@example.org",
        "https//example.org",
        "data:text/html,x",
    ],
)
def test_what_is_no_address_is_refused_with_how_one_begins(url: str) -> None:
    assert "beginning with http:// or https://" in refusal(Url(), url)


def test_a_long_address_is_refused_with_its_length() -> None:
    assert "At most 2000 characters" in refusal(Url(), f"https://example.org/{'x' * 2000}")


# What the service gives


def test_an_identifier_is_shown_as_13_characters() -> None:
    assert shown(Identifier(), 33) == "0000000000011"


@pytest.mark.parametrize("hours", [0, 9, -5])
def test_a_moment_is_shown_in_utc(hours: int) -> None:
    zone = dt.timezone(dt.timedelta(hours=hours))
    moment = dt.datetime(2019, 2, 28, 12, 30, 15, 123456, tzinfo=dt.UTC).astimezone(zone)
    assert shown(Moment(), moment) == "2019-02-28T12:30:15.123Z"
