"""What holds for every question over HTTP, on the example talks."""

import csv
import io
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from rich.cells import cell_len

from negotiations_api.database import Database
from negotiations_api.http.representations import FORMATS
from tests.client import Client

HERE = "/v1/negotiations/us-dprk"
QUESTIONS = {
    "compare": f"{HERE}/compare/usa@2019-10-31...prk@2019-10-31",
    "compare_across": "/v1/compare/us-dprk:usa@2018-12-31...us-dprk:prk@2019-10-31",
    "matrix": f"{HERE}/matrix?on=2019-10-31",
    "agreement": f"{HERE}/agreement?on=2019-10-31",
    "convergence": f"{HERE}/convergence?parties=usa,prk",
    "compromise": f"{HERE}/compromise?on=2019-12-31",
    "timeline": f"{HERE}/timeline",
    "compare_accounts": f"{HERE}/meetings/stockholm/accounts/compare",
    "roadmap": f"{HERE}/roadmap?on=2019-10-31",
    "party_positions": "/v1/parties/prk/positions?on=2019-10-31",
}
DRAWN = {"matrix", "agreement", "convergence", "timeline", "roadmap"}


@pytest.fixture
def example(talks: Database, client: Client) -> Client:
    """A client of the example talks, with a demand on a scale."""
    scale = {"min": 0, "max": 11, "unit": "resolutions"}
    scaled = {"slug": "suspended", "title": "Suspended", "issue": "sanctions-relief"}
    client.create(f"{HERE}/demands", scaled | {"addressed_to": ["usa"], "scale": scale})
    for party, value, furthest in (("prk", 11, 4), ("usa", 0, 6)):
        said = {"party": party, "demand": "suspended", "date": "2019-11", "stance": "accept"}
        client.create(f"{HERE}/positions", said | {"value": value, "reservation_value": furthest})
    return client


def ask(client: Client, address: str, **more: str) -> Any:
    """Ask in one more way; the answer must be one."""
    query = "".join(f"&{name}={value}" for name, value in more.items())
    answer = client.get(address + query if "?" in address else address + query.replace("&", "?", 1))
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_answer_is_what_the_contract_says(example: Client, name: str) -> None:
    document = example.get("/openapi.json").get_json()
    (operation,) = (
        operation
        for path in document["paths"].values()
        for operation in path.values()
        if operation["operationId"] == name
    )
    content = operation["responses"]["200"]["content"]
    schema = content["application/json"]["schema"] | {"components": document["components"]}
    jsonschema.Draft202012Validator(schema).validate(ask(example, QUESTIONS[name]).get_json())
    assert set(content) == {FORMATS[f] for f in ("json", "text", "markdown", "csv")} | (
        {FORMATS["svg"]} if name in DRAWN else set()
    )


@pytest.mark.parametrize("form", ["text", "markdown", "csv", "svg"])
@pytest.mark.parametrize("name", QUESTIONS)
def test_each_representation_is_to_be_had_by_format_and_by_accept(
    example: Client, name: str, form: str
) -> None:
    media = FORMATS[form]
    if form == "svg" and name not in DRAWN:
        assert example.get(QUESTIONS[name], headers={"Accept": media}).status_code == 406
        return
    by_format = ask(example, QUESTIONS[name], format=form)
    by_accept = example.get(QUESTIONS[name], headers={"Accept": media})
    assert by_format.data == by_accept.data
    assert by_format.mimetype == media
    assert by_format.headers["Vary"] == "Accept, Authorization"
    assert by_format.text.endswith("\n")
    assert by_format.headers["ETag"] != ask(example, QUESTIONS[name]).headers["ETag"]


@pytest.mark.parametrize("name", QUESTIONS)
def test_text_keeps_to_its_width(example: Client, name: str) -> None:
    for width in (40, 80, 120):
        text = ask(example, QUESTIONS[name], format="text", width=str(width)).text
        assert max(cell_len(line) for line in text.splitlines()) <= width


