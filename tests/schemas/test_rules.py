"""The rules of the other records."""

from typing import Any

import pytest

from negotiations_api.schemas.party import PartySchema
from tests.schemas.records import faults, read

SPANS = [
    ("negotiation", "starts_on", "ends_on"),
    ("meetings", "starts_on", "ends_on"),
    ("events", "date", "until"),
    ("commitments", "date", "status_since"),
]


@pytest.mark.parametrize(("section", "start", "end"), SPANS)
@pytest.mark.parametrize(
    ("first", "last"),
    [("2019-04-12", "2019-04-12"), ("2019-04-12", "2019"), ("2019", "2019-01"), ("2018", "2019")],
)
def test_an_end_may_be_on_any_day_from_the_start_on(
    section: str, start: str, end: str, first: str, last: str
) -> None:
    assert read(section, **{start: first, end: last})[end] == last


@pytest.mark.parametrize(("section", "start", "end"), SPANS)
@pytest.mark.parametrize(
    ("first", "last"),
    [("2019-04-12", "2019-04-11"), ("2019-04-12", "2018"), ("2019", "2018-12"), ("2019", "2018")],
)
def test_an_end_before_the_start_is_refused(
    section: str, start: str, end: str, first: str, last: str
) -> None:
    assert faults(section, **{start: first, end: last}) == {
        f"/{end}": f"{last} is before {start} {first}: give {first} or later."
    }


def test_a_negotiation_may_have_an_end_without_a_start() -> None:
    assert read("negotiation", ends_on="2019")["starts_on"] is None


def test_a_span_is_not_judged_by_a_start_that_is_no_date() -> None:
    assert list(faults("events", date="soon", until="2018")) == ["/date"]


# Demands


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-2, -1), (0, 0.001), (-1e9, 1e9)])
def test_a_scale_goes_from_its_min_to_its_max(low: float, high: float) -> None:
    scale = read("demands", scale={"min": low, "max": high})["scale"]
    assert (scale["min"], scale["max"]) == (low, high)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1, 0, "1"),
        (0, 0, "0"),
        (-1, -2, "-1"),
        (0.1, 0, "0.1"),
        (1_234_567, 5, "1234567"),
        (0.123456789, 0.1, "0.123456789"),
    ],
)
def test_a_scale_that_does_not_rise_is_refused_with_its_min(
    low: float, high: float, said: str
) -> None:
    assert faults("demands", scale={"min": low, "max": high}) == {
        "/scale/max": f"Give a number above min, which is {said}."
    }


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**400])
def test_the_ends_of_a_scale_are_finite(value: float) -> None:
    assert list(faults("demands", scale={"min": 0, "max": value})) == ["/scale/max"]


@pytest.mark.parametrize(
    ("scale", "at"),
    [
        ({}, {"/scale/min", "/scale/max"}),
        ({"min": 0}, {"/scale/max"}),
        ({"min": None, "max": 1}, {"/scale/min"}),
        ({"min": "0", "max": True}, {"/scale/min", "/scale/max"}),
        ({"min": 1, "max": 0, "units": "USD"}, {"/scale/max", "/scale/units"}),
        (12, {"/scale"}),
    ],
)
def test_everything_that_is_wrong_with_a_scale_is_said_at_once(scale: Any, at: set[str]) -> None:
    assert set(faults("demands", scale=scale)) == at


def test_the_addressees_of_a_demand_are_a_set() -> None:
    assert read("demands", addressed_to=["usa", "prk"])["addressed_to"] == ["prk", "usa"]


# Accounts


def claim(topic: str) -> dict[str, Any]:
    """A claim on a topic."""
    return {"topic": topic, "affirmed": True}


def test_an_account_has_claims_on_different_topics() -> None:
    claims = read("accounts", claims=[claim("b"), claim("a")])["claims"]
    assert [each["topic"] for each in claims] == ["b", "a"]


def test_each_claim_on_a_topic_that_has_one_is_refused() -> None:
    claims = [claim("a"), claim("b"), claim("a"), claim("b")]
    said = faults("accounts", claims=claims)
    assert list(said) == ["/claims/2/topic", "/claims/3/topic"]
    assert "has a claim on 'a' already" in said["/claims/2/topic"]


def test_claims_on_a_topic_are_told_beside_other_faults() -> None:
    claims = [claim("a"), claim("a") | {"affirmed": "yes"}, {"topic": "A"}, {"topic": "A"}]
    assert set(faults("accounts", claims=claims, date="soon")) == {
        "/claims/1/topic",
        "/claims/1/affirmed",
        "/claims/2/topic",
        "/claims/2/affirmed",
        "/claims/3/topic",
        "/claims/3/affirmed",
        "/date",
    }


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param("x", id="no object"),
        pytest.param(None, id="null"),
        pytest.param({}, id="nothing"),
        pytest.param({"topic": 1, "affirmed": True}, id="a topic that is no text"),
        pytest.param({"topic": ["a"], "affirmed": True}, id="a topic that is a list"),
        pytest.param({"topic": "b", "affirmed": 1}, id="a topic of its own"),
    ],
)
@pytest.mark.parametrize("index", range(4))
def test_a_second_claim_on_a_topic_is_told_at_its_index_whatever_else_is_wrong(
    index: int, wrong: Any
) -> None:
    claims = [claim("a"), claim("c"), claim("a")]
    claims.insert(index, wrong)
    twin = 3 if index < 3 else 2
    said = faults("accounts", claims=claims)
    assert "has a claim on 'a' already" in said.pop(f"/claims/{twin}/topic")
    assert {at.split("/")[2] for at in said} == {str(index)}


