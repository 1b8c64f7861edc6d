"""Where two sides differ and who stands where, over HTTP, on the example talks."""

from collections.abc import Callable
from typing import Any

import pytest

from negotiations_api.database import Database
from tests.client import Client

HERE = "/v1/negotiations/us-dprk"


@pytest.fixture
def example(talks: Database, client: Client) -> Client:
    """A client of the example talks."""
    return client


def compare(client: Client, sides: str, query: str = "") -> dict[str, Any]:
    answer = client.get(f"{HERE}/compare/{sides}{query}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def demands(comparison: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {d["demand"]["slug"]: d for i in comparison["issues"] for d in i["demands"]}


def test_sanctions_relief_is_demanded_by_one_and_conditional_for_the_other(
    example: Client,
) -> None:
    relief = demands(compare(example, "usa@2019-10-31...prk@2019-10-31"))["sanctions-relief"]
    assert relief["alignment"] == "conditional"
    assert relief["change"] is None
    assert relief["right"]["stance"] == "demand"
    assert relief["left"]["stance"] == "conditional"
    assert relief["left"]["conditions"] == [
        {"kind": "precondition", "demands": ["cvid"], "text": None}
    ]
    assert relief["left"]["citations"][0]["quoted"] == "Stephen Biegun"


def test_the_united_states_hardened_between_january_and_march_2019(example: Client) -> None:
    compared = demands(compare(example, "usa@2019-01-31...usa@2019-03-31"))
    assert compared["sanctions-relief"]["change"] == "hardened"
    assert compared["sanctions-relief"]["alignment"] is None
    assert compared["cvid"]["change"] == "unchanged"


def test_two_parties_on_two_dates_have_alignments(example: Client) -> None:
    compared = demands(compare(example, "usa@2018-06...prk@2019"))
    assert compared["security-guarantees"]["left"]["stance"] == "accept"
    assert compared["security-guarantees"]["alignment"] == "agreed"


def test_totals_count_every_demand_whatever_is_shown(example: Client) -> None:
    every = compare(example, "usa@2019...prk@2019")
    some = compare(example, "usa@2019...prk@2019", "?show=differences")
    assert some["totals"] == every["totals"]
    assert sum(every["totals"]["alignments"].values()) == len(demands(every))
    kept = {
        s
        for s, d in demands(every).items()
        if d["alignment"] not in {"agreed", "both_reject", "not_recorded"}
    }
    assert set(demands(some)) == kept


def test_an_imprecise_date_means_its_last_day(example: Client) -> None:
    month, day = (
        compare(example, "usa@2019-03...prk@2019-03"),
        compare(example, "usa@2019-03-31...prk@2019-03-31"),
    )
    assert month["issues"] == day["issues"]
    assert (month["left"]["date"], month["left"]["on"]) == ("2019-03", "2019-03-31")


def test_before_the_talks_nothing_is_recorded(example: Client) -> None:
    compared = compare(example, "usa@2016...prk@2016")
    assert {d["alignment"] for d in demands(compared).values()} == {"not_recorded"}


@pytest.mark.parametrize(
    ("sides", "status", "advice"),
    [
        ("usa...jpn", 404, "prk"),
        ("uas...prk", 404, "did you mean 'usa'"),
        ("usa", 400, "usa...prk"),
        ("usa...", 400, "three dots"),
        ("usa...prk...swe", 400, "two sides"),
        ("usa@...prk", 400, "usa@2019-04"),
        ("usa@yesterday...prk", 400, "usa@2019-04"),
        ("@2019...prk", 400, "begins with a party"),
        ("usa@2019-02-30...prk", 400, "is no date"),
        ("usa%00...prk", 404, "participant"),
    ],
)
def test_a_side_that_is_not_there_is_told_what_is(
    example: Client, sides: str, status: int, advice: str
) -> None:
    answer = example.get(f"{HERE}/compare/{sides}")
    assert answer.status_code == status
    assert advice in answer.get_json()["detail"]


def test_a_party_that_takes_no_part_is_told_who_does(example: Client) -> None:
    example.create("/v1/parties", {"slug": "japan", "name": "Japan", "kind": "state"})
    answer = example.get(f"{HERE}/compare/usa...japan")
    assert answer.status_code == 404
    assert "usa" in answer.get_json()["detail"]


def test_text_reads_like_a_diff(example: Client) -> None:
    answer = example.get(
        f"{HERE}/compare/usa@2019-10-31...prk@2019-10-31", headers={"Accept": "text/plain"}
    )
    assert answer.content_type == "text/plain; charset=utf-8"
    lines = answer.text.splitlines()
    assert lines[0].startswith("--- usa  2019-10-31")
    assert lines[1].startswith("+++ prk  2019-10-31")
    assert "@@ Sanctions relief @@" in lines
    assert "-   only after cvid" in lines
    assert "+ demand, since 2019-04-12" in lines
    assert max(len(line) for line in lines) <= 80
    assert answer.text.endswith(".\n")


def test_text_is_as_wide_and_as_coloured_as_asked_for(example: Client) -> None:
    text = example.get(f"{HERE}/compare/usa...prk?format=text&width=60&color=always").text
    assert "\x1b[31m- " in text
    plain = example.get(f"{HERE}/compare/usa...prk?format=text&width=60").text
    assert max(len(line) for line in plain.splitlines()) <= 60


def test_the_matrix_has_a_cell_for_each_demand_and_party(example: Client) -> None:
    body = example.get(f"{HERE}/matrix?on=2019-10-05").get_json()
    slugs = [party["slug"] for party in body["parties"]]
    assert slugs[:2] == ["prk", "usa"]  # the principals first
    row = next(row for row in body["rows"] if row["demand"]["slug"] == "cvid")
    stances = [position and position["stance"] for position in row["positions"]]
    assert dict(zip(slugs, stances, strict=True)) == dict.fromkeys(slugs) | {
        "usa": "demand",
        "prk": "conditional",
    }
    assert body["recorded"] == sum(p is not None for row in body["rows"] for p in row["positions"])


def test_the_matrix_as_text_is_a_table(example: Client) -> None:
    text = example.get(f"{HERE}/matrix?on=2019-10-05&format=text&width=200").text
    row = next(line for line in text.splitlines() if line.split()[:1] == ["cvid"])
    assert row.split()[1:3] == ["conditional", "demand"]


@pytest.mark.parametrize("question", ["compare/usa@2019...prk@2019", "matrix?on=2019", "matrix"])
def test_an_unchanged_answer_is_not_computed_again(
    example: Client, question: str, queries: Callable[[], list[str]]
) -> None:
    tag = example.get(f"{HERE}/{question}").headers["ETag"]
    ran = len(queries())
    answer = example.get(f"{HERE}/{question}", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.data) == (304, b"")
    assert not any("position" in statement for statement in queries()[ran:])


def test_the_etag_of_one_question_is_not_that_of_another(example: Client) -> None:
    tag = example.get(f"{HERE}/compare/usa@2019...prk@2019").headers["ETag"]
    unknown = example.get(f"{HERE}/compare/usa@2019...jpn@2019", headers={"If-None-Match": tag})
    assert unknown.status_code == 404


def test_a_write_makes_another_answer_with_another_etag(example: Client) -> None:
    address = f"{HERE}/compare/usa@2019...prk@2019"
    before = example.get(address)
    new = {"party": "usa", "demand": "peace-treaty", "date": "2019-12", "stance": "accept"}
    example.create(f"{HERE}/positions", new)
    after = example.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert demands(after.get_json())["peace-treaty"]["alignment"] == "agreed"


def test_the_number_of_queries_does_not_grow_with_the_positions(
    example: Client, queries: Callable[[], list[str]]
) -> None:
    def count(address: str) -> int:
        start = len(queries())
        assert example.get(address).status_code == 200
        return len(queries()) - start

    for address in (f"{HERE}/compare/usa...prk", f"{HERE}/matrix", f"{HERE}/positions?limit=1000"):
        before = count(address)
        for year in range(2020, 2026):
            example.create(
                f"{HERE}/positions",
                {
                    "party": "usa",
                    "demand": "cvid" if year % 2 else "peace-treaty",
                    "date": f"{year}-{len(address)}"[:4],
                    "stance": "conditional",
                    "conditions": [{"kind": "reciprocal", "demands": ["new-relations"]}],
                    "citations": [{"source": "wsws-2019-10-10"}],
                },
            )
        assert count(address) == before
        for item in example.get(f"{HERE}/positions?date.gte=2020").get_json()["items"]:
            example.delete(f"{HERE}/positions/{item['id']}", "*")