@pytest.mark.parametrize("name", QUESTIONS)
def test_csv_has_a_header_and_as_many_cells_a_row(example: Client, name: str) -> None:
    text = ask(example, QUESTIONS[name], format="csv").text
    header, *rows = csv.reader(io.StringIO(text))
    assert len(set(header)) == len(header)
    assert rows
    assert {len(row) for row in rows} == {len(header)}


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_a_picture_is_svg_with_a_title_and_a_description(example: Client, name: str) -> None:
    root = ET.fromstring(ask(example, QUESTIONS[name], format="svg").data)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert [child.tag.rpartition("}")[2] for child in root][:2] == ["title", "desc"]
    assert all(child.text for child in list(root)[:2])


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_unchanged_answer_is_not_computed_again(
    example: Client, name: str, queries: Callable[[], list[str]]
) -> None:
    tag = ask(example, QUESTIONS[name]).headers["ETag"]
    ran = len(queries())
    answer = example.get(QUESTIONS[name], headers={"If-None-Match": tag})
    assert (answer.status_code, answer.data) == (304, b"")
    assert not any("position" in statement.lower() for statement in queries()[ran:])


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_write_makes_another_answer_with_another_etag(example: Client, name: str) -> None:
    tag = ask(example, QUESTIONS[name]).headers["ETag"]
    changed = {"party": "usa", "demand": "peace-treaty", "date": "2019-10-30", "stance": "accept"}
    if name == "party_positions":
        changed["party"] = "prk"
    example.create(f"{HERE}/positions", changed)
    answer = example.get(QUESTIONS[name], headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.headers["ETag"] != tag


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_number_of_queries_does_not_grow_with_the_record(
    example: Client, name: str, queries: Callable[[], list[str]]
) -> None:
    def count() -> int:
        start = len(queries())
        ask(example, QUESTIONS[name], width="70")
        return len(queries()) - start

    before = count()
    for number in range(5):
        slug = f"new-{number}"
        new = {"slug": slug, "title": "New", "issue": "sanctions-relief", "addressed_to": ["usa"]}
        example.create(f"{HERE}/demands", new)
        said = {"party": "prk", "demand": slug, "date": "2019-10", "stance": "conditional"}
        waits = {"conditions": [{"kind": "reciprocal", "demands": ["cvid"]}]}
        cites = {"citations": [{"source": "wsws-2019-10-10"}]}
        example.create(f"{HERE}/positions", said | waits | cites)
    assert count() == before


@pytest.mark.parametrize("name", QUESTIONS)
def test_what_is_mistyped_is_told_what_is_right(example: Client, name: str) -> None:
    address = QUESTIONS[name]
    wrong = example.get(f"{address}{'&' if '?' in address else '?'}widht=70")
    assert wrong.status_code == 400
    assert "did you mean 'width'?" in wrong.get_json()["detail"]
    gone = example.get(address.replace("us-dprk", "us-dkrp").replace("/prk/", "/pkr/"))
    assert gone.status_code == 404
    assert "did you mean" in gone.get_json()["detail"]


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_takes_no_other_method(example: Client, name: str) -> None:
    answer = example.post(QUESTIONS[name], {})
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("query", "advice"),
    [
        ("agreement?on=2019&period=2019", "either on or period"),
        ("agreement?period=2019/2018", "ends before it begins"),
        ("agreement?period=soon", "is no period: write 2019"),
        ("agreement?measure=kapa", "did you mean 'kappa'?"),
        ("agreement?parties=usa,usa", "stands here twice"),
        ("agreement?parties=", "with commas"),
        ("convergence?parties=usa", "Name 2 or more"),
        ("matrix?issue=%FF", "issue"),
        ("roadmap?assume=cvid", "cvid"),
        ("roadmap?assume=cvid:usa:accept", "prk"),
        ("roadmap?assume=cvid:prk:reject", "accept"),
        ("roadmap?on=2019-10-31&assume=cvid:prk:reciprocal", "precondition"),
        ("timeline?kind=meetings", "did you mean 'meeting'?"),
        ("timeline?party=usa,prk", "Name one party, not several."),
        ("matrix?demand=cvid,nope", "Name one demand, not several."),
        ("history?since=2026-11-29", "Give a revision, a whole number"),
        ("history?since=3&until=2", "2 is before since 3"),
        ("demands/cvid/history?since=3&until=2", "2 is before since 3"),
    ],
)
def test_a_parameter_that_is_wrong_is_told_what_it_takes(
    example: Client, query: str, advice: str
) -> None:
    answer = example.get(f"{HERE}/{query}")
    assert answer.status_code == 400, answer.text
    assert advice in answer.get_json()["detail"]
    assert answer.get_json()["errors"][0]["parameter"] in query