def test_a_second_claim_on_a_topic_is_told_beside_its_own_fault() -> None:
    said = faults("accounts", claims=[{"topic": "a"}, "x", {"topic": "a", "affirmed": 1}])
    assert "has a claim on 'a' already" in said["/claims/2/topic"]
    assert set(said) == {
        "/claims/0/affirmed",
        "/claims/1",
        "/claims/2/affirmed",
        "/claims/2/topic",
    }


@pytest.mark.parametrize("claims", ["x", 1, {"topic": "a"}, None])
def test_claims_that_are_no_list_are_refused_as_such(claims: Any) -> None:
    assert list(faults("accounts", claims=claims)) == ["/claims"]


# Parties


def test_each_identifier_in_a_scheme_that_has_one_is_refused() -> None:
    identifiers = [{"scheme": scheme, "value": "2"} for scheme in ("cow", "gw", "cow", "gw")]
    assert faults("parties", identifiers=identifiers) == {
        "/identifiers/2/scheme": "'cow' stands here twice.",
        "/identifiers/3/scheme": "'gw' stands here twice.",
    }


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param("x", id="no object"),
        pytest.param(None, id="null"),
        pytest.param({"scheme": 1, "value": "2"}, id="a scheme that is no text"),
        pytest.param({"scheme": "gw", "value": ""}, id="a value that is empty"),
    ],
)
@pytest.mark.parametrize("index", range(3))
def test_a_second_identifier_in_a_scheme_is_told_at_its_index_whatever_else_is_wrong(
    index: int, wrong: Any
) -> None:
    identifiers: list[Any] = [{"scheme": "cow", "value": value} for value in ("2", "3")]
    identifiers.insert(index, wrong)
    twin = 2 if index < 2 else 1
    said = faults("parties", identifiers=identifiers)
    assert said.pop(f"/identifiers/{twin}/scheme") == "'cow' stands here twice."
    assert {at.split("/")[2] for at in said} == {str(index)}


def test_a_second_identifier_in_a_scheme_is_told_beside_its_own_fault() -> None:
    identifiers = [{"scheme": "cow"}, {"scheme": "cow", "value": 3}]
    assert faults("parties", identifiers=identifiers) == {
        "/identifiers/0/value": "This field is required.",
        "/identifiers/1/scheme": "'cow' stands here twice.",
        "/identifiers/1/value": "Write a text.",
    }


def test_other_names_are_a_list_of_texts() -> None:
    names = read("parties", other_names=["DPRK", "North Korea"])["other_names"]
    assert names == [{"name": "DPRK"}, {"name": "North Korea"}]


def test_other_names_are_shown_as_a_list_of_texts() -> None:
    names = [{"name": "DPRK"}, {"name": "North Korea"}]
    assert PartySchema().dump({"other_names": names}) == {"other_names": ["DPRK", "North Korea"]}


def test_a_fault_with_another_name_points_to_the_name() -> None:
    said = faults("parties", other_names=["DPRK", 1, {"name": "North Korea"}, None, ""])
    assert list(said) == ["/other_names/1", "/other_names/2", "/other_names/3", "/other_names/4"]


@pytest.mark.parametrize("code", ["PRK", "KP", "GB-SCT", "EU"])
def test_an_iso_3166_code_is_kept(code: str) -> None:
    assert read("parties", iso_3166=code)["iso_3166"] == code


@pytest.mark.parametrize("code", ["prk", "P", "PRKOR", "GB_SCT", "GB-", "408"])
def test_what_is_no_iso_3166_code_is_refused_with_an_example(code: str) -> None:
    assert "write one like KP, PRK or GB-SCT" in faults("parties", iso_3166=code)["/iso_3166"]


def test_a_membership_that_ends_before_it_begins_is_refused() -> None:
    member_of = [{"party": "eu", "since": "1973", "until": "1972"}]
    assert list(faults("parties", member_of=member_of)) == ["/member_of/0/until"]


# Sources, participants, commitments


@pytest.mark.parametrize("language", ["en", "ko", "zh-Hant", "pt-BR"])
def test_a_language_tag_is_kept(language: str) -> None:
    assert read("sources", language=language)["language"] == language


@pytest.mark.parametrize("language", ["English", "EN", "e", "en_GB", "en-"])
def test_what_is_no_language_tag_is_refused_with_an_example(language: str) -> None:
    assert "write one like en, ko or zh-Hant" in faults("sources", language=language)["/language"]


@pytest.mark.parametrize("weight", [-1, 101])
def test_a_weight_goes_from_0_to_100(weight: float) -> None:
    assert faults("participants", weight=weight) == {"/weight": "Give a number from 0 to 100."}


def test_a_commitment_delivers_the_whole_demand_unless_it_says_otherwise() -> None:
    assert read("commitments")["delivers"] == "wholly"


def test_the_outcome_of_a_meeting_is_unknown_unless_it_says_otherwise() -> None:
    assert read("meetings")["outcome"] == "unknown"