@pytest.mark.parametrize(
    ("query", "advice"),
    [
        ("agreement?parties=usa,pkr", "did you mean 'prk'"),
        ("agreement?issue=sanction-relief", "did you mean 'sanctions-relief'?"),
        ("roadmap?assume=civd:prk:accept", "did you mean 'cvid'?"),
        ("roadmap?assume=cvid:pkr:accept", "did you mean 'prk'"),
        ("timeline?party=uas", "did you mean 'usa'"),
        ("matrix?demand=zzz", "; there is "),
    ],
)
def test_a_parameter_that_names_nothing_is_told_what_there_is(
    example: Client, query: str, advice: str
) -> None:
    answer = example.get(f"{HERE}/{query}")
    assert answer.status_code == 400
    (error,) = answer.get_json()["errors"]
    assert error["parameter"] in query
    assert advice in error["detail"]
    assert not error["detail"].endswith("....")


def test_an_address_that_names_nothing_is_told_what_there_is(example: Client) -> None:
    answer = example.get(f"{HERE}/meetings/stokholm/accounts/compare")
    assert answer.status_code == 404
    assert "did you mean 'stockholm'?" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("matrix?issue=nope", 400),
        ("compare/nope...prk", 404),
        ("roadmap?assume=cvid:usa:accept", 400),
        ("timeline?party=nope", 400),
    ],
)
def test_what_has_no_answer_is_never_unchanged(example: Client, question: str, status: int) -> None:
    answer = example.get(f"{HERE}/{question}", headers={"If-None-Match": "*"})
    assert answer.status_code == status


def test_an_issue_that_is_gone_is_gone_for_who_has_the_old_answer_too(example: Client) -> None:
    example.create("/v1/issues", {"slug": "spare", "title": "Spare"})
    address = f"{HERE}/matrix?issue=spare"
    tag = ask(example, address).headers["ETag"]
    example.delete("/v1/issues/spare", "*")
    assert example.get(address, headers={"If-None-Match": tag}).status_code == 400


def test_a_party_made_anew_under_its_old_slug_has_another_answer(client: Client) -> None:
    tags = []
    for name in ("One", "Another"):
        client.create("/v1/parties", {"slug": "lone", "name": name, "kind": "state"})
        tags.append(client.get("/v1/parties/lone/positions?on=2019").headers["ETag"])
        client.delete("/v1/parties/lone", "*")
    assert tags[0] != tags[1]


def test_a_party_stands_in_any_number_of_negotiations_for_as_many_queries(
    example: Client, queries: Callable[[], list[str]]
) -> None:
    def standing() -> tuple[int, list[str]]:
        start = len(queries())
        shown = ask(example, "/v1/parties/usa/positions?on=2019-12").get_json()["negotiations"]
        return len(queries()) - start, [one["negotiation"] for one in shown if one["positions"]]

    before, _ = standing()
    for slug in ("a-talks", "b-talks", "z-talks"):
        talks = f"/v1/negotiations/{slug}"
        example.create("/v1/negotiations", {"slug": slug, "title": slug})
        example.create(f"{talks}/participants", {"party": "usa", "role": "observer"})
        asked = {"slug": "cvid", "title": slug, "issue": "denuclearisation"}
        example.create(f"{talks}/demands", asked)
        said = {"party": "usa", "demand": "cvid", "date": "2019", "stance": "reserve"}
        example.create(f"{talks}/positions", said)
    assert standing() == (before, ["a-talks", "b-talks", "us-dprk", "z-talks"])


def test_talks_without_parties_have_answers(client: Client) -> None:
    client.create("/v1/negotiations", {"slug": "empty", "title": "Empty"})
    for question in ("matrix", "agreement", "convergence", "compromise", "timeline", "roadmap"):
        for form in ("json", "text", "markdown", "csv"):
            ask(client, f"/v1/negotiations/empty/{question}", format=form)


def test_a_comparison_across_negotiations_names_them_and_can_be_narrowed(example: Client) -> None:
    address = "/v1/compare/us-dprk:usa@2018...us-dprk:prk@2019"
    text = ask(example, address, format="text").text
    assert text.startswith("--- us-dprk:usa  2018-12-31  United States\n+++ us-dprk:prk")
    narrow = ask(example, address, demand="cvid").get_json()
    assert [d["demand"]["slug"] for i in narrow["issues"] for d in i["demands"]] == ["cvid"]
    assert example.get(f"{address}?demand=cvd").status_code == 400
    assert narrow["revisions"].keys() == {"us-dprk"}
